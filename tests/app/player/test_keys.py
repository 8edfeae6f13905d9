"""The table of keys: every key in it reaches its action through a real window, and nothing else does."""

from itertools import chain

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from app.player.keys import GROUPS, action_for, key_name
from app.player.keys_dialog import KeysDialog

NONE, SHIFT, CONTROL, ALT, PAD, GROUP = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.GroupSwitchModifier,
)  # fmt: skip
ROWS = list(chain.from_iterable(group.rows for group in GROUPS))
TABLE = [pair for row in ROWS for pair in (*row.keys, *row.unsaid)]


def press(widget, name):
    """Press a key as it is named in the table."""
    pad = name.startswith("Num+")
    combination = QKeySequence(name.removeprefix("Num+"))[0]
    modifiers = combination.keyboardModifiers() | (PAD if pad else NONE)
    if "Media" in name:  # QTest has no text for these, and says so
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, combination.key(), modifiers))
    else:
        QTest.keyClick(widget, combination.key(), modifiers)


@pytest.fixture
def recorded(on_film):
    """A window whose actions only write down that they were asked for."""
    window = on_film()
    done = []
    for action in {action for action, _ in TABLE}:
        window._actions[action] = lambda action=action: done.append(action)
    return window, done


@pytest.mark.parametrize(("action", "key"), TABLE, ids=[f"{key} {action}" for action, key in TABLE])
def test_every_key_of_the_table_does_what_it_says(recorded, action, key):
    window, done = recorded
    press(window, key)
    assert done == [action]


def test_no_key_means_two_things():
    keys = [key for action, key in TABLE if (action, key) != ("stop", "Esc")]
    assert len(keys) == len(set(keys))


def test_the_window_has_every_action_of_the_table(on_film):
    window = on_film()
    assert {action for action, _ in TABLE} <= set(window._actions)


def event(key, modifiers=NONE, text="", *, repeated=False):
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeated)


@pytest.mark.parametrize(
    ("pressed", "name"),
    [
        (event(Qt.Key.Key_BracketLeft, GROUP, "["), "["),  # AltGr+8 on a German keyboard, X11
        (event(Qt.Key.Key_BracketLeft, CONTROL | ALT, "["), "["),  # the same on Windows
        (event(Qt.Key.Key_Slash, SHIFT, "/"), "/"),  # Shift+7 there
        (event(Qt.Key.Key_9, SHIFT, "9"), "9"),  # on a French keyboard
        (event(Qt.Key.Key_M, NONE, "M"), "M"),  # Caps Lock
        (event(Qt.Key.Key_J, SHIFT, "j"), "Shift+J"),
        (event(Qt.Key.Key_Left, PAD), "Left"),
        (event(Qt.Key.Key_9, PAD, "9"), "9"),
        (event(Qt.Key.Key_Left, ALT), "Alt+Left"),
        (event(Qt.Key.Key_Space, NONE, " "), "Space"),
    ],
)
def test_keyboards_differ(pressed, name):
    assert key_name(pressed) == name


def test_holding_a_key_repeats_steps_and_nothing_that_flips():
    assert action_for(event(Qt.Key.Key_Right, repeated=True)) == "on_5"
    assert action_for(event(Qt.Key.Key_Space, text=" ", repeated=True)) is None
    assert action_for(event(Qt.Key.Key_M, text="m", repeated=True)) is None


def test_other_keys_are_nobodys():
    for pressed in (event(Qt.Key.Key_Q, text="q"), event(Qt.Key.Key_Space, ALT, " "), event(Qt.Key.Key_F5)):
        assert action_for(pressed) is None


@pytest.mark.parametrize("actions", [{action for action, _ in TABLE}, {"toggle", "mute"}], ids=["all", "few"])
def test_the_list_fits_a_small_window_and_shows_what_works(open_window, actions):
    window = open_window(size=(1280, 720))
    dialog = KeysDialog(actions, window)
    dialog.show()
    assert dialog.width() <= 1280 - 32
    assert dialog.height() <= 720 - 64
    inside = dialog.findChild(QScrollArea).widget()
    assert inside.sizeHint().width() <= dialog.width()
    assert inside.sizeHint().height() <= dialog.height()
    texts = {label.text() for label in inside.findChildren(QLabel)}
    for row in ROWS:
        assert (row.meaning in texts) == bool(set(row.actions) & actions)
    dialog.close()
    dialog.deleteLater()


def test_keys_belong_to_what_has_the_focus(on_film, qtbot):
    window = on_film()
    playback, slider = window.player.playback, window.player._transport._volume
    box = window.chat.composer.box
    box.setFocus()
    QTest.keyClicks(box, "a b,.mfl[]09")
    assert box.toPlainText() == "a b,.mfl[]09"
    assert not playback.playing
    slider.setFocus()
    before = slider.value()
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == before - 1
    assert playback.wanted == 0.0
    play = window.player._transport._buttons["play"]
    play.setFocus()
    QTest.keyClick(play, Qt.Key.Key_Space)
    assert playback.playing
    QTest.keyClick(play, Qt.Key.Key_Space)
    assert not playback.playing
    QTest.keyClick(play, Qt.Key.Key_M)  # nothing of a button's
    assert window.player.deck.sound.muted


def test_enter_presses_a_button_that_has_the_focus_and_plays_the_moment_elsewhere(on_film, monkeypatch):
    window = on_film()
    played = []
    monkeypatch.setattr(window.moments, "_why_none", lambda: played.append(1) or "none")
    mute = window.player._transport._buttons["mute"]
    mute.setFocus()
    QTest.keyClick(mute, Qt.Key.Key_Return)
    assert window.player.deck.sound.muted
    assert played == []
    window.player.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert played == [1]
