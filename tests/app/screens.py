"""Pictures of the window in its states, for looking at and for docs/screens/.

    xvfb-run -s "-screen 0 1920x1080x24" python tests/app/screens.py OUT --size 1920x1080 [--scale 2] [--real]

Without --real the scripted session answers; with it, the engine and the bundled model. The errors are always scripted:
a film is short of memory, and a file is no film. The window fills a screen of that size. This file is no test.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1]), str(HERE.parent)]

from PySide6.QtCore import QPoint, QSettings, Qt  # noqa: E402
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from sample_film import WHEN  # noqa: E402
from scripted import ScriptedSession  # noqa: E402

from app.application import make_application, make_window  # noqa: E402
from app.knowledge import SAMPLE  # noqa: E402
from app.main_window import MainWindow  # noqa: E402
from app.worker import real_session  # noqa: E402
from engine.errors import OutOfMemoryError  # noqa: E402


class Photographer:
    """Brings a window into a state and takes its picture."""

    def __init__(self, out: Path, film: Path, make_session: Callable[[], object], question: str) -> None:
        self.out, self.film, self.make_session, self.question = out, film, make_session, question

    def window(self, theme: str, size: tuple[int, int]) -> MainWindow:
        for kept in ("TEMPO_DESK_CACHE", "TEMPO_DESK_DATA"):  # nothing of the window before, nothing of one's own
            os.environ[kept] = tempfile.mkdtemp()
        os.environ["TEMPO_DESK_MODELS"] = "models"
        settings = QSettings(str(Path(tempfile.mkdtemp()) / "window.ini"), QSettings.Format.IniFormat)
        settings.setValue("theme", theme)
        window = make_window(self.make_session, settings=settings)
        window.resize(*size)
        window.show()
        wait(0.4)
        return window

    def shoot(self, window: MainWindow, name: str) -> None:
        wait(0.3)
        self.save(window.grab(), name)

    def save(self, picture: QPixmap, name: str) -> None:
        """WebP: a quarter of a PNG, and the eye sees no difference."""
        picture.save(str(self.out / f"{name}.webp"), "WEBP", 92)

    def all(self, theme: str, size: tuple[int, int], tag: str) -> None:
        window = self.window(theme, size)
        self.shoot(window, f"empty-{tag}")
        window.open_film(self.film)
        until(lambda: window.player.playback.loaded and window.windowTitle() != "Tempo Desk")
        window.ask(self.question)
        until(lambda: len(window.timeline.heatmap.scores) > 0.4 * max(len(window.timeline.heatmap.segments), 2), 120)
        self.shoot(window, f"analysing-{tag}")
        until(lambda: not window._bridge.busy, 300)
        if window.timeline.heatmap.pins:
            window.player.seek(window.timeline.heatmap.pins[0].seconds)
        wait(1.0)
        self.hover(window)
        self.shoot(window, f"answered-{tag}")
        window.docks["moments"].raise_()
        QTest.mouseMove(window.moments)
        self.shoot(window, f"moments-{tag}")
        self.models(window, tag)
        window.settings.show()
        wait(0.5)
        self.save(window.settings.pane.grab(), f"settings-{tag}")
        window.settings.pane.close()
        window.close()
        window.deleteLater()
        wait(0.1)

    def models(self, window: MainWindow, tag: str) -> None:
        window.models.show()
        pane = window.models.pane
        until(lambda: pane.cards["nano"].fit_known, 60)
        pane.cards["tempo-6b"].set_downloading(True)
        pane.cards["tempo-6b"].show_progress(3_400_000_000, 12_060_000_000, 760)
        wait(0.3)
        self.save(pane.grab(), f"models-{tag}")
        pane.close()

    def hover(self, window: MainWindow) -> None:
        plot = window.timeline.plot
        where = QPoint(int(plot.scale_now.to_pixel(plot.scale_now.duration * 0.62)), int(plot.lanes_now.bars.middle))
        QTest.mouseMove(plot, where)
        wait(1.0)

    def failed(self, theme: str, size: tuple[int, int], tag: str) -> None:
        self.make_session = lambda: ScriptedSession(
            fail_with=OutOfMemoryError(
                "The device ran out of memory.", advice="Lower the budget or sample fewer frames."
            )
        )
        window = self.window(theme, size)
        window.open_film(self.film)
        until(lambda: window.player.playback.loaded)
        window.ask(self.question)
        until(lambda: not window._bridge.busy)
        window.open_film(HERE)
        until(lambda: not window._bridge.busy)
        self.shoot(window, f"error-{tag}")
        window.close()


def wait(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit("the window did not come into the state wished for")
        wait(0.02)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--film", type=Path, default=SAMPLE)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--question", default=WHEN)
    parser.add_argument("--size", default="1600x1000", help="of the screen, in its own pixels")
    parser.add_argument("--scale", type=float, default=1.0)
    wishes = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(wishes.scale)
    wishes.out.mkdir(parents=True, exist_ok=True)
    application = make_application()
    application.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, False)
    width, height = (round(int(side) / wishes.scale) for side in wishes.size.split("x"))
    for theme in ("dark", "light"):
        make = real_session if wishes.real else lambda: ScriptedSession(delay=0.08, token_delay=0.04)
        photographer = Photographer(wishes.out, wishes.film, make, wishes.question)
        photographer.all(theme, (width, height), f"{theme}-{wishes.size}")
        photographer.failed(theme, (width, height), f"{theme}-{wishes.size}")


if __name__ == "__main__":
    main()
