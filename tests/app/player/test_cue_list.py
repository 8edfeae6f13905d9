"""What is read at a moment, while the rest is still being read in."""

from app.player.cue_list import CueList
from engine.ingest.cues import Cue, Run


def cue(start, end, text, place="bottom"):
    return Cue(start, end, ((Run(text),),), place)


A, B, C = cue(1.0, 2.0, "a"), cue(1.5, 3.0, "b"), cue(5.0, 6.0, "c")


def texts(cues, seconds):
    return [shown.text for shown in cues.at(seconds)]


def test_from_the_beginning_to_just_before_the_end():
    cues = CueList([A, B, C])
    assert [texts(cues, s) for s in (0.99, 1.0, 1.6, 2.0, 2.99, 3.0, 5.5, 9.0)] == [
        [], ["a"], ["a", "b"], ["b"], ["b"], [], ["c"], []
    ]  # fmt: skip


def test_pieces_may_come_in_any_order():
    cues = CueList([C])
    cues.add([A, B])
    assert texts(cues, 1.6) == ["a", "b"]
    assert len(cues) == 3


def test_a_long_one_from_long_before_is_not_forgotten():
    cues = CueList([cue(0.0, 100.0, "long"), *(cue(n, n + 0.5, str(n)) for n in range(1, 90))])
    assert texts(cues, 50.2) == ["long", "50"]


def test_what_is_written_twice_is_read_once():
    assert texts(CueList([A, cue(1.2, 2.0, "a")]), 1.5) == ["a"]
    assert len(CueList([A, cue(1.2, 2.0, "a", "top")]).at(1.5)) == 2


def test_next_and_previous_lines():
    cues = CueList([A, B, C])
    assert [cues.beside(s, 1) for s in (0.0, 1.0, 1.2, 1.501, 5.0)] == [1.0, 1.5, 1.5, 5.0, None]
    assert [cues.beside(s, -1) for s in (9.0, 5.0, 1.5, 1.0)] == [5.0, 1.5, 1.0, None]
    assert CueList().beside(0.0, 1) is None
