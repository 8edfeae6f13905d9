"""A time is a link only where the engine found it supported; the others say why not."""

from dataclasses import replace

from app.chat.answer.cited import cited, places, weak_notes
from engine.records import Citation


def test_supported_times_are_links_and_others_are_not(plain_answer):
    good, bad = cited(plain_answer)
    assert (good.link, good.segment, good.start_seconds) == ("tempo:8.000#0", 4, 8.0)
    assert "Go to 0:08.0" in good.tip
    assert (bad.link, bad.segment) == ("", None)
    assert "999.0 seconds" in bad.tip


def test_a_quote_named_twice_stands_in_two_places(plain_answer):
    text = "At 9.0 seconds, and again at 9.0 seconds."
    starts = (text.index("9.0"), text.rindex("9.0"))
    answer = replace(plain_answer, text=text, citations=(Citation(8.0, 10.0, (4,), "9.0 seconds", True, starts),))
    assert [(place.start, place.index) for place in places(answer)] == [(starts[0], 0), (starts[1], 0)]
    without = replace(answer, citations=(Citation(8.0, 10.0, (4,), "9.0 seconds", True),))
    assert [place.start for place in places(without)] == [starts[0]], "records of before places were kept"


def test_weak_evidence_says_its_tokens(plain_answer):
    shares = plain_answer.allocation.shares
    weak = Citation(0.0, 2.0, (0,), "1.0 seconds", False)
    (note,) = weak_notes(replace(plain_answer, citations=(weak, weak)))
    assert f"its segment got {shares[0]} token" in note
    wide = Citation(0.0, 4.0, (0, 1), "0 to 4 seconds", False)
    (note,) = weak_notes(replace(plain_answer, citations=(wide,)))
    assert sum(shares[:2]) / 2 == 1
    assert "its segments got 1 token on average" in note


def test_a_span_past_the_end_says_so(plain_answer):
    past = Citation(8.0, 99.0, (4,), "from 8 to 99 seconds", False)
    (note,) = weak_notes(replace(plain_answer, citations=(past,)))
    assert "beyond the end" in note


def test_a_supported_time_without_a_segment_is_no_link(plain_answer):
    """No engine says so; a record out of a file might."""
    odd = Citation(8.0, 10.0, (), "9.0 seconds", True)
    (time,) = cited(replace(plain_answer, citations=(odd,)))
    assert time.link == ""
    assert time.reason
