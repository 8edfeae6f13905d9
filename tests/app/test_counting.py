"""One segment and one token are said as one, wherever they are counted."""

import re

import pytest
from films import make_film
from scripted import ScriptedSession

from app.bars import StatusLine
from app.chat.answer.cited import Cited
from app.chat.evidence_chip import EvidenceChip
from app.chat.facts import amounts
from app.chat.progress import Progress
from app.conversation import Conversation, Exchange, Outcome
from app.counting import count, count_of, plural
from app.export.text import write_text
from app.export.with_times import with_times
from app.moments.foot import Foot
from app.moments.moments import find_moments, lines, summary
from app.pins import pins
from app.theme import DARK
from app.timeline.content import Content
from app.timeline.header import caption
from app.timeline.heatmap import Heatmap
from app.timeline.legend import Legend
from app.timeline.scale import Scale
from app.timeline.targets import describe, summarise
from engine.cancel import CancelToken
from engine.events import FramesRead, IndexCompleted, IndexFound, SegmentScored

SEVERAL = re.compile(r"\b1 (segments|tokens|frames|moments|words|notes|places)\b")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (count(0, "question"), "no questions"), (count(1, "question"), "1 question"),
        (count(1024, "segment"), "1,024 segments"), (count_of(0, 1, "segment"), "0 of 1 segment"),
        (count_of(1, 12288, "token"), "1 of 12,288 tokens"), (plural(1.0, "token"), "token"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(said, words):
    assert said == words


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """About two seconds of film: one segment of four frames, which got one token."""
    session = ScriptedSession(text="At 1.0 seconds.")
    session.open(make_film(tmp_path_factory.mktemp("film") / "short.mp4", frames=20, rate=10), lambda event: None)
    made = session.ask("When?", emit=lambda event: None, cancel=CancelToken())
    assert (len(made.segments), made.allocation.shares) == (1, (1,))
    return made


def test_a_film_of_one_segment_is_told_in_good_english(qapp, qtbot, answer):
    (pin, *_) = pins(answer)
    heat = Heatmap(1, answer.segments, {0: 0.9}, {0: 1}, 1, 1, 4)
    half = Heatmap(1, answer.segments, {}, {}, 1, 1, 4)
    content = Content(film=True, heatmap=heat)
    chip, status = EvidenceChip(pin, answer.allocation, DARK), StatusLine(DARK)
    legend, foot = Legend(DARK), Foot()
    for widget in (chip, status, legend, foot):
        qtbot.addWidget(widget)
    legend.set_limits(1, 1)
    foot.show_moments(find_moments(heat, 50), half)
    told = [chip.toolTip(), chip.accessibleName(), legend.accessibleName(), foot.text]
    for event in (IndexFound(answer.segments, ()), IndexCompleted(1, 0, 0, 0.1), IndexCompleted(1, 1, 0, 0.1)):
        status.receive(event)
        told.append(status._index.text())
    exchange = Exchange(1, "When?", Outcome.ANSWERED, answer.text, answer)
    progress = Progress().after(FramesRead(1, 1), seconds=1).after(SegmentScored(0, 0.9, 1, 1), seconds=1)
    told += [f"{figure} {words}" for figure, words in amounts(answer)]
    told += [stage.count for stage in progress.stages]
    told += [Cited(0, "1", 0.0, 2.0, 0, 1, True, "").tip, with_times(exchange)]
    told += [write_text(Conversation(answer.video, (exchange,)))]
    told += [caption(half), describe(answer.segments[0], content), summarise(content, Scale(2.0, 0.0, 2.0, 0.0, 100.0))]
    told += [summary(find_moments(heat, 50)), lines(find_moments(heat, 50), markdown=False)]
    assert [line for line in told if SEVERAL.search(line)] == []
    together = "\n".join(told)
    for words in ("1 segment of 4 frames", "0 of 1 segment", "1 frame", "1 token,", "1 token per segment", "1 moment,"):
        assert words in together
