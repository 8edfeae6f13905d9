"""Moments in, timeline markers for DaVinci Resolve out: the EDL that it writes and reads for them itself. Pure.

An event of CMX 3600 a marker, one frame long; below it `note |C:colour |M:name |D:frames`. Resolve counts frames of
the timeline that the markers are put on, and a new one begins at 01:00:00:00.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.moments.moments import Moment, Order, described, in_order

RATES = tuple(Fraction(1000 * whole, 1001) for whole in (24, 30, 48, 60, 120)) + tuple(
    Fraction(whole) for whole in (24, 25, 30, 48, 50, 60, 100, 120)
)  # frames a second, of Resolve's timelines
_BEGIN_SECONDS = 3600
_COLOUR, _CITED_COLOUR = "ResolveColorBlue", "ResolveColorGreen"
_NO_BARS = str.maketrans("|", "/")  # a bar begins the next part of the line


def rate_of(frame_rate: float) -> Fraction:
    """The timeline that suits a film: the nearest of Resolve's. Films of variable rate have none of their own."""
    return min(RATES, key=lambda rate: abs(float(rate) - frame_rate))


def write_edl(moments: Sequence[Moment], *, title: str, frame_rate: float) -> str:
    """Markers as long as the moments; those that the answer cites are green, the others blue."""
    rate = rate_of(frame_rate)
    head = f"TITLE: {' '.join(title.split())}\nFCM: NON-DROP FRAME\n"
    events = [_event(number, moment, rate) for number, moment in enumerate(in_order(moments, Order.TIME), start=1)]
    return "\n".join((head, *events))


def where_to_put(frame_rate: float) -> str:
    """One sentence on the timeline that the times are meant for."""
    return f"Import it onto a timeline of {float(rate_of(frame_rate)):.5g} frames a second that begins at 01:00:00:00."


def _event(number: int, moment: Moment, rate: Fraction) -> str:
    first, end = (round(seconds * rate) for seconds in (moment.start_seconds, moment.end_seconds))
    start, after = (_timecode(frame, rate) for frame in (first, first + 1))
    note = " ".join(described(moment).split()).translate(_NO_BARS)
    colour = _CITED_COLOUR if moment.cited else _COLOUR
    return (
        f"{number:03d}  001      V     C        {start} {after} {start} {after}  \n"
        f"{note} |C:{colour} |M:Moment {moment.rank} |D:{max(end - first, 1)}\n"
    )


def _timecode(frame: int, rate: Fraction) -> str:
    """`01:00:07:03`: frames by the rate rounded up, as non-drop timecode counts them."""
    counted = round(rate)
    second, frame = divmod(frame + _BEGIN_SECONDS * counted, counted)
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}:{frame:02d}"
