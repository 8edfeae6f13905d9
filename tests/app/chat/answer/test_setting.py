"""However an answer came to be on screen, the document is the same as if it had been set at once."""

import pytest
from PySide6.QtGui import QTextDocument

from app.chat.answer.cited import cited, places
from app.chat.answer.formats import BAR, INDENT, bars_of
from app.chat.answer.markup import blocks_of
from app.chat.answer.rooms import with_rooms, without_rooms
from app.chat.answer.setting import Setter
from app.chat.answer.stream import Stream
from app.theme import DARK, LIGHT

TEXT = """At **9.0 seconds** it starts.

| when | what |
|---|---|
| 9.0 seconds | apple |

| b |
|---|
| 2 |

- item at 999.0 seconds 😀
- two

```
code
```"""


def document():
    made = QTextDocument()
    made.setUndoRedoEnabled(False)
    return made


def set_at_once(text, times=(), at=(), palette=DARK):
    made = document()
    Setter(made, palette).show(blocks_of(text, at), times)
    return made


@pytest.mark.parametrize("step", [1, 7, 40])
def test_word_by_word_is_like_at_once(qapp, step):
    made = document()
    setter, stream = Setter(made, DARK), Stream()
    for at in range(0, len(TEXT), step):
        stream.add(TEXT[at : at + step])
        setter.show(stream.blocks())
    setter.show(blocks_of(TEXT))
    assert made.toHtml() == set_at_once(TEXT).toHtml()


def test_tables_come_and_go(qapp):
    made = document()
    setter = Setter(made, DARK)
    table = "| a |\n|---|\n| 1 |"
    for text in (table, "before\n\n" + table, table + "\n\nafter", "before\n\n" + table + "\n\n" + table, "", table):
        setter.show(blocks_of(text))
        assert made.toPlainText() == set_at_once(text).toPlainText(), text
        assert made.toHtml() == set_at_once(text).toHtml(), text


def test_times_arrive_and_colours_change(qapp, answer_of):
    answer = answer_of(TEXT)
    made = document()
    setter = Setter(made, DARK)
    setter.show(blocks_of(TEXT))
    setter.show(blocks_of(TEXT, places(answer)), cited(answer))
    whole = set_at_once(TEXT, cited(answer), places(answer))
    assert made.toHtml() == whole.toHtml()
    assert [chip.words.selectedText().replace("\u00a0", " ") for chip in setter.chips] == [
        "9.0 seconds", "9.0 seconds", "999.0 seconds"]  # fmt: skip
    setter.dress(LIGHT)
    assert made.toHtml() == set_at_once(TEXT, cited(answer), places(answer), LIGHT).toHtml()
    assert len(setter.chips) == 3


def test_only_supported_times_are_anchors(qapp, answer_of):
    text = "9.0 seconds, 999.0 seconds, [x](tempo:8.000#0) <a href='tempo:1#0'>y</a>"
    answer = answer_of(text)
    html = set_at_once(text, cited(answer), places(answer)).toHtml()
    assert html.count("<a href") == html.count('href="tempo:8.000#0"') == 1
    assert "<img" not in html
    assert "unsupported" in html


def test_positions_without_rooms_and_back():
    rooms = [(3, 4), (10, 2)]
    assert [without_rooms(at, rooms) for at in (0, 3, 5, 7, 8, 10, 12, 13)] == [0, 3, 3, 3, 4, 6, 6, 7]
    assert [with_rooms(at, rooms) for at in (0, 3, 4, 6, 7)] == [0, 3, 8, 10, 13]
    for at in range(20):
        assert without_rooms(with_rooms(at, rooms), rooms) == at


def test_bars_stand_where_their_quotes_begin():
    assert bars_of("qq") == (0, BAR)
    assert bars_of("lq") == (INDENT,)
    assert bars_of("qlq") == (0, BAR + INDENT)
    assert bars_of("l") == ()
