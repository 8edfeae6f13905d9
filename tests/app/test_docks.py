"""Panes in docks: detached, hidden, put back, remembered; keys reach the player from a detached pane."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

LEFT = Qt.MouseButton.LeftButton


def button(dock, words):
    return next(b for b in dock.titleBarWidget().findChildren(QToolButton) if b.accessibleName() == words)


def test_a_detached_pane_is_a_window_and_its_keys_still_play_the_film(on_film, qtbot):
    window = on_film()
    dock = window.docks["timeline"]
    QTest.mouseClick(button(dock, "Detach Timeline"), LEFT)
    assert dock.isFloating()
    QTest.keyClick(dock, Qt.Key.Key_Space)
    assert window.player.playback.playing
    QTest.keyClick(dock, Qt.Key.Key_Space)
    QTest.mouseClick(button(dock, "Put back Timeline"), LEFT)
    assert not dock.isFloating()


def test_a_hidden_pane_comes_back_by_its_key_and_takes_the_keys(open_window, qtbot):
    window = open_window()
    QTest.mouseClick(button(window.docks["chat"], "Hide Ask"), LEFT)
    assert window.chat.isHidden() or not window.docks["chat"].isVisible()
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.docks["chat"].isVisible()
    qtbot.waitUntil(lambda: window.docks["chat"].isAncestorOf(window.focusWidget()))


def test_the_layout_comes_back_at_the_next_start_and_can_be_reset(open_window, settings):
    first = open_window()
    first.docks["chat"].close()
    first.close()
    second = open_window()
    assert second.docks["chat"].isHidden()
    second.reset_layout()
    assert second.docks["chat"].isVisible()


def test_full_screen_shows_the_film_alone_and_puts_everything_back(on_film, qtbot):
    window = on_film()
    window.docks["chat"].close()
    QTest.keyClick(window, Qt.Key.Key_F)
    qtbot.waitUntil(window.isFullScreen)
    assert not window.timeline.isVisible()
    assert not window.top.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.timeline.isVisible()
    assert window.docks["chat"].isHidden(), "what was hidden before stays hidden"


@pytest.mark.parametrize("way", ["key", "menu of the timeline"])
@pytest.mark.parametrize("state", ["moments in front", "hidden", "full screen", "hidden, full screen"])
def test_who_wants_to_ask_sees_what_is_typed(on_film, qtbot, state, way):
    window = on_film()
    box = window.chat.composer.box
    if state.startswith("hidden"):
        window.docks["chat"].close()
    elif state == "moments in front":
        window.reveal("moments")
        qtbot.waitUntil(lambda: window.docks["chat"].hidden_or_behind)
    if "full screen" in state:
        window.toggle_full_screen()
    window.player.setFocus()
    if way == "key":
        QTest.keyClick(window, Qt.Key.Key_Slash)
    else:
        window.timeline.ask_about_wanted.emit(2.0, 6.0)
    qtbot.waitUntil(lambda: not window.docks["chat"].hidden_or_behind and box.hasFocus())
    assert not window.isFullScreen()
    assert window.timeline.isVisible()


def test_f6_walks_through_the_parts_of_the_window(on_film, qtbot):
    window = on_film()
    window.player.setFocus()
    visited, shown = [], [name for name, dock in window.docks.items() if not dock.hidden_or_behind]
    for _ in shown:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        visited += [name for name, dock in window.docks.items() if dock.isAncestorOf(window.focusWidget())]
    assert visited == shown == ["chat", "timeline"]  # the list of moments is behind the chat
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
    assert window.top.isAncestorOf(window.focusWidget())


def test_a_broken_layout_in_the_settings_is_replaced(open_window, settings):
    settings.setValue("docks", b"nonsense")
    settings.setValue("volume", "loud")
    window = open_window()
    assert all(dock.isVisible() for dock in window.docks.values())
    assert window.player.volume == 0.8


def test_a_name_stands_in_the_tab_or_in_the_bar_and_not_in_both(open_window, qtbot):
    window = open_window()
    chat = window.docks["chat"]
    label = next(label for label in chat.titleBarWidget().findChildren(QLabel) if label.text() == "Ask")
    assert not label.isVisible(), "the tab says it"
    QTest.mouseClick(button(chat, "Detach Ask"), LEFT)
    assert label.isVisible()
    QTest.mouseClick(button(chat, "Put back Ask"), LEFT)
    window.docks["moments"].close()
    qtbot.waitUntil(label.isVisible)


def test_a_pane_that_is_raised_does_not_cover_the_card_of_the_timeline(on_film, qtbot):
    window = on_film()
    plot = window.timeline.plot
    QTest.mouseMove(plot, QPoint(plot.width() // 2, int(plot.lanes_now.bars.middle)))
    qtbot.waitUntil(lambda: window.timeline.looking.card is not None and window.timeline.looking.card.isVisible())
    for name in ("moments", "chat", "moments"):
        window.reveal(name)
        above = [child for child in window.children() if isinstance(child, QWidget) and not child.isWindow()]
        assert above[-1] is window.timeline.looking.card
