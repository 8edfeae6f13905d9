"""What people type for a place in a film, and what they are told when it is none."""

import pytest

from app.player.pictures import Pictures
from app.player.typed_time import TimeTextError, moment_of

PICTURES = Pictures([0.0, 0.5, 1.0])


def typed(text, *, pictures=PICTURES):
    return moment_of(text, now=100.0, duration=4000.0, pictures=pictures)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:02:03.5", 3723.5), ("3723", 3723.0), ("12.5", 12.5), ("12,5", 12.5), (".5", 0.5), (" 1:05 ", 65.0),
        ("62:03", 3723.0), ("0:00", 0.0), ("+10", 110.0), ("-10", 90.0), ("−10", 90.0), ("+1:00", 160.0), ("-500", 0.0),
        ("+99999", 4000.0), ("50%", 2000.0), ("0 %", 0.0), ("100%", 4000.0), ("12.5 %", 500.0), ("1h 2m 3s", 3723.0),
        ("1h2m", 3720.0), ("90 s", 90.0), ("5 min", 300.0), ("1 hour", 3600.0), ("#2", 1.0), ("# 0", 0.0),
    ],
)  # fmt: skip
def test_understood(text, seconds):
    assert typed(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a time"), ("soon", "no time"), ("1:2:3:4", "no time"), ("1:75", "go to 59"), ("1:61:00", "go to 59"),
        ("5000", "after the end"), ("101%", "after the end"), ("nan%", "no time"), ("1e3", "no time"), ("+", "no time"),
        ("%", "no time"), ("#3", "3 frames"), ("#x", "frame number"), ("-5%", "no time"), ("1.2.3", "no time"),
        ("#²", "frame number"), ("inf", "no time"),
    ],
)  # fmt: skip
def test_not_understood_is_one_plain_sentence(text, says):
    with pytest.raises(TimeTextError) as caught:
        typed(text)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_frames_that_are_not_counted_yet():
    with pytest.raises(TimeTextError, match="still being counted"):
        typed("#1", pictures=Pictures())
