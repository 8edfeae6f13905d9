"""An inexact, faster plan: samples moved to the keyframes nearest to them, which decode without their neighbours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.ingest.sampling import SamplePlan
from engine.ingest.video import Film


def nearest_keyframes(film: Film, plan: SamplePlan) -> SamplePlan:
    """The plan with every sample at the keyframe nearest to it, where one lies within half the way to its neighbours.

    A moved sample carries the keyframe's own time: what is said about a moment was seen at that moment. Samples
    without a keyframe so near stay where they are, so none falls together with another. A note says what was moved.
    """
    samples, moved = np.array(plan.seconds), list(plan.indices)
    if not len(film.keyframes) or len(samples) < 2:
        return plan
    times = film.seconds[film.keyframes]
    after = np.minimum(np.searchsorted(times, samples), len(times) - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(samples - times[before] <= times[after] - samples, before, after)
    away = np.abs(times[nearest] - samples)
    steps = np.diff(samples)
    reach = np.minimum(np.append(steps, steps[-1]), np.append(steps[0], steps)) / 2
    inside = (times[nearest] >= plan.start_seconds) & (times[nearest] < plan.end_seconds)
    near = (away > 0) & (away < reach) & inside
    for place in np.flatnonzero(near):
        moved[place] = int(film.keyframes[nearest[place]])
    if not near.any():
        return plan
    return replace(
        plan,
        indices=tuple(moved),
        seconds=tuple(film.seconds[moved].tolist()),
        notes=(*plan.notes, _note(int(near.sum()), len(samples), float(away[near].max()))),
    )


def _note(moved: int, samples: int, furthest: float) -> str:
    which = f"{moved} of {samples} samples were taken from the nearest keyframe"
    return f"Inexact, as asked: {which}, up to {furthest:.1f} s away."
