"""An answer of any length, for tests of what keeps and writes answers."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from engine.records import Allocation, Answer, Citation, ModelInfo, Segment, StageSeconds, VideoInfo

VIDEO = VideoInfo(Path("/films/holiday.mp4"), 900.0, 9000, 10.0, 64, 48, 0, 0.0, "h264", False, True)
MODEL = ModelInfo("nano", "cpu", "fp32", 6_400_000, True, tuple(f"thing {n}" for n in range(120)))


def answer(segments: int = 128, frames: int = 8, **changes: object) -> Answer:
    """An answer about a film of so many segments with so many frames each."""
    span = VIDEO.duration_seconds / segments
    cut = tuple(
        Segment(i, i * span, (i + 1) * span, (i + 0.5) * span, tuple((i + k / frames) * span for k in range(frames)))
        for i in range(segments)
    )
    dice = random.Random(0)
    made = Answer(
        question="When?",
        text="At 3.0 seconds.",
        video=VIDEO,
        model=MODEL,
        segments=cut,
        scores=tuple(dice.random() for _ in cut),
        allocation=Allocation(tuple(4 + i % 124 for i in range(segments)), 8192, 4, 128),
        citations=(Citation(2.5, 3.5, (0,), "3.0 seconds", True, (3,)),),
        evidence=(Citation(2.5, 9.5, (0, 1), "", True),),
        frames_sampled=segments * frames,
        sample_fps=2.0,
        seconds=StageSeconds(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
        notes=("A note.",),
    )
    return replace(made, **changes)
