"""The answer on screen, by real mouse and keys: links go where they say, selections stay, nothing is fetched."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QTextCursor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.chat.answer.view import AnswerView
from app.theme import DARK, LIGHT
from app.timeline.heat import heat, hexed

LEFT, NONE, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
TEXT = "It shows at **9.0 seconds** and never at 999.0 seconds.\n\n- again at 9.0 seconds\n- 😀 then 9.0 seconds"


class Ground(QWidget):
    """What lies beneath takes the clicks that the view does not want."""

    def mousePressEvent(self, event):  # noqa: N802
        event.accept()

    mouseReleaseEvent = mousePressEvent  # noqa: N815


@pytest.fixture
def view(dressed, qtbot):
    ground = Ground()
    qtbot.addWidget(ground)
    made = AnswerView(DARK, ground)
    made.resize(460, 100)
    ground.resize(500, 900)
    ground.show()
    qtbot.waitExposed(ground)
    yield made
    ground.hide()


def heard(signal):
    found = []
    signal.connect(lambda *values: found.append(values[0] if len(values) == 1 else values))
    return found


def place_of(view, words, nth=0):
    cursor = QTextCursor(view.document())
    for _ in range(nth + 1):
        cursor = view.document().find(words, cursor)
    assert not cursor.isNull(), f"{words!r} is not on screen: {view.toPlainText()!r}"
    middle = (cursor.selectionStart() + cursor.selectionEnd()) // 2
    cursor.setPosition(middle)
    return view.cursorRect(cursor).center()


@pytest.mark.parametrize("nth", [0, 1, 2, 3])
def test_a_click_goes_exactly_there_and_an_unsupported_time_goes_nowhere(view, answer_of, nth):
    view.show_answer(answer_of(TEXT))
    sought = heard(view.seek_wanted)
    QTest.mouseClick(view.viewport(), LEFT, NONE, place_of(view, "9.0 seconds", nth))
    assert sought == ([] if nth == 1 else [8.0])  # the second is 999.0 seconds


def test_pointing_at_a_link_names_its_segment(view, answer_of):
    view.show_answer(answer_of(TEXT))
    pointed = heard(view.segment_pointed)
    QTest.mouseMove(view.viewport(), place_of(view, "9.0 seconds"))
    assert pointed == [4]
    QTest.mouseMove(view.viewport(), place_of(view, "It shows"))
    assert pointed == [4, None]


def test_the_links_can_be_walked_followed_and_played_by_keyboard(view, answer_of):
    view.show_answer(answer_of(TEXT))
    sought, spans, pointed = heard(view.seek_wanted), heard(view.span_wanted), heard(view.segment_pointed)
    view.window().activateWindow()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert pointed[-1:] == [4]
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert sought == [8.0]
    QTest.keyClick(view, Qt.Key.Key_Return, SHIFT)
    assert spans == [(8.0, 10.0)]
    view.clearFocus()
    assert pointed[-1] is None


def test_other_keys_are_left_to_the_player(view, answer_of):
    view.show_answer(answer_of(TEXT))
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_M):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE)
        QGuiApplication.sendEvent(view, event)
        assert not event.isAccepted()


def test_the_menu_of_a_time_goes_plays_and_copies(view, answer_of):
    view.show_answer(answer_of(TEXT))
    sought, spans = heard(view.seek_wanted), heard(view.span_wanted)
    menu = view.menu_at(place_of(view, "9.0 seconds"))
    by_name = {action.text().split("\t")[0]: action for action in menu.actions()}
    by_name["Go to 0:08.0"].trigger()
    by_name["Play only 0:08.0 – 0:10.0"].trigger()
    by_name["Copy this time"].trigger()
    assert (sought, spans) == ([8.0], [(8.0, 10.0)])
    assert QGuiApplication.clipboard().text() == "0:08.0"
    plain = [action.text() for action in view.menu_at(place_of(view, "It shows")).actions()]
    assert not [text for text in plain if text.startswith("Go to")]


def test_links_that_are_not_ours_lead_nowhere(view, answer_of):
    view.show_answer(answer_of(TEXT))
    sought = heard(view.seek_wanted)
    for url in ("tempo:3.000#0", "tempo:8.000#1", "tempo:8.000#9", "http://evil.example", "file:///etc/passwd",
                "tempo:8.000", "tempo:nan#0", "tempo:8.000#²"):  # fmt: skip
        view.anchorClicked.emit(QUrl(url))
    assert sought == []


def test_nothing_is_ever_fetched(view, answer_of, tmp_path):
    picture = tmp_path / "secret.png"
    picture.write_bytes(b"x")
    for text in (f"![x]({picture.as_uri()})", f'<img src="{picture.as_uri()}">'):
        view.show_answer(answer_of(text))
        assert "\ufffc" not in view.document().toRawText()
        kind = QTextDocument.ResourceType.ImageResource.value
        assert view.loadResource(kind, QUrl(picture.as_uri())) is None
    assert "secret.png" in view.toPlainText()


def test_a_copy_holds_the_answers_own_words(view, answer_of):
    view.show_answer(answer_of(TEXT))
    view.selectAll()
    QTest.keyClick(view, "c", Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "It shows at 9.0 seconds and never at 999.0 seconds.\n• again at 9.0 seconds\n• 😀 then 9.0 seconds"
    )


def test_a_table_is_copied_with_tabs(view, answer_of):
    view.show_answer(answer_of("Before\n\n| a | b |\n|---|---|\n| 9.0 seconds | c |\n\nAfter"))
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == "Before\na\tb\n9.0 seconds\tc\nAfter"


def test_a_selection_survives_the_stream_and_the_links(view, answer_of, qtbot):
    first = "The apple shows early.\n\nIt comes at 9.0 seconds, then **again at 9.0"
    view.add(first)
    view.settle()
    cursor = view.document().find("again at")
    view.setTextCursor(cursor)
    for piece in (" seconds**", " and stays", ".\n\nThe end."):
        view.add(piece)
        view.settle()
        assert view.createMimeDataFromSelection().text() == "again at"
    view.show_answer(answer_of(first + " seconds** and stays.\n\nThe end."))
    assert view.createMimeDataFromSelection().text() == "again at"
    view.apply_palette(LIGHT)
    assert view.createMimeDataFromSelection().text() == "again at"


def test_a_drag_goes_on_while_words_arrive(view, qtbot):
    view.add("One two three four.\n\nFive six")
    view.settle()
    port = view.viewport()

    def mouse(kind, at, buttons):
        where = QPointF(at)
        event = QMouseEvent(kind, where, port.mapToGlobal(where), LEFT if kind != QEvent.Type.MouseMove
                            else Qt.MouseButton.NoButton, buttons, NONE)  # fmt: skip
        QGuiApplication.sendEvent(port, event)

    start = view.cursorRect(QTextCursor(view.document())).center()
    mouse(QEvent.Type.MouseButtonPress, start, LEFT)
    mouse(QEvent.Type.MouseMove, place_of(view, "two"), LEFT)
    view.add(" seven eight")
    view.settle()
    mouse(QEvent.Type.MouseMove, place_of(view, "three"), LEFT)
    mouse(QEvent.Type.MouseButtonRelease, place_of(view, "three"), Qt.MouseButton.NoButton)
    assert view.createMimeDataFromSelection().text().startswith("One two th")


def test_it_is_as_high_as_its_text_in_any_width(view, answer_of, qtbot):
    view.show_answer(answer_of("word " * 80))
    wide = view.height()
    view.resize(200, view.height())
    qtbot.waitUntil(lambda: view.height() > 2 * wide - 20)
    assert view.document().size().height() <= view.height()


@pytest.mark.parametrize(
    "text",
    ["https://example.com/" + "x" * 300, "没有空格的很长的句子" * 20, "التفاحة تظهر عند 9.0 seconds " * 8, "😀" * 120,
     "| a | b | c | d | e |\n|---|---|---|---|---|\n| " + " | ".join(["word" * 9] * 5) + " |", "`" + "y" * 400 + "`"],
    ids=["address", "chinese", "arabic", "smileys", "table", "code"],
)  # fmt: skip
def test_nothing_is_wider_than_the_view(view, answer_of, qtbot, text):
    view.resize(288, 100)
    view.show_answer(answer_of(text))
    qtbot.waitUntil(lambda: view.viewport().width() == 288)
    assert view.document().size().width() <= 288
    ideal = view.document().idealWidth()
    assert ideal <= 289, f"the words reach to {ideal:.0f}"


def test_setting_takes_a_tenth_of_the_time_at_most(view, monkeypatch):
    """The pause after a costly setting is nine times as long as the setting itself."""
    import time

    real = view._setter.show
    monkeypatch.setattr(view._setter, "show", lambda *some: (time.sleep(0.02), real(*some)))
    view.add("words")
    view._due.timeout.emit()
    assert view._due.interval() >= 180


def test_chips_are_drawn_beneath_the_words(view, answer_of):
    view.show_answer(answer_of("At 9.0 seconds."))
    words = place_of(view, "9.0 seconds")
    image = view.grab().toImage()
    seen = [image.pixelColor(words.x() + x, words.y() + y).name() for x in range(-40, 40) for y in range(-6, 7)]
    assert seen.count(DARK.soft.lower()) > len(seen) / 3
    assert hexed(heat(8, low=1, high=8, dark=True)) in seen, "the swatch of its segment"


COPY_AND_LEAVE = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app.chat.answer.view import AnswerView
from app.theme import DARK
view = AnswerView(DARK)
view.show_text("Some **words** to copy.")
view.selectAll()
view.copy()
assert application.clipboard().text() == "Some words to copy."
"""


def test_a_copy_that_stays_in_the_clipboard_does_not_take_the_program_down():
    """A piece of clipboard made in Python is destroyed by Qt after Python has ended."""
    done = subprocess.run([sys.executable, "-c", COPY_AND_LEAVE], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
