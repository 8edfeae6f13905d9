"""What the published implementation does for every question: the whole film in memory, all segments in one batch,
nothing kept. The same modules, so that what differs is the way of working."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from time import perf_counter

from engine.cancel import CancelToken
from engine.indexing import geometry_of
from engine.settings import Settings
from engine.weights.loading import LoadedModel


def ask_plainly(path: Path, question: str, model: LoadedModel, settings: Settings) -> tuple[str, dict[str, float]]:
    """Answer; gives the text and the seconds since asking at which each stage was done."""
    from engine.ingest.frames import read_frames
    from engine.ingest.geometry import fit
    from engine.ingest.sampling import plan_samples
    from engine.ingest.segments import cut_segments
    from engine.ingest.video import open_video
    from engine.recall.allocation import allocate
    from engine.recall.context import build_context

    began, done = perf_counter(), {}
    sizes, film = model.config.sizes, open_video(path)
    plan = plan_samples(
        film,
        sample_fps=sizes.sample_fps,
        min_frames=sizes.min_frames,
        max_frames=settings.max_frames or sizes.max_frames,
    )
    segments = cut_segments(plan, frames_per_segment=sizes.frames_per_segment)
    with closing(read_frames(film, plan, cancel=CancelToken())) as frames:
        pictures = [frame.picture for frame in frames]  # full size, as decord gives them
    done["read"] = perf_counter() - began
    fitted = fit(pictures, geometry_of(model.config))
    each = sizes.frames_per_segment
    batch = [(segment, fitted[place * each : (place + 1) * each]) for place, segment in enumerate(segments)]
    seen = model.compressor.look(batch)
    prefixes = model.compressor.prefill(list(zip(segments, seen, strict=True)))
    memories = model.compressor.distil(prefixes, question)
    done["first_score"] = perf_counter() - began  # all of them at once
    budget = settings.budget or sizes.budget
    shares = allocate([m.score for m in memories], budget, floor=sizes.k_min, ceiling=model.config.memory_tokens)
    context = build_context(model.tokenizer, segments, memories, shares, question)
    text = ""
    for piece in model.decoder.stream(context, max_new_tokens=settings.max_new_tokens):
        done.setdefault("first_token", perf_counter() - began)
        text += piece
    done["total"] = perf_counter() - began
    return text, done
