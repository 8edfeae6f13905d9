"""Moments in, an OpenTimelineIO timeline out, which editors open by themselves: the whole film as one clip, the moments
as markers on it. Pure.

Schemas: Timeline.1, Stack.1, Track.1, Clip.2, ExternalReference.1, Marker.2, TimeRange.1, RationalTime.1
(https://opentimelineio.readthedocs.io).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.moments.export.markers import rate_of
from app.moments.moments import Moment, Order, described, in_order

_COLOUR, _CITED_COLOUR = "BLUE", "GREEN"
_MEDIA = "DEFAULT_MEDIA"  # the key that the schema gives a clip's only film


def write_otio(moments: Sequence[Moment], *, film: Path, duration_seconds: float, frame_rate: float) -> str:
    """Times are whole frames of the timeline; those that the answer cites are green, the others blue."""
    rate = rate_of(frame_rate)
    whole = _range(0.0, duration_seconds, rate)
    media = _thing("ExternalReference.1", "", target_url=film.absolute().as_uri(), available_range=whole)
    clip = _thing(
        "Clip.2",
        film.name,
        source_range=whole,
        markers=[_marker(moment, rate) for moment in in_order(moments, Order.TIME)],
        media_references={_MEDIA: media},
        active_media_reference_key=_MEDIA,
    )
    track = _thing("Track.1", "V1", kind="Video", children=[clip])
    stack = _thing("Stack.1", "tracks", children=[track])
    return json.dumps(_thing("Timeline.1", f"{film.stem} moments", tracks=stack), ensure_ascii=False, indent=1) + "\n"


def _marker(moment: Moment, rate: Fraction) -> dict[str, Any]:
    marked = _range(moment.start_seconds, moment.end_seconds, rate)
    colour = _CITED_COLOUR if moment.cited else _COLOUR
    return _thing(
        "Marker.2",
        f"Moment {moment.rank}",
        marked_range=marked,
        color=colour,
        comment=" ".join(described(moment).split()),
    )


def _range(start: float, end: float, rate: Fraction) -> dict[str, Any]:
    first, after = (round(seconds * rate) for seconds in (start, end))
    times = {"start_time": first, "duration": max(after - first, 1)}
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        **{
            name: {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}
            for name, frames in times.items()
        },
    }


def _thing(schema: str, name: str, **fields: object) -> dict[str, Any]:
    return {"OTIO_SCHEMA": schema, "name": name, "metadata": {}, **fields}
