"""A moment or a loop saved as a film of its own, from the menus where people look for it."""

import pytest
from films import make_film, picture_number
from PySide6.QtWidgets import QFileDialog

from app.player.clips import told
from app.player.film_menu import film_menu
from engine.cancel import CancelToken
from engine.ingest.clip import Clip
from engine.ingest.frames import read_frame_at
from engine.ingest.video import open_video

LONG = 20_000


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What the file dialog was asked; it answers `clip.mp4`."""
    heard = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *said: (heard.append(said[2:4]), (str(tmp_path / "clip.mp4"), ""))[1]
    )
    return heard


def says(window, qtbot, text):
    qtbot.waitUntil(lambda: window.message.text.startswith(text), timeout=LONG)


def first_number(path):
    return picture_number(read_frame_at(open_video(path), 0.0, cancel=CancelToken()).picture)


def entries(window):
    return {action.text().split("\t")[0]: action for action in film_menu(window.player).actions()}


def test_a_loop_is_saved_from_the_films_menu(on_film, qtbot, asked, tmp_path, film):
    window = on_film()
    qtbot.waitUntil(lambda: bool(window.player.playback.pictures), timeout=LONG)
    assert "Save the loop as a clip…" not in entries(window)
    window.player.set_loop(3.0, None)
    assert "Save the loop as a clip…" not in entries(window)
    window.player.set_loop(3.0, 5.0)
    entries(window)["Save the loop as a clip…"].trigger()
    says(window, qtbot, "Saved clip.mp4.")
    assert window.message.text == "Saved clip.mp4.", "an MP4 begins where it was asked to"
    ((proposed, filters),) = asked
    assert proposed.endswith(f"{film.stem} 0-03.0 – 0-05.0.mp4")
    assert filters == "Like the film (*.mp4);;Matroska (*.mkv)"
    assert first_number(tmp_path / "clip.mp4") == open_video(film).frame_at(3.0)
    assert open_video(tmp_path / "clip.mp4").info.duration_seconds == pytest.approx(2.0, abs=0.11)


def test_where_it_begins_early_and_what_it_lacks_is_told():
    assert told(Clip(2.98, 5.0, 0), 3.0) == ""
    assert told(Clip(1.4, 5.0, 0), 3.0).startswith(" It begins 1.6 s early, ")
    assert told(Clip(3.0, 5.0, 1), 3.0) == " 1 sound track of an unknown kind is left out."
    assert told(Clip(3.0, 5.0, 2), 3.0) == " 2 sound tracks of an unknown kind are left out."


def test_a_moment_of_the_list_is_saved(on_film, qtbot, asked, tmp_path):
    window = on_film()
    window.moments.clip_wanted.emit(2.0, 4.0)
    says(window, qtbot, "Saved clip.mp4.")
    assert open_video(tmp_path / "clip.mp4").info.duration_seconds >= 1.9


def test_the_film_itself_is_never_replaced(on_film, qtbot, monkeypatch, film):
    window = on_film()
    before = film.read_bytes()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(film), ""))
    window.player.save_clip(1.0, 2.0)
    assert window.message.text == "A clip cannot replace the film that it is taken from."
    assert film.read_bytes() == before


def test_without_a_film_or_a_place_nothing_is_saved(on_film, open_window, monkeypatch, tmp_path):
    empty = open_window()
    empty.player.save_clip(1.0, 2.0)
    assert empty.message.text == "There is no film to take a clip of."
    window = on_film()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    before = window.message.text
    window.player.save_clip(1.0, 2.0)
    assert window.player.clips.shutdown()
    assert window.message.text == before
    assert list(tmp_path.glob("*.part")) == []


def test_a_film_that_was_replaced_on_disk_is_opened_anew(on_film, qtbot, asked, tmp_path, film):
    window = on_film()
    qtbot.waitUntil(lambda: window.player.clips._film is not None, timeout=LONG)
    kept = film.read_bytes()
    try:
        make_film(film, frames=60, rate=12, gop=7)
        window.player.save_clip(3.0, 4.0)
        says(window, qtbot, "Saved clip.mp4.")
        assert first_number(tmp_path / "clip.mp4") == 36
    finally:
        film.write_bytes(kept)  # other tests watch it too


def test_what_cannot_be_cut_is_one_plain_sentence(on_film, qtbot, asked, tmp_path):
    window = on_film()
    (tmp_path / "clip.mp4").write_bytes(b"mine")
    window.player.clips.set_film(tmp_path / "gone.mp4")
    window.player.save_clip(1.0, 2.0)
    says(window, qtbot, "The clip could not be saved. ")
    assert (tmp_path / "clip.mp4").read_bytes() == b"mine"
