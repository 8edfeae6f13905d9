"""The list of recent films, its menus and what is asked, by real mouse and key events."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu

from app.history.asking import Asking
from app.history.menus import ChatsMenu, RecentMenu
from app.history.recent import RecentFilms
from app.history.recent_rows import ROW_HEIGHT
from app.history.records import FilmCard, PastChat
from app.theme import DARK, LIGHT

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
LONG = 10_000  # milliseconds; only a failure waits that long


def films(count=3):
    picture = QImage(192, 108, QImage.Format.Format_RGB32)
    picture.fill(QColor("#cc3311"))
    now = time.time()
    return [
        (FilmCard(f"{n}", Path(f"/films/film & {n}.mp4"), 3723.0, 61.0 * n, now - 86400 * n, n), picture)
        for n in range(count)
    ]


class Heard(list):
    def __init__(self, *signals):
        super().__init__()
        for name, signal in signals:
            signal.connect(lambda *what, name=name: self.append((name, *what)))


@pytest.fixture
def shown(qapp, qtbot):
    """The list on screen, and what it wished for."""
    widget = RecentFilms(DARK)
    qtbot.addWidget(widget)
    widget.resize(500, 300)
    names = ("chosen", "search_wanted", "unlist_wanted", "forget_wanted", "filled")
    heard = Heard(*((name, getattr(widget, name)) for name in names))
    widget.show_films(films())
    qtbot.waitExposed(widget)
    heard.clear()
    return widget, heard


def click(widget, row, *, across=200, button=LEFT):
    at = widget.list.visualRect(widget.rows.index(row)).topLeft() + QPoint(across, ROW_HEIGHT // 2)
    QTest.mouseClick(widget.list.viewport(), button, NONE, at)


def words(menu: QMenu):
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def pick(menu, word):
    next(action for action in menu.actions() if action.text().startswith(word)).trigger()


def test_a_click_opens_and_so_does_enter(shown):
    widget, heard = shown
    card = films()[1][0]
    click(widget, 1)
    assert [(name, what.content) for name, what in heard] == [("chosen", card.content)]
    heard.clear()
    QTest.keyClick(widget.list, Qt.Key.Key_Down)
    QTest.keyClick(widget.list, Qt.Key.Key_Return)
    assert [(name, what.content) for name, what in heard] == [("chosen", "2")]


def test_a_double_click_opens_once(shown):
    widget, heard = shown
    at = widget.list.visualRect(widget.rows.index(0)).center()
    for event in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):  # as a real one arrives
        event(widget.list.viewport(), LEFT, NONE, at)
    assert [name for name, _ in heard] == ["chosen"]


def test_a_click_beside_the_rows_opens_nothing(shown):
    widget, heard = shown
    QTest.mouseClick(widget.list.viewport(), LEFT, NONE, QPoint(50, widget.list.viewport().height() - 2))
    assert heard == []


def test_delete_takes_off_the_list(shown):
    widget, heard = shown
    QTest.keyClick(widget.list, Qt.Key.Key_Delete)
    assert [(name, what.content) for name, what in heard] == [("unlist_wanted", "0")]


@pytest.mark.parametrize(("across", "button"), [(480, LEFT), (200, RIGHT)])
def test_a_row_has_a_menu(shown, qtbot, across, button):
    widget, heard = shown
    click(widget, 2, across=min(across, widget.list.viewport().width() - 8), button=button)
    menu = widget.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible, timeout=LONG)
    assert words(menu) == ["Open", "Find it …", "Remove from this list", "Forget this film and its questions …"]
    pick(menu, "Forget")
    menu.close()
    assert [(name, what.content) for name, what in heard] == [("forget_wanted", "2")]


def test_all_can_be_cleared(shown, qtbot):
    widget, heard = shown
    QTest.mouseClick(widget.clear, LEFT)
    menu = widget.findChild(QMenu)
    pick(menu, "Clear")
    pick(menu, "Delete")
    menu.close()
    assert heard == [("unlist_wanted", None), ("forget_wanted", None)]


def test_a_film_that_is_gone_is_searched_for(shown):
    widget, heard = shown
    card = films()[1][0]
    widget.show_gone(widget.rows.card(1))
    click(widget, 1)
    assert [(name, what.content) for name, what in heard] == [("search_wanted", card.content)]
    assert "Not where it was" in widget.rows.data(widget.rows.index(1), Qt.ItemDataRole.AccessibleTextRole)


def test_an_empty_list_is_not_shown(shown):
    widget, heard = shown
    widget.show_films(())
    assert widget.isHidden()
    assert heard == [("filled", False)]


def test_each_row_says_name_place_length_and_questions_to_a_screen_reader(shown):
    widget, _ = shown
    told = widget.rows.data(widget.rows.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert told.startswith("film & 1.mp4, 1:01 of 1:02:03  ·  1 question  ·  yesterday")


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
def test_picture_and_words_are_painted(shown, palette):
    widget, _ = shown
    widget.apply_palette(palette)
    row = widget.list.visualRect(widget.rows.index(1))
    painted = widget.list.grab().toImage()
    assert painted.pixelColor(row.left() + 40, row.center().y()).red() > 180
    name = [painted.pixelColor(x, row.top() + 25).lightness() for x in range(row.left() + 118, row.left() + 220)]
    assert (max(name) > 200) if palette.dark else (min(name) < 60)


def test_the_menu_of_open_lists_the_films(qapp):
    menu = RecentMenu(has_sample=True)
    heard = Heard(("chosen", menu.chosen), ("open", menu.open_wanted), ("forget", menu.forget_wanted))
    menu.show_films(films(12))
    assert len([word for word in words(menu) if word.startswith("film && ")]) == 10
    pick(menu, "film && 1.mp4")
    pick(menu, "Open a film")
    pick(menu, "Delete")
    assert [name for name, *_ in heard] == ["chosen", "open", "forget"]
    assert heard[0][1].content == "1"
    menu.deleteLater()


def test_the_menu_of_conversations_keeps_earlier_versions_apart(qapp):
    menu = ChatsMenu()
    heard = Heard(("chosen", menu.chosen), ("new", menu.new_wanted))
    now = time.time()
    chats = (
        PastChat("a", now, 3, "When does the & dog appear?", False),
        PastChat("b", now, 1, "Who\nis there, " + "and there, " * 20, False),
        PastChat("c", now, 1, "Before?", True),
    )
    menu.show_chats(chats, current="b")
    told = words(menu)
    assert told[0] == "New conversation"
    assert told[1] == "Conversations about this film"
    assert told[2].startswith("When does the && dog appear? and 2 more")
    assert len(told[3]) < 90
    assert told[4] == "About an earlier version of this file"
    assert [action.text() for action in menu.actions() if action.isChecked()] == [told[3]]
    pick(menu, "Before")
    pick(menu, "New")
    assert heard == [("chosen", chats[2]), ("new",)]
    menu.deleteLater()


@pytest.fixture
def asking(qapp, qtbot, open_desk, own_film):
    screen = open_desk()
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    return screen, Asking(window, screen.desk.recent)


def press(asking, qtbot, word):
    qtbot.waitUntil(lambda: asking.box is not None, timeout=LONG)
    button = next(button for button in asking.box.buttons() if button.text().startswith(word))
    QTest.mouseClick(button, LEFT)


def test_forgetting_is_asked_first(asking, qtbot):
    screen, box = asking
    forgot = Heard(("forgot", screen.desk.recent.forgot))
    card = films()[2][0]
    box.before_forgetting(card)
    assert "film & 2.mp4 and the 2 questions asked about it?" in box.box.text()
    press(box, qtbot, "Cancel")
    assert forgot == []
    box.before_forgetting(card)
    press(box, qtbot, "Forget")
    box.before_forgetting(None)
    press(box, qtbot, "Delete")
    assert forgot == [("forgot", "2"), ("forgot", None)]


def test_enter_in_a_question_deletes_nothing(asking, qtbot):
    screen, box = asking
    forgot = Heard(("forgot", screen.desk.recent.forgot))
    box.before_forgetting(None)
    QTest.keyClick(box.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: box.box is None, timeout=LONG)
    assert forgot == []


def test_a_film_that_is_gone_is_pointed_to_and_another_may_be_opened_as_itself(
    asking, qtbot, own_film, tmp_path, monkeypatch
):
    screen, box = asking
    other = tmp_path / "other.mp4"
    other.write_bytes(b"another film")
    card = FilmCard("no such content", tmp_path / "gone" / "film.mp4", 9.0, 0.0, 1.0, 0)
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(other), "")
    )  # the system's own cannot be clicked
    screen.desk.recent.open(card)
    qtbot.waitUntil(lambda: box.box is not None, timeout=LONG)
    assert box.box.text() == "film.mp4 is not where it was."
    press(box, qtbot, "Find it")
    qtbot.waitUntil(lambda: bool(screen.other), timeout=LONG)
    assert box.box.text() == "other.mp4 is another film than film.mp4."
    assert screen.wanted == []
    press(box, qtbot, "Open it as a new film")
    assert screen.wanted == [other]
