"""Heatmaps from bare scores, for tests."""

from app.pins import Pin
from app.timeline.heatmap import Heatmap
from engine.records import Segment


def heatmap(scores, *, shares=None, seconds=2.0, pins=()):
    """One segment a score; None is not scored yet."""
    segments = tuple(
        Segment(at, at * seconds, (at + 1) * seconds, at * seconds + 1, (at * seconds,)) for at in range(len(scores))
    )
    known = {at: score for at, score in enumerate(scores) if score is not None}
    dealt = dict(enumerate(shares)) if shares is not None else {at: round(100 * score) for at, score in known.items()}
    return Heatmap(question=1, segments=segments, scores=known, shares=dealt, k_min=4, k_max=128, pins=pins)


def pin(number, segment):
    return Pin(number, 2.0 * segment, 2.0 * segment + 2, segment, 9, 0.5, named=True, weak=False)
