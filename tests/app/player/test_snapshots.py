"""`S` saves the picture on screen: that very one, upright and whole, where somebody says or where they said last."""

import numpy as np
import pytest
from films import make_film, marked_corner, picture_number
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.player.film_menu import film_menu
from app.player.snapshots import png, unused
from engine.cancel import CancelToken

LONG = 20_000


def pixels(path):
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def says(window, qtbot, text):
    qtbot.waitUntil(lambda: window.message.text == text, timeout=LONG)


def go_to(window, qtbot, seconds):
    playback = window.player.playback
    playback.seek(seconds)
    near = pytest.approx(seconds, abs=0.003)
    qtbot.waitUntil(lambda: playback.settled and playback.seconds == near, timeout=LONG)


def test_the_first_asks_where_and_the_next_go_there_too(on_film, qtbot, tmp_path, monkeypatch):
    window = on_film()
    qtbot.waitUntil(lambda: bool(window.player.playback.pictures), timeout=LONG)
    asked = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *said: (asked.append(said[2]), (str(tmp_path / "mine"), ""))[1]
    )
    go_to(window, qtbot, 3.7)
    window.player.setFocus()
    QTest.keyClick(window, Qt.Key.Key_S)
    says(window, qtbot, f"Saved mine.png in {tmp_path}.")
    assert [path.rsplit("/", 1)[-1] for path in asked] == ["numbered 0-03.700.png"]
    go_to(window, qtbot, 12.0)
    QTest.keyClick(window, Qt.Key.Key_S)
    says(window, qtbot, f"Saved numbered 0-12.000.png in {tmp_path}.")
    entry = next(one for one in film_menu(window.player).actions() if one.text().startswith("Save this picture"))
    assert entry.text().endswith("\tS")
    entry.trigger()
    says(window, qtbot, f"Saved numbered 0-12.000 2.png in {tmp_path}.")
    assert len(asked) == 1
    found = {path.name: picture_number(pixels(path)) for path in tmp_path.glob("*.png")}
    assert found == {"mine.png": 37, "numbered 0-12.000.png": 120, "numbered 0-12.000 2.png": 120}
    assert pixels(tmp_path / "mine.png").shape == (96, 160, 3)


def test_a_film_that_is_open_is_not_opened_again(on_film, qtbot, tmp_path, monkeypatch):
    """For a film of hours that takes seconds."""
    window = on_film()
    qtbot.waitUntil(lambda: bool(window.player.playback.pictures), timeout=LONG)
    monkeypatch.setattr("engine.ingest.video.open_video", lambda *_, **__: pytest.fail("it is opened again"))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.png"), ""))
    QTest.keyClick(window, Qt.Key.Key_S)
    says(window, qtbot, f"Saved a.png in {tmp_path}.")


def test_without_a_film_or_a_place_nothing_is_saved(on_film, open_window, qtbot, tmp_path, monkeypatch):
    empty = open_window()
    QTest.keyClick(empty, Qt.Key.Key_S)
    assert empty.message.text == "There is no picture to save yet: open a film first."
    window = on_film()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    before = window.message.text
    QTest.keyClick(window, Qt.Key.Key_S)
    assert window.player.snapshots.shutdown()
    assert window.message.text == before
    assert list(tmp_path.glob("*.png")) == []


def test_a_film_that_is_gone_is_one_plain_sentence(on_film, qtbot, tmp_path, monkeypatch, film):
    window = on_film()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.png"), ""))
    window.player.snapshots.set_film(tmp_path / "gone.mp4")
    QTest.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.message.text.startswith("The picture could not be saved. "), timeout=LONG)
    assert not window.message._timer.isActive()
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("options", [
    {"rate": 30, "b_frames": 2}, {"times": [0.0, 0.1, 0.15, 0.9, 1.0, 1.7, 1.71, 2.5]}, {"upright_turn": 90},
    {"start": 5.0},
])  # fmt: skip
def test_every_picture_of_a_film_is_reached_by_the_time_a_player_shows(tmp_path, options):
    """Qt counts microseconds, cut off: its time of a picture may lie before the picture's own."""
    from engine.ingest.video import open_video

    frames = len(options.get("times", range(8)))
    film = open_video(make_film(tmp_path / "film.mp4", frames=frames, size=(96, 64), **options))
    for number, seconds in enumerate(film.seconds):
        told = int(seconds * 1e6) / 1e6
        (tmp_path / "a.png").write_bytes(png(film.info.path, film if number else None, told, CancelToken()))
        picture = pixels(tmp_path / "a.png")
        assert picture_number(picture) == number
        assert marked_corner(picture) == "bottom right"


def test_no_file_is_replaced(tmp_path):
    path = tmp_path / "a 0-12.000.png"
    assert unused(path) == path
    for taken in ("a 0-12.000.png", "a 0-12.000 2.png"):
        (tmp_path / taken).touch()
    assert unused(path) == tmp_path / "a 0-12.000 3.png"
