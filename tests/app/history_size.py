"""What a long history costs: `python tests/app/history_size.py`.

Writes 200 films with 10 questions each (128 segments, 1,024 frames) and one with 200, then measures how long the list
and the conversations take to come, how much of that the GUI thread worked, and how late it served a 10 ms timer.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1])]

from answers import VIDEO, answer  # noqa: E402
from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QSettings, QTimer  # noqa: E402
from PySide6.QtGui import QColor, QImage  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.application import make_application  # noqa: E402
from app.conversation import Exchange, Outcome  # noqa: E402
from app.history import chats, films  # noqa: E402
from app.history.database import open_history  # noqa: E402
from app.history.desk import HistoryDesk  # noqa: E402
from app.history.place import FILE  # noqa: E402
from app.history.recent import RecentFilms  # noqa: E402
from app.history.records import Chat, FilmCard, Kept  # noqa: E402
from app.theme import DARK  # noqa: E402
from app.watchdog import Lateness, Watchdog  # noqa: E402

LONGEST = 50.0  # milliseconds that the GUI thread may be late, or work


def fill(folder: Path, *, count: int, questions: int, most: int) -> None:
    """Write so many films with so many questions each, the last with `most`."""
    connection, _ = open_history(folder)
    connection.execute("BEGIN")
    for number in range(count):
        video = replace(VIDEO, path=folder / f"film {number}.mp4")
        films.note_opened(connection, f"{number}", video, float(number))
        films.keep_picture(connection, f"{number}", picture())
        chat = Chat(f"chat {number}", 1.0, ())
        for turn in range(1, (most if number == count - 1 else questions) + 1):
            asked = f"Question {turn} about film {number}?"
            exchange = Exchange(turn, asked, Outcome.ANSWERED, "Yes.", answer(video=video, question=asked))
            chats.keep_exchange(connection, f"{number}", video, chat, Kept(f"{number} {turn}", exchange), 1.0)
    connection.execute("COMMIT")
    connection.close()


@cache
def picture() -> bytes:
    """A picture with more detail than a film's would have."""
    image = QImage(256, 144, QImage.Format.Format_RGB32)
    for x in range(256):
        for y in range(0, 144, 2):
            image.setPixelColor(x, y, QColor((x * 7) % 256, (y * 11) % 256, (x * y) % 256))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 82)
    return bytes(data.data())


class Stretch(NamedTuple):
    """What was waited for, milliseconds until it came, milliseconds of work on the GUI thread, its lateness."""

    name: str
    all: float
    own: float
    late: Lateness


def measure(folder: Path, *, count: int) -> Iterator[Stretch]:
    """The list, a film with few questions, one with many."""
    os.environ["TEMPO_DESK_DATA"] = str(folder)
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    watchdog, shown, known = Watchdog().start(), [], []
    first = RecentFilms(DARK)  # fonts and icons are loaded with the window, whatever the history holds
    first.show_films([(FilmCard("", Path("a film"), 1.0, 0.0, 1.0, 0), QImage())])
    until(lambda: False, seconds=0.5)
    watchdog.take()
    clock = Clock(watchdog)
    desk, recent = HistoryDesk(settings), RecentFilms(DARK)
    try:
        recent.resize(600, 400)
        desk.recent.changed.connect(recent.show_films)
        desk.recent.changed.connect(shown.append)
        desk.past_known.connect(known.append)
        desk.recent.refresh()
        until(lambda: bool(shown))
        yield clock.stretch(f"list of {len(shown[0])} films")
        for number in (0, count - 1):
            clock = Clock(watchdog)
            connect_to(desk, f"{number}", replace(VIDEO, path=folder / f"film {number}.mp4"))
            until(lambda number=number: len(known) > (number > 0))
            asked = len(known[-1].chat.exchanges)
            yield clock.stretch(f"film with {asked} questions")
    finally:
        watchdog.stop()
        desk.close()
        desk.shutdown()
        for widget in (first, recent):
            widget.close()


class Clock:
    """Begins when it is made."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog, self._begun, self._worked = watchdog, time.perf_counter(), time.thread_time()

    def stretch(self, name: str) -> Stretch:
        """Until now."""
        passed, worked = time.perf_counter() - self._begun, time.thread_time() - self._worked
        return Stretch(name, passed * 1000, worked * 1000, self._watchdog.take())


def connect_to(desk: HistoryDesk, content: str, video: object) -> None:
    """Open a film that is not on the disk: its content is given."""
    desk._video = video
    desk._on_named(video, content, "")


def until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Run a loop as the program's own."""
    end = time.monotonic() + seconds
    loop, look = QEventLoop(), QTimer(interval=1)
    look.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
    look.start()
    loop.exec()


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--most", type=int, default=200)
    options = parser.parse_args()
    application: QApplication = make_application()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, count=options.films, questions=options.questions, most=options.most)
        sys.stdout.write(f"{(folder / FILE).stat().st_size / 1e6:.1f} MB\n")
        worst = 0.0
        for name, passed, worked, late in measure(folder, count=options.films):
            sys.stdout.write(f"{name:26}{passed:6.0f} ms, on the GUI thread {worked:4.0f} ms   late: {late}\n")
            worst = max(worst, late.most)
    application.processEvents()
    sys.exit(worst > LONGEST)


if __name__ == "__main__":
    main()
