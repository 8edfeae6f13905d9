"""Which words are read as times of a film, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reply.times import named_times

MOMENTS = {
    "It appears at 12.0 seconds.": 12,
    "12 s": 12,
    "12s": 12,
    "at 12 seconds": 12,
    "<12.0 seconds>": 12,
    "the 12-second mark": 12,
    "At 1:02 the door opens": 62,
    "1:02:03.5": 3723.5,
    "1 minute and 5 seconds": 65,
    "1m5s": 65,
    "2 minutes": 120,
    "at 1,234.5 seconds": 1234.5,
    "after 12 seconds": 12,
}
SPANS = {
    "from 13.0 to 17.2 seconds": (13, 17.2),
    "between 3 and 5 seconds": (3, 5),
    "between 3 seconds and 5 seconds": (3, 5),
    "12.0-15.0 seconds": (12, 15),
    "<12.0 seconds>-<15.0 seconds>": (12, 15),
    "0:12 – 0:34": (12, 34),
    "2 to 3 minutes": (120, 180),
    "from 17 to 13 seconds": (13, 17),
}
NOTHING = [
    "3 dogs",
    "2 times",
    "a ratio of 16:9",
    "half past, at 4:30 pm",
    "for 3 seconds",
    "it lasts 3 seconds",
    "5 seconds later",
    "the first 10 seconds",
    "version 1.2",
    "-5 seconds",
    "12,5 seconds",
    "1:2",
    "seconds",
    "",
]


@pytest.mark.parametrize(("text", "seconds"), MOMENTS.items())
def test_reads_a_moment(text, seconds):
    (time,) = named_times(text)
    assert (time.start_seconds, time.end_seconds) == (seconds, seconds)


@pytest.mark.parametrize(("text", "span"), SPANS.items())
def test_reads_a_span(text, span):
    (time,) = named_times(text)
    assert (time.start_seconds, time.end_seconds) == span


@pytest.mark.parametrize("text", NOTHING)
def test_leaves_other_numbers_alone(text):
    assert list(named_times(text)) == []


def test_reads_several_times_in_order():
    text = "3 dogs at 5 seconds and 2 cats at 1:02, then at 70, 80 and 90 seconds."
    assert [time.start_seconds for time in named_times(text)] == [5, 62, 70, 80, 90]


@given(st.text(alphabet="0123456789:.,-<> smandtofrbewi", max_size=80))
def test_any_text_can_be_read_and_quotes_stand_where_they_say(text):
    for time in named_times(text):
        assert text[time.quote_start : time.quote_start + len(time.quote)] == time.quote
        assert 0 <= time.start_seconds <= time.end_seconds


@given(st.floats(0, 1e5), st.sampled_from(["at {:.1f} seconds.", "<{:.1f} seconds>", "It is seen at {:.1f} s, twice"]))
def test_what_was_written_is_read_back(seconds, form):
    (time,) = named_times(form.format(seconds))
    assert time.start_seconds == pytest.approx(seconds, abs=0.051)
