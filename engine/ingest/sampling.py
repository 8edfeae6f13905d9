"""Which frames the model gets: a film and a rate in, frame indices with their presentation times out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import QuestionError
from engine.ingest.video import Film


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """The frames to read, in film order and without repeats, and the span they stand for."""

    indices: tuple[int, ...]  # positions among the film's frames in the order they are shown
    seconds: tuple[float, ...]  # their presentation times
    sample_fps: float  # samples a second of the span, the published `real_fps`
    start_seconds: float
    end_seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """The part of the film that is asked about: frames `first` to `last`, both included."""

    first: int
    last: int
    start_seconds: float
    end_seconds: float
    seconds: float  # its length
    notes: tuple[str, ...] = ()


def plan_samples(
    film: Film,
    *,
    sample_fps: float,
    min_frames: int,
    max_frames: int,
    range_seconds: tuple[float, float] | None = None,
) -> SamplePlan:
    """Spread clamp(round(seconds * fps), min, max) samples over the film, or over `range_seconds` of it.

    Constant rate: the published `round(linspace(first, last, n))` over frame indices. Variable rate: equal steps in
    time, each taking the frame nearest to it; a step that finds the frame already taken adds none. There are never
    more samples than frames, where the published code repeats some. Raises `QuestionError` for a range outside the
    film.
    """
    span = _whole(film) if range_seconds is None else _part(film, *range_seconds)
    wanted = max(1, min(max(round(span.seconds * sample_fps), min_frames), max_frames))
    count = min(wanted, span.last - span.first + 1)
    indices = (_even_in_time if film.info.variable_rate else _even_in_index)(film, span, count)
    return SamplePlan(
        indices=tuple(indices.tolist()),
        seconds=tuple(film.seconds[indices].tolist()),
        sample_fps=len(indices) / span.seconds,
        start_seconds=span.start_seconds,
        end_seconds=span.end_seconds,
        notes=(*span.notes, *_thinning_note(span, sample_fps, max_frames)),
    )


def _whole(film: Film) -> _Span:
    start, end = float(film.seconds[0]), film.info.duration_seconds
    # The published N / R, not end - start: they differ in the last bit, which is enough to round differently.
    seconds = end - start if film.info.variable_rate else film.info.frame_count / film.info.frame_rate
    return _Span(0, film.info.frame_count - 1, start, end, seconds)


def _part(film: Film, start: float, end: float) -> _Span:
    first_shown, last_shown = float(film.seconds[0]), film.info.duration_seconds
    if not start < end or end <= first_shown or start >= last_shown:
        raise QuestionError(f"The range {start:g}-{end:g} s lies outside the film, which is {last_shown:.1f} s long.")
    notes: tuple[str, ...] = ()
    if end > last_shown + 0.05:  # a clock shows tenths: less is the same time to a person
        notes = (f"The range ends at {last_shown:.1f} s, where the film does, not at {end:g} s.",)
    start, end = max(start, first_shown), min(end, last_shown)
    last = int(np.searchsorted(film.seconds, end, side="left")) - 1
    first = min(int(np.searchsorted(film.seconds, start, side="left")), last)  # no frame starts inside: the one on show
    return _Span(first, last, start, end, end - start, notes)


def _even_in_index(film: Film, span: _Span, count: int) -> np.ndarray:
    return np.round(np.linspace(span.first, span.last, count)).astype(np.int64)


def _even_in_time(film: Film, span: _Span, count: int) -> np.ndarray:
    targets = np.linspace(film.seconds[span.first], film.seconds[span.last], count)
    after = np.clip(np.searchsorted(film.seconds, targets), span.first, span.last)
    before = np.maximum(after - 1, span.first)
    earlier_is_nearer = targets - film.seconds[before] <= film.seconds[after] - targets
    return np.unique(np.where(earlier_is_nearer, before, after))


def _thinning_note(span: _Span, sample_fps: float, max_frames: int) -> tuple[str, ...]:
    if round(span.seconds * sample_fps) <= max_frames:
        return ()
    return (f"Only {max_frames} frames were taken, one every {span.seconds / max_frames:.1f} s.",)
