"""The timeline by keyboard: a cursor that walks over segments and is told to screen readers, zoom, range, menu."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.player.keys import FOCUSED
from app.theme import DARK

KEYS = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def focused(plot, qtbot):
    plot.activateWindow()
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(plot.hasFocus)
    return plot


def test_tab_reaches_it_and_the_ring_shows(focused):
    image = focused.grab().toImage()
    assert image.pixelColor(1, 100).name() == DARK.accent.lower()
    focused.clearFocus()
    assert focused.grab().toImage().pixelColor(1, 100).name() != DARK.accent.lower()


@pytest.fixture
def elsewhere(plot, qtbot):
    """A window in which another part has the keyboard."""
    window = QWidget()
    qtbot.addWidget(window)
    box = QLineEdit(window)
    plot.setParent(window)
    plot.show()
    window.resize(plot.size())
    window.show()
    window.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    yield box
    plot.setParent(None)


def test_a_click_leaves_the_keys_where_they_are(plot, elsewhere):
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.rect().center())
    assert elsewhere.hasFocus()


def test_escape_undoes_a_selection_by_mouse_though_the_keys_are_elsewhere(plot, elsewhere):
    chosen = []
    plot.range_changed.connect(chosen.append)
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, SHIFT, QPoint(400, 100))
    QTest.mouseMove(plot, QPoint(500, 100))
    assert plot.content.range is not None
    QTest.keyClick(elsewhere, KEYS.Key_Escape)
    assert plot.content.range is None
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, SHIFT, QPoint(500, 100))
    QTest.keyClicks(elsewhere, "typed")
    assert (elsewhere.text(), chosen) == ("typed", [])


def test_arrows_walk_over_segments_and_are_described(focused):
    seen, sought = [], []
    focused.hovered.connect(lambda target, _: seen.append(target))
    focused.seek_wanted.connect(sought.append)
    focused.set_seconds(30.5)
    QTest.keyClick(focused, KEYS.Key_Right)
    assert focused.accessibleDescription() == (
        "Segment 16 of 50, 0:30.0 – 0:32.0, 8 tokens, relevance 0.50, citation 1, chapter Middle"
    )
    QTest.keyClick(focused, KEYS.Key_Right)
    assert focused.accessibleDescription().startswith("Segment 17 of 50, 0:32.0 – 0:34.0, 1 token,")
    assert seen[-1].seconds == focused.cursor_seconds == 32.0
    assert sought == []
    QTest.keyClick(focused, KEYS.Key_Return)
    assert sought == [32.0]
    QTest.keyClick(focused, KEYS.Key_Left)
    QTest.keyClick(focused, KEYS.Key_End)
    assert focused.cursor_seconds == 100.0
    QTest.keyClick(focused, KEYS.Key_Home)
    assert focused.cursor_seconds == 0.0
    QTest.keyClick(focused, KEYS.Key_Left)
    assert focused.cursor_seconds == 0.0


def test_shift_and_arrows_select_whole_segments(focused):
    chosen = []
    focused.range_changed.connect(chosen.append)
    focused.set_seconds(30.5)
    QTest.keyClick(focused, KEYS.Key_Right)
    for _ in range(2):
        QTest.keyClick(focused, KEYS.Key_Right, SHIFT)
    assert chosen[-1] == (30.0, 36.0)
    QTest.keyClick(focused, KEYS.Key_Left, SHIFT)
    assert chosen[-1] == (30.0, 34.0)
    QTest.keyClick(focused, KEYS.Key_Escape)
    assert chosen[-1] is None


def test_plus_minus_zoom_about_the_cursor_and_control_pans(focused):
    QTest.keyClick(focused, KEYS.Key_End)
    QTest.keyClick(focused, KEYS.Key_Plus)
    QTest.keyClick(focused, KEYS.Key_Plus)
    assert focused.scale_now.end == 100.0
    assert focused.scale_now.zoomed
    start = focused.scale_now.start
    QTest.keyClick(focused, KEYS.Key_Left, CONTROL)
    assert focused.scale_now.start < start
    QTest.keyClick(focused, KEYS.Key_Home)
    assert focused.scale_now.shows(0.0)
    QTest.keyClick(focused, KEYS.Key_Minus)
    QTest.keyClick(focused, KEYS.Key_0, CONTROL)
    assert not focused.scale_now.zoomed


@pytest.mark.parametrize("key", [KEYS.Key_Space, KEYS.Key_Up, KEYS.Key_M, KEYS.Key_0, KEYS.Key_Escape])
def test_other_keys_go_on_to_the_player(focused, key):
    press = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    focused.keyPressEvent(press)
    assert not press.isAccepted()


def test_the_menu_key_opens_the_menu_at_the_cursor(focused):
    wanted = []
    focused.menu_wanted.connect(lambda target, place: wanted.append(target.seconds))
    QTest.keyClick(focused, KEYS.Key_Home)
    reason = QContextMenuEvent.Reason.Keyboard
    focused.contextMenuEvent(QContextMenuEvent(reason, focused.rect().center(), focused.mapToGlobal(focused.pos())))
    assert wanted == [0.0]


def test_focus_alone_summarises(focused):
    assert "50 of 50 segments scored" in focused.accessibleDescription()
    assert "Most tokens: 8 at 0:14.0" in focused.accessibleDescription()


def test_the_list_of_keys_names_what_the_timeline_does(focused):
    """Every key listed for it changes something: the cursor, the view, the range or the player."""
    said = []
    for name in ("seek_wanted", "range_changed", "hovered", "zoom_changed"):
        getattr(focused, name).connect(lambda *_, name=name: said.append(name))
    for row in FOCUSED[0].rows:
        for _, key in row.keys:
            focused.zoom(1.5)
            said.clear()
            combination = QKeySequence(key)[0]
            QTest.keyClick(focused, combination.key(), combination.keyboardModifiers())
            assert said, f"{key} does nothing"
