"""How long the list of moments takes: to show 1,000 rows, to paint a screen of them, to follow the threshold.

    QT_QPA_PLATFORM=offscreen python tests/app/moments/speed.py

Milliseconds on the GUI thread. This file is no test.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3]), str(HERE.parent)]

from heatmaps import heatmap  # noqa: E402
from PySide6.QtCore import QSettings, Qt  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.application import make_application  # noqa: E402
from app.moments.pane import MomentsPane  # noqa: E402
from app.theme import Theme  # noqa: E402


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def told(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    sys.stdout.write(f"{name:44}{median(ordered):8.1f} median{late:8.1f} 95th percentile{ordered[-1]:8.1f} most\n")


def main() -> None:
    make_application()
    theme = Theme("dark")
    theme.apply()
    settings = QSettings(str(Path(tempfile.mkdtemp()) / "window.ini"), QSettings.Format.IniFormat)
    pane = MomentsPane(settings, theme.palette)
    picture = QImage(416, 234, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.darkCyan)
    pane.thumbnail_wanted.connect(lambda seconds: pane.set_thumbnail(seconds, picture))
    pane.resize(544, 800)
    pane.show()
    alternating = heatmap([0.9 if at % 2 else 0.0 for at in range(2000)])
    told("1,000 moments shown for the first time", [timed(lambda: pane.show_heatmap(alternating))])
    bar, painted = pane.view.verticalScrollBar(), []
    for step in range(200):
        bar.setValue(step * bar.maximum() // 200)
        until = time.perf_counter() + (0.12 if step % 10 == 0 else 0)
        while time.perf_counter() < until:
            QApplication.processEvents()
        painted.append(timed(pane.view.viewport().repaint))
    told("one painting while scrolling", painted)
    draw = random.Random(1)
    full = heatmap([draw.random() for _ in range(1000)])
    pane.show_heatmap(full)
    thresholds = [*range(1, 99, 2), *range(98, 1, -2)]
    told(
        "threshold moved, 1,000 segments", [timed(lambda at=at: pane.controls.slider.setValue(at)) for at in thresholds]
    )


if __name__ == "__main__":
    main()
