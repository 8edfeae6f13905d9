"""Times as people write them."""

import pytest

from app.clock import clock, elapsed, span


@pytest.mark.parametrize(
    ("seconds", "decimals", "text"),
    [(0, 1, "0:00.0"), (12.3, 1, "0:12.3"), (12.39, 1, "0:12.3"), (59.99, 1, "0:59.9"), (276, 0, "4:36"),
     (3723.5, 1, "1:02:03.5"), (3599.999, 0, "59:59"), (0.1 + 0.2, 1, "0:00.3")],
)  # fmt: skip
def test_clock(seconds, decimals, text):
    assert clock(seconds, decimals=decimals) == text


@pytest.mark.parametrize("wrong", [-0.1, float("nan"), float("inf")])
def test_no_clock_for_what_is_no_time(wrong):
    with pytest.raises(ValueError, match="not a time"):
        clock(wrong)


def test_span_and_elapsed():
    assert span(12.0, 14.0) == "0:12.0 – 0:14.0"
    assert [elapsed(s) for s in (0.423, 8.84, 125.2)] == ["0.42 s", "8.8 s", "2 min 05 s"]
