"""Settings and a loaded model in; what one of them makes of another out, a sentence each. Nothing here is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.recall.context import ANSWER_PART
from engine.settings import KNOBS, Settings

if TYPE_CHECKING:
    from engine.records import ModelInfo

GREEDY = "Without effect at temperature 0, where the likeliest word is always taken."


def remarks(settings: Settings, model: ModelInfo | None = None) -> dict[str, str]:
    """By setting: why it has no effect, or what it will lead to. A sentence is there only where it matters."""
    return dict(_remarks(settings, model))


def effective(name: str, model: ModelInfo | None) -> float | None:
    """What a setting that is None comes to with this model; None where nobody knows yet."""
    known = {"sample_fps": model.sample_fps, "max_frames": model.max_frames, "budget": model.budget} if model else {}
    return known.get(name) or None


def _remarks(settings: Settings, model: ModelInfo | None) -> Iterator[tuple[str, str]]:
    if settings.temperature == 0:
        yield from ((name, GREEDY) for name in ("top_p", "seed") if _changed(settings, name))
    if not settings.keep_index and _changed(settings, "disk_megabytes"):
        yield "disk_megabytes", "Without effect as long as no index is kept on disk."
    if model is not None and model.device == "cpu" and _changed(settings, "device_megabytes"):
        yield "device_megabytes", "Without effect on the processor: its index lies in the computer's memory."
    if model is not None and model.context_limit:
        most = model.context_limit // ANSWER_PART
        if settings.max_new_tokens > most:
            yield "max_new_tokens", f"{model.name} keeps room for {most} tokens of answer at most."
    yield from _too_many_segments(settings, model)


def _too_many_segments(settings: Settings, model: ModelInfo | None) -> Iterator[tuple[str, str]]:
    """Every segment needs a token."""
    frames = settings.max_frames or effective("max_frames", model)
    budget = settings.budget or effective("budget", model)
    if model is None or not frames or not budget or not model.frames_per_segment:
        return
    if settings.max_frames is None and settings.budget is None:
        return  # what a model says of itself is nobody's setting; the question says so where it matters
    segments = -int(-frames // model.frames_per_segment)
    if segments > budget:
        told = f"A long film is cut into {segments} segments, more than {budget:g} tokens: it could not be asked about."
        yield ("budget" if settings.budget else "max_frames"), told


def _changed(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name) != KNOBS[name].default)
