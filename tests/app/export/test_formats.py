"""Every kind of file says the same, and none of them makes markup of what the model wrote."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedSession

from app.chat.answer.markup import Kind, blocks_of
from app.conversation import Conversation, Exchange, Outcome
from app.export.dialog import FORMATS, Saver, content
from app.export.html import write_html
from app.export.markdown import answer_markdown, write_markdown
from app.export.record import write_json
from app.export.report import report_of
from app.export.text import write_text
from engine.cancel import CancelToken
from engine.records import VideoInfo
from engine.reply.grounding import ground

RICH = """# Title

The **red apple** appears at 9.0 seconds, *never* at 999.0 seconds; `code` & <b>.

1. one
   - inner at 9.0 seconds
2. two

   more of two

> quoted
> lines

| when | what |
|---|--:|
| 9.0 seconds | apple |

```
x = "9.0 seconds"
```

---

The end."""
EVIL = "# t <script>alert(1)</script> <img src=x onerror=y> [x](javascript:z) ![p](http://evil.example/p.png) \"'&"


VIDEO = VideoInfo(Path("film.mp4"), 20.0, 200, 10.0, 160, 96, 0, 0.0, "h264", False, True)


@pytest.fixture(scope="module")
def session(film):
    made = ScriptedSession()
    made.open(film, lambda event: None)
    return made


@pytest.fixture(scope="module")
def conversation(session):
    base = session.ask("When?", emit=lambda event: None, cancel=CancelToken())

    def make(text, **changes):
        citations, evidence = ground(
            text, base.segments, base.scores, base.allocation, duration_seconds=base.video.duration_seconds
        )
        answer = replace(base, text=text, citations=citations, evidence=evidence)
        exchange = Exchange(1, "When?", Outcome.ANSWERED, text, answer)
        return Conversation(base.video, (replace(exchange, **changes),))

    return make


def looks(blocks):
    """What a reader sees of blocks: kinds, depths, words."""
    return [
        (block.kind, block.depth, block.quotes, bool(block.marker), words(block.text), tuple(
            tuple(words("".join(run.text for run in cell)) for cell in row) for row in block.rows))
        for block in blocks
    ]  # fmt: skip


def words(text):
    return " ".join(text.replace("\u2028", " ").split())


def test_markdown_reads_back_as_it_was(conversation):
    section = report_of(conversation(RICH)).sections[0]
    again = blocks_of(re.sub(r" \[(?:0:08\.0|unsupported)\]", "", answer_markdown(section)))
    assert looks(again) == looks(section.blocks)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab 1.*_`#>-+=|[]()!<&~\n\\"), max_size=60))
def test_any_answer_reads_back_with_the_same_words(text):
    """Marks beside blanks may be lost, words may not, and nothing becomes markup that was none."""
    section = report_of(Conversation(VIDEO, (Exchange(1, "?", Outcome.STOPPED, text),))).sections[0]
    again = blocks_of(answer_markdown(section))
    flat = [word for block in looks(section.blocks) for word in (block[4], *sum(block[5], ()))]
    flat_again = [word for block in looks(again) for word in (block[4], *sum(block[5], ()))]
    assert "".join("".join(flat_again).split()) == "".join("".join(flat).split())
    assert Kind.TABLE not in {block.kind for block in again} or Kind.TABLE in {b.kind for b in section.blocks}


def test_times_say_their_place_in_every_file(conversation):
    made = conversation(RICH)
    assert "appears at 9.0 seconds [0:08.0], *never* at 999.0 seconds [unsupported]" in write_markdown(made)
    assert "appears at 9.0 seconds [0:08.0], never at 999.0 seconds [unsupported]" in write_text(made)
    html = write_html(made)
    assert html.count('class="time"') == 4
    assert html.count('class="weak"') == 1
    assert "9.0 seconds <small>0:08.0</small>" in html
    (exchange,) = json.loads(write_json(made))["exchanges"]
    assert exchange["answer"]["citations"][0]["start_seconds"] == 8.0
    assert exchange["text"] == RICH


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("href", "src", "action")]
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("text", [RICH, EVIL])
def test_a_page_is_well_formed_and_calls_nothing(conversation, text):
    reader = Reader()
    reader.feed(write_html(conversation(text, question=EVIL)))
    assert reader.open == []
    assert reader.addresses == []
    assert not set(reader.tags) & {"script", "img", "a", "iframe", "link", "object"}


def test_stopped_and_failed_questions_and_earlier_takes_are_in_every_file(conversation):
    first = Exchange(1, "First wording?", Outcome.STOPPED, "Half an", message="Stopped.")
    made = conversation("At 9.0 seconds.", earlier=(first,), temperature=0.7, seed=2)
    failed = Exchange(2, "Two?", Outcome.FAILED, message="No memory left.", advice="Lower the budget.")
    made = replace(made, exchanges=(*made.exchanges, failed))
    for format_ in FORMATS:
        text = format_.write(made)
        for words_ in ("First wording?", "Half an", "Stopped.", "No memory left."):
            assert words_ in text, format_.name
        assert "0.7" in text


def test_halves_of_characters_do_not_stop_the_saving(conversation, tmp_path):
    for format_ in FORMATS:
        assert b"half." in content(conversation("One \ud83d half."), tmp_path / f"a{format_.suffix}")


def test_the_ending_decides_what_is_written(qapp, qtbot, conversation, tmp_path):
    saver = Saver()
    for format_ in FORMATS:
        path = tmp_path / f"a{format_.suffix.upper()}"
        with qtbot.waitSignal(saver.said, timeout=5000) as said:
            saver.save(conversation("One."), path)
        assert said.args == [f"Saved {path.name}.", True]
        assert path.read_bytes() == format_.write(conversation("One.")).encode()
    assert saver.shutdown()
