"""A session that follows a script: the real methods, events and records, with delays a test controls and no model.

For tests in which timing matters (order, cancel, stale events). What the answer says is fixed; times and shares are not
invented by the window but by this file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from engine import events
from engine.cancel import CancelToken
from engine.errors import QuestionError, VideoError
from engine.events import Emit
from engine.records import Allocation, Answer, ModelInfo, Segment, StageSeconds, VideoInfo
from engine.reply.grounding import ground
from engine.settings import Settings

MODEL = ModelInfo("nano", "cpu", "fp32", 6_400_000, bundled=True, knows=("red apple", "bicycle"))
FRAMES = 4


@dataclass
class ScriptedSession:
    """Cuts the film into 2-second segments and scores them by a hill around `peak`."""

    delay: float = 0.0  # seconds a segment
    token_delay: float = 0.0
    text: str = "The red apple appears at {first} seconds, and a bicycle follows at 999.0 seconds."
    peak: float = 0.4
    fail_with: Exception | None = None
    closed: bool = False
    warm_steps: int = 3
    asked: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    settings: list[Settings] = field(default_factory=list)
    frames: list[int | None] = field(default_factory=list)
    drawn: list[Settings] = field(default_factory=list)
    video: VideoInfo | None = None

    def open(self, path: Path, emit: Emit, *, cancel: CancelToken | None = None) -> VideoInfo:
        from engine.ingest.video import open_video

        self.video = open_video(path).info
        emit(events.VideoOpened(self.video))
        return self.video

    def ask(self, question: str, *, settings: Settings | None = None, emit: Emit, cancel: CancelToken) -> Answer:
        if self.video is None:
            raise QuestionError("There is no film to ask about.")
        self.asked.append(question)
        self.frames.append(settings.max_frames if settings else None)
        self.drawn.append(settings or Settings())
        emit(events.ModelLoaded(MODEL, 0.1))
        segments = cut(self.video.duration_seconds)
        emit(events.SegmentsFound(segments, FRAMES * len(segments), 2.0))
        scores = self._score(segments, emit, cancel)
        if self.fail_with is not None:
            raise self.fail_with
        allocation = share(scores, limit=4 * len(segments))
        emit(events.BudgetAllocated(allocation, tuple(range(len(segments))), provisional=False))
        best = max(segments, key=lambda segment: scores[segment.index])
        text = self.text.format(first=f"{best.centre_seconds:.1f}")
        for piece in text.split(" "):
            self._wait(self.token_delay, cancel)
            emit(events.TokenDecoded(piece if text.startswith(piece) else f" {piece}"))
        answer = self._answer(question, text, segments, scores, allocation)
        emit(events.AnswerGrounded(answer))
        return answer

    def adopt(self, settings: Settings) -> None:
        self.adopted.append(settings.model)
        self.settings.append(settings)

    def prepare(self, emit: Emit, cancel: CancelToken) -> Iterator[str]:
        for step in range(self.warm_steps):
            cancel.check()
            time.sleep(0.02)
            yield f"step {step}"
        emit(events.ModelLoaded(MODEL, 0.1))

    def index(self, *, emit: Emit, cancel: CancelToken, gently: bool = False) -> Iterator[int]:
        segments = cut(self.video.duration_seconds)
        emit(events.IndexFound(segments, ()))
        for segment in segments:
            self._wait(self.delay, cancel)
            emit(events.SegmentIndexed(segment.index, segment.index + 1, len(segments)))
            yield segment.index + 1
        emit(events.IndexCompleted(len(segments), len(segments), 0, 0.1))

    def close(self) -> None:
        self.closed = True

    def _score(self, segments: tuple[Segment, ...], emit: Emit, cancel: CancelToken) -> tuple[float, ...]:
        scores: list[float] = []
        total = len(segments)
        for segment in segments:
            self._wait(self.delay, cancel)
            first_question = len(self.asked) == 1
            if first_question:
                emit(events.FramesRead(FRAMES * (segment.index + 1), FRAMES * total))
            emit(events.SegmentIndexed(segment.index, segment.index + 1, total))
            distance = abs(segment.index / total - self.peak)
            scores.append(max(0.92 - 4 * distance, 0.06 + 0.1 * (segment.index * 7 % 5) / 5))
            emit(events.SegmentScored(segment.index, scores[-1], segment.index + 1, total))
            if segment.index + 1 < total:
                emit(
                    events.BudgetAllocated(share(scores, limit=4 * total), tuple(range(len(scores))), provisional=True)
                )
        return tuple(scores)

    def _answer(self, question, text, segments, scores, allocation) -> Answer:
        citations, evidence = ground(text, segments, scores, allocation, duration_seconds=self.video.duration_seconds)
        return Answer(
            question=question,
            text=text,
            video=self.video,
            model=MODEL,
            segments=segments,
            scores=scores,
            allocation=allocation,
            citations=citations,
            evidence=evidence,
            frames_sampled=FRAMES * len(segments),
            sample_fps=2.0,
            seconds=StageSeconds(0.8, 1.9, 1.1, 0.4, 3.9, 4.6),
            notes=("The bundled model knows a drawn world only; for a real film its answer will be wrong.",),
        )

    def _wait(self, seconds: float, cancel: CancelToken) -> None:
        cancel.check()
        if seconds:
            time.sleep(seconds)
        cancel.check()


@dataclass
class BrokenSession(ScriptedSession):
    """Opens nothing."""

    def open(self, path: Path, emit: Emit, *, cancel: CancelToken | None = None) -> VideoInfo:
        raise VideoError("This file is not a film.", advice="Choose another one.")


def cut(duration: float) -> tuple[Segment, ...]:
    count = max(int(duration // 2), 1)
    edges = [duration * place / count for place in range(count + 1)]
    return tuple(
        Segment(place, start, end, start + 1.0, tuple(start + 0.5 * step for step in range(FRAMES)))
        for place, (start, end) in enumerate(pairwise(edges))
    )


def share(scores, *, limit: int) -> Allocation:
    low, high = min(scores), max(scores)
    spread = high - low or 1.0
    return Allocation(tuple(1 + int((score - low) / spread * 7) for score in scores), limit, 1, 8)
