"""Where the film is cut: a sample plan in, consecutive windows of sampled frames out."""

from __future__ import annotations

from engine.ingest.sampling import SamplePlan
from engine.records import Segment


def cut_segments(plan: SamplePlan, *, frames_per_segment: int, end_seconds: float | None = None) -> tuple[Segment, ...]:
    """Cut the plan into windows of `frames_per_segment` samples; the last may be shorter.

    Segments tile the time from the first sample to `end_seconds` (by default the plan's own end) without gap.
    """
    end = plan.end_seconds if end_seconds is None else end_seconds
    if frames_per_segment < 1 or end < plan.seconds[-1]:
        raise ValueError(f"{frames_per_segment} frames a segment, ending at {end} s, do not cut this plan")
    firsts = range(0, len(plan.seconds), frames_per_segment)
    return tuple(_segment(plan, index, first, frames_per_segment, end) for index, first in enumerate(firsts))


def _segment(plan: SamplePlan, index: int, first: int, frames_per_segment: int, end: float) -> Segment:
    following = first + frames_per_segment
    return Segment(
        index=index,
        start_seconds=plan.seconds[first],
        end_seconds=plan.seconds[following] if following < len(plan.seconds) else end,
        centre_seconds=_centre(plan, first, frames_per_segment),
        frame_seconds=plan.seconds[first:following],
    )


def _centre(plan: SamplePlan, first: int, frames_per_segment: int) -> float:
    """The published label (i * 8 + 4) / real_fps, read off the clock; in a short last segment it may pass the end."""
    middle = first + frames_per_segment // 2
    if middle < len(plan.seconds):
        return plan.seconds[middle]
    return plan.seconds[first] + frames_per_segment / 2 / plan.sample_fps
