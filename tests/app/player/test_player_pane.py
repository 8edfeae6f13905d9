"""The player in a real window, driven by its keys, buttons and menus, on a film that has everything."""

from pathlib import Path

import pytest
from films import make_film
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from rich_films import Words, make_rich_film

LONG = 6_000
LINES = [(1.0, 2.0, "Hello {\\i1}you{\\i0}", "Default"), (4.0, 5.0, "again", "Default")]


@pytest.fixture(scope="session")
def rich(tmp_path_factory) -> Path:
    """Ten seconds, ten pictures each; three chapters, two sound tracks, two subtitle tracks, the first one meant."""
    return make_rich_film(
        tmp_path_factory.mktemp("rich") / "rich.mkv",
        chapters=[(0, 3, "Opening"), (3, 7, ""), (7, 10, "A & B")],
        sounds=[("eng", ""), ("deu", "Kommentar")],
        subtitles=[
            Words(LINES, "eng", default=True),
            Words([(1.0, 2.0, "Bonjour", "Default")], "fra", "Sourds", "ass"),
        ],
    )


@pytest.fixture
def on_rich(open_window, qtbot, rich):
    def make(**options):
        window = open_window(**options)
        window.open_film(rich)
        player = window.player
        qtbot.waitUntil(lambda: player._screen.has_picture and bool(player.playback.pictures), timeout=LONG)
        qtbot.waitUntil(lambda: len(player.deck.subtitles.choices) == 2, timeout=LONG)
        return window

    return make


def press(window, name):
    combination = QKeySequence(name)[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())


@pytest.fixture
def at(qtbot):
    def wait(window, seconds):
        playback = window.player.playback
        near = pytest.approx(seconds, abs=0.003)
        qtbot.waitUntil(lambda: playback.settled and playback.seconds == near, timeout=LONG)

    return wait


def test_moving_keys(on_rich, at):
    window = on_rich()
    for key, seconds in (
        ("Right", 5.0), ("Shift+Right", 6.0), ("Left", 1.0), ("Shift+Left", 0.0), (".", 0.1), (".", 0.2), (",", 0.1),
        ("Up", 9.9), ("Down", 0.0), ("Shift+PgUp", 9.9), ("Shift+PgDown", 0.0), ("End", 9.9), ("Home", 0.0),
    ):  # fmt: skip
        press(window, key)
        at(window, seconds)


def test_chapter_keys_menu_and_name(on_rich, at):
    window = on_rich(size=(1600, 1000))
    bar = window.player._transport
    for key, seconds, title in (("PgUp", 3.0, "Chapter 2"), ("PgUp", 7.0, "A & B"), ("PgUp", 7.0, "A & B"),
                                ("PgDown", 3.0, "Chapter 2"), ("PgDown", 0.0, "Opening")):  # fmt: skip
        press(window, key)
        at(window, seconds)
        assert bar._title.text() == title
        assert bar._title.isVisible()
    actions = bar.menu_of("chapter").actions()
    assert [action.text().split("\t")[0] for action in actions] == ["Opening", "Chapter 2", "A && B"]
    actions[2].trigger()
    at(window, 7.0)
    assert [action.isChecked() for action in actions] == [False, False, True]


def test_previous_chapter_first_means_the_beginning_of_this_one(on_rich, at):
    window = on_rich()
    window.player.seek(6.5)
    at(window, 6.5)
    press(window, "PgDown")
    at(window, 3.0)


def test_chapters_are_told_to_others(on_rich, open_window, rich, qtbot):
    window = open_window()
    with qtbot.waitSignal(
        window.player.chapters_changed, check_params_cb=lambda chapters: len(chapters) == 3, timeout=LONG
    ) as caught:
        window.open_film(rich)
    assert caught.args[0][2].title == "A & B"


def test_undo_and_redo_of_seeks(on_rich, at):
    window = on_rich()
    window.player.seek(2.0)
    window.player.seek(8.0)
    at(window, 8.0)
    for key, seconds in (("Ctrl+Z", 2.0), ("Shift+Backspace", 0.0), ("Ctrl+Shift+Z", 2.0), ("Ctrl+Y", 8.0)):
        press(window, key)
        at(window, seconds)
    press(window, "Ctrl+Y")
    assert window.player._screen.word == "No seek to redo"


def test_a_drag_is_one_seek_to_undo(on_rich, at):
    window = on_rich()
    window.player.seek(5.0)
    at(window, 5.0)
    for tenth in range(50, 90):
        window.player.scrub(tenth / 10)
    window.player.seek(9.0)
    at(window, 9.0)
    press(window, "Ctrl+Z")
    at(window, 5.0)


@pytest.mark.parametrize("key", ["G", "Ctrl+G"])
def test_a_time_is_typed(on_rich, at, key):
    window = on_rich()
    field = window.player._transport.time
    press(window, key)
    assert field.editing
    line = field.currentWidget()
    QTest.keyClicks(line, "0:04.5")
    QTest.keyClick(line, Qt.Key.Key_Return)
    at(window, 4.5)
    assert not field.editing
    assert window.player.hasFocus()
    assert field._now.text() == "0:04.5"


def test_a_wrong_time_is_told_and_nothing_is_lost(on_rich, at):
    window = on_rich()
    window.player.seek(2.0)
    at(window, 2.0)
    field = window.player._transport.time
    QTest.mouseClick(field._now, Qt.MouseButton.LeftButton)
    line = field.currentWidget()
    QTest.keyClicks(line, "99:99")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert field.editing
    assert line.text() == "99:99"
    assert field.hint == "“99:99” is no time: minutes and seconds go to 59."
    QTest.keyClicks(line, "5")
    assert field.hint == ""
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not field.editing
    at(window, 2.0)


def test_speed_keys_menu_and_label(on_rich):
    window = on_rich()
    deck, bar = window.player.deck, window.player._transport
    for key, speed, text in (("]", 1.25, "1.25×"), ("]", 1.5, "1.5×"), ("[", 1.25, "1.25×"), ("}", 2.5, "2.5×"),
                             ("}", 4.0, "4×"), ("]", 4.0, "4×"), ("Backspace", 1.0, "1.0×"), ("{", 0.5, "0.5×"),
                             ("{", 0.25, "0.25×"), ("{", 0.25, "0.25×"), ("[", 0.25, "0.25×")):  # fmt: skip
        press(window, key)
        assert deck.speed == pytest.approx(speed)
        assert deck.playback.projector.speed == pytest.approx(speed)
        assert bar._buttons["speed"].text() == text
    next(action for action in bar.menu_of("speed").actions() if action.data() == 3.0).trigger()
    assert deck.speed == 3.0


def test_sound_keys_and_wheel(on_rich):
    window = on_rich()
    deck, bar = window.player.deck, window.player._transport
    before = deck.sound.volume
    press(window, "9")
    assert deck.sound.volume == pytest.approx(before - 0.05)
    press(window, "0")
    assert deck.sound.volume == pytest.approx(before)
    press(window, "M")
    assert deck.sound.muted
    assert deck.playback.projector._sound.isMuted()
    press(window, "0")
    assert not deck.sound.muted
    screen = window.player._screen
    middle = QPointF(screen.rect().center())
    wheel(screen, middle, -120)
    assert deck.sound.volume == pytest.approx(before)
    bar._volume.setValue(30)
    assert deck.sound.volume == pytest.approx(0.3)
    wheel(bar._volume, QPointF(bar._volume.rect().center()), 120)
    assert deck.sound.volume > 0.3


def wheel(widget, place, turn):
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_sound_tracks_change_at_the_same_moment(on_rich, at, qtbot):
    window = on_rich()
    bar, projector = window.player._transport, window.player.playback.projector
    window.player.seek(4.0)
    at(window, 4.0)
    press(window, "#")
    qtbot.waitUntil(lambda: projector.sound == 1, timeout=LONG)
    at(window, 4.0)
    assert [action.text() for action in bar.menu_of("sound").actions()] == ["1  English", "2  German, Kommentar"]
    assert [action.isChecked() for action in bar.menu_of("sound").actions()] == [False, True]
    window.player.playback.play()
    press(window, "#")
    qtbot.waitUntil(lambda: window.player.seconds > 4.2, timeout=LONG)
    assert projector.sound == 0
    assert window.player.playback.playing


def words(window):
    return [cue.text for cue in window.player._screen.cues]


def test_subtitles_that_are_meant_are_shown(on_rich, at, qtbot):
    window = on_rich()
    window.player.seek(1.5)
    at(window, 1.5)
    qtbot.waitUntil(lambda: words(window) == ["Hello you"], timeout=LONG)
    window.player.seek(3.0)
    at(window, 3.0)
    assert words(window) == []


def test_subtitle_keys(on_rich, at, qtbot):
    window = on_rich()
    subtitles = window.player.deck.subtitles
    window.player.seek(1.5)
    at(window, 1.5)
    qtbot.waitUntil(lambda: words(window) == ["Hello you"], timeout=LONG)
    press(window, "V")
    assert words(window) == []
    press(window, "V")
    assert words(window) == ["Hello you"]
    press(window, "J")
    qtbot.waitUntil(lambda: words(window) == ["Bonjour"], timeout=LONG)
    assert window.player._screen.word == "Subtitles: French, Sourds"
    press(window, "J")
    assert subtitles.chosen is None
    assert window.player._screen.word == "Subtitles off"
    press(window, "Shift+J")
    assert words(window) == ["Bonjour"]
    for _ in range(6):
        press(window, "X")
    assert words(window) == []  # read from 1.6 on now
    assert window.player._screen.word == "Subtitles +0.6 s"
    for _ in range(12):
        press(window, "Z")
    assert subtitles.delay == pytest.approx(-0.6)
    press(window, "Shift+G")
    assert subtitles.scale == 1.25
    press(window, "Shift+F")
    assert subtitles.scale == 1.0


def test_to_the_next_and_the_previous_line(on_rich, at, qtbot):
    window = on_rich()
    qtbot.waitUntil(lambda: window.player.deck.subtitles.line_beside(0.0, 1) == 1.0, timeout=LONG)
    for key, seconds in (("Ctrl+Right", 1.0), ("Ctrl+Right", 4.0), ("Ctrl+Right", 4.0), ("Ctrl+Left", 1.0)):
        press(window, key)
        at(window, seconds)
    assert words(window) == ["Hello you"]


def menu_texts(menu):
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.isCheckable()]


def test_the_menu_of_subtitles(on_rich, at, qtbot):
    window = on_rich()
    menu = window.player._transport.menu_of("subtitles")
    assert menu_texts(menu) == ["Off", "English", "French, Sourds"]
    window.player.seek(1.5)
    at(window, 1.5)
    next(action for action in menu.actions() if action.text() == "French, Sourds").trigger()
    qtbot.waitUntil(lambda: words(window) == ["Bonjour"], timeout=LONG)
    menu_texts(menu)
    menu.actions()[0].trigger()
    assert words(window) == []


def drop(window, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    )


def test_a_dropped_subtitle_file_is_shown_over_the_open_film(on_rich, at, qtbot, tmp_path):
    window = on_rich()
    window.player.seek(1.5)
    at(window, 1.5)
    path = tmp_path / "чужие.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nПривет, как дела?\n".encode("cp1251"))
    drop(window, path)
    qtbot.waitUntil(lambda: words(window) == ["Привет, как дела?"], timeout=LONG)
    assert window.windowTitle().startswith("rich.mkv")
    assert "Cyrillic" in window.message.text
    menu = window.player._transport.menu_of("subtitles")
    assert menu_texts(menu)[-1] == "чужие.srt"
    other = next(action.menu() for action in menu.actions() if action.text().startswith("Wrong letters"))
    next(action for action in other.actions() if action.text() == "Cyrillic (KOI8-R)").trigger()
    qtbot.waitUntil(lambda: words(window) not in ([], ["Привет, как дела?"]), timeout=LONG)


def test_a_film_dropped_with_its_subtitles(open_window, qtbot, tmp_path, film):
    window = open_window()
    path = tmp_path / "somewhere else.vtt"
    path.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nboth\n")
    drop(window, path, film)
    qtbot.waitUntil(lambda: words(window) == ["both"], timeout=LONG)


def test_subtitles_without_a_film(open_window, tmp_path):
    window = open_window()
    path = tmp_path / "alone.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nx\n")
    drop(window, path)
    assert window.message.text == "Open a film first, then its subtitles."


def test_a_file_beside_the_film_is_shown_before_what_is_inside(open_window, qtbot, tmp_path):
    film = make_rich_film(tmp_path / "f.mkv", frames=30, subtitles=[Words(LINES[:1], default=True)])
    (tmp_path / "f.en.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nbeside\n")
    window = open_window()
    window.open_film(film)
    qtbot.waitUntil(lambda: words(window) == ["beside"], timeout=LONG)
    assert menu_texts(window.player._transport.menu_of("subtitles")) == ["Off", "Track 1", "English, f.en.srt"]


def test_a_bad_subtitle_file_is_one_sentence_and_the_film_stays(on_rich, qtbot, tmp_path):
    window = on_rich()
    path = tmp_path / "bad.srt"
    path.write_text("nothing")
    drop(window, path)
    qtbot.waitUntil(lambda: "bad.srt" in window.message.text, timeout=LONG)
    assert menu_texts(window.player._transport.menu_of("subtitles")) == ["Off", "English", "French, Sourds"]
    assert window.windowTitle().startswith("rich.mkv")


def test_another_film_has_its_own_things(on_rich, qtbot, tmp_path):
    window = on_rich()
    player = window.player
    player.seek(1.5)
    qtbot.waitUntil(lambda: words(window) == ["Hello you"], timeout=LONG)
    player.playback.mark_loop()
    window.open_film(make_film(tmp_path / "plain.mp4", size=(160, 96)))
    qtbot.waitUntil(lambda: window.windowTitle().startswith("plain.mp4"), timeout=LONG)
    qtbot.waitUntil(lambda: bool(player.playback.pictures), timeout=LONG)
    assert words(window) == []
    assert player.deck.chapters == ()
    assert player.deck.subtitles.choices == ()
    assert player.playback.limits.now.loop is None
    assert not player._transport._buttons["chapter"].isVisible()
    for key, word in (("V", None), ("PgUp", "This film has no chapters"), ("#", "This film has no sound"),
                      ("Ctrl+Right", "No subtitles are shown"), ("Ctrl+Z", "No seek to undo")):  # fmt: skip
        press(window, key)
        assert word is None or player._screen.word == word
    assert "no subtitles" in window.message.text


def test_the_loop_key_and_button(on_rich, at, qtbot):
    window = on_rich()
    player, told = window.player, []
    player.loop_changed.connect(told.append)
    player.seek(2.0)
    at(window, 2.0)
    press(window, "L")
    player.seek(2.4)
    at(window, 2.4)
    QTest.mouseClick(player._transport._buttons["loop"], Qt.MouseButton.LeftButton)
    assert told == [(2.0, None), (2.0, pytest.approx(2.5))]
    assert player._transport._buttons["loop"].accessibleDescription() == "The loop is on"
    press(window, "Space")
    qtbot.waitUntil(lambda: player.seconds == pytest.approx(2.4, abs=0.01), timeout=LONG)
    qtbot.waitUntil(lambda: player.seconds == pytest.approx(2.0, abs=0.01), timeout=LONG)
    press(window, "Space")
    press(window, "L")
    assert told[-1] is None


def test_only_a_span_is_played(on_rich, qtbot):
    window = on_rich()
    told = []
    window.player.span_changed.connect(told.append)
    window.player.play_span(3.0, 3.5)
    qtbot.waitUntil(lambda: told == [(3.0, 3.5), None] and window.player.playback.settled, timeout=LONG)
    assert window.player.seconds == pytest.approx(3.4, abs=0.003)
    assert not window.player.playback.playing


def test_frame_numbers(on_rich, at):
    window = on_rich(size=(1600, 1000))
    window.player.seek(4.2)
    at(window, 4.2)
    assert window.player._transport._frame.text() == "#42"
    window.player.deck.go_to("#77")
    at(window, 7.7)


def menu_of_the_film(window, qtbot):
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication, QMenu

    screen = window.player._screen
    middle = screen.rect().center()
    QApplication.sendEvent(
        screen, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, screen.mapToGlobal(middle))
    )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu, {action.text().split("\t")[0]: action for action in menu.actions()}


def test_the_menu_over_the_film(on_rich, at, qtbot):
    window = on_rich()
    window.player.seek(2.0)
    at(window, 2.0)
    menu, actions = menu_of_the_film(window, qtbot)
    assert list(actions) == [
        "Play", "Go to a time…", "Back to before the last seek", "", "Begin a loop here", "Chapters", "Subtitles",
        "Sound track", "Speed", "Save this picture", "Copy the time, 0:02.0", "Full screen",
    ]  # fmt: skip
    actions["Copy the time, 0:02.0"].trigger()
    from PySide6.QtWidgets import QApplication

    assert QApplication.clipboard().text() == "0:02.0"
    actions["Begin a loop here"].trigger()
    menu.close()
    menu, actions = menu_of_the_film(window, qtbot)
    assert "End the loop here" in actions
    speeds = actions["Speed"].menu()
    next(action for action in speeds.actions() if action.data() == 2.0).trigger()
    assert window.player.deck.speed == 2.0
    actions["Play"].trigger()
    assert window.player.playback.playing
    menu.close()


def test_who_hears_nothing_is_told_why(on_rich, monkeypatch):
    from PySide6.QtMultimedia import QMediaDevices

    window = on_rich()
    monkeypatch.setattr(QMediaDevices, "audioOutputs", staticmethod(list))
    press(window, "Space")
    assert window.player._screen.word == "This computer has no sound output"
    window.player._screen.say("")
    press(window, "Space")
    press(window, "Space")
    assert window.player._screen.word == ""


def test_without_a_film_no_key_does_harm(open_window, qtbot):
    window = open_window()
    player, moved = window.player, []
    player.moved.connect(moved.append)
    keys = ("Space", "Right", "Left", "Up", ".", ",", "L", "L", "L", "End", "Home", "PgUp", "Ctrl+Right", "Ctrl+Z",
            "G", "V", "J", "#", "M", "0", "]", "Backspace", "Shift+PgUp", "N", "Return")  # fmt: skip
    for key in keys:
        press(window, key)
    qtbot.wait(100)
    assert moved == []
    assert not player.playback.playing
    assert player._transport.time._now.text() == "–:–"
    assert player.playback.limits.now.loop is None
