"""Engine events in, the five stages a person waits for out: their state, their count, the time to go. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from app.counting import count
from engine.events import (
    AnswerGrounded,
    BudgetAllocated,
    Event,
    Failed,
    FramesRead,
    ModelLoaded,
    SegmentIndexed,
    SegmentScored,
    SegmentsFound,
    Stopped,
    TokenDecoded,
)

AT_ONCE = 0.05  # seconds: the segments of one batch


class State(Enum):
    """Of a stage."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the five."""

    name: str
    state: State = State.WAITING
    done: int = 0
    total: int = 0
    count: str = "waiting"


@dataclass(frozen=True, slots=True)
class Progress:
    """All five, and when the first score came."""

    reading: Stage = Stage("Reading")
    indexing: Stage = Stage("Indexing")
    scoring: Stage = Stage("Scoring")
    allocating: Stage = Stage("Allocating")
    answering: Stage = Stage("Answering")
    words: int = 0
    model_loading: bool = True
    first_score_after: float | None = None
    first_scored: int = 0  # segments that the first batch held

    @property
    def stages(self) -> tuple[Stage, ...]:
        """In the order the data travels."""
        return self.reading, self.indexing, self.scoring, self.allocating, self.answering

    def after(self, event: Event, *, seconds: float) -> Progress:
        """The picture once `event` happened, `seconds` after asking."""
        match event:
            case ModelLoaded():
                return replace(self, model_loading=False)
            case SegmentsFound():  # after a want of memory the engine begins anew
                return Progress(model_loading=False)
            case FramesRead(done=done, total=total):
                return replace(self, reading=_counted(self.reading, done, total, "frame"), model_loading=False)
            case SegmentIndexed(done=done, total=total):
                return self._indexed(done, total)
            case SegmentScored(done=done, total=total):
                return self._scored(done, total, seconds)
            case BudgetAllocated(allocation=allocation, provisional=provisional):
                return self._allocated(allocation.used, provisional=provisional)
            case TokenDecoded(text=text):
                return self._decoded(text)
            case AnswerGrounded(answer=answer):
                words = len(answer.text.split())
                return replace(self._before_answering(), words=words,
                               answering=Stage("Answering", State.DONE, 1, 1, count(words, "word")))  # fmt: skip
            case Stopped() | Failed():
                return self._ended()
            case _:
                return self

    def remaining_seconds(self, seconds: float) -> float | None:
        """Time until the answer starts, once enough segments are scored, or frames read, to tell."""
        if self.scoring.state is State.RUNNING and self.first_score_after is not None and self.scoring.done >= 3:
            rate = (seconds - self.first_score_after) / max(self.scoring.done - self.first_scored, 1)
            return rate * (self.scoring.total - self.scoring.done)
        return None

    def sentence(self) -> str:
        """What is going on, in words."""
        if self.answering.state is State.RUNNING:
            return "Writing the answer"
        if self.scoring.state is State.DONE:
            return "Reading what the segments kept" if self.allocating.state is State.DONE else "Dealing out tokens"
        if self.scoring.state is State.RUNNING:
            return "Scoring segments against the question"
        if self.indexing.state is State.RUNNING:
            return "Reading and indexing the film"
        if self.reading.state is not State.WAITING:
            return "Reading the film"
        return "Loading the model" if self.model_loading else "Starting"

    def _indexed(self, done: int, total: int) -> Progress:
        """Indexing without reading: the index of an earlier question serves."""
        if self.reading.state is State.WAITING or self.reading.count == "cached":
            cached = Stage("Reading", State.DONE, 1, 1, "cached")
            return replace(self, reading=cached, indexing=replace(cached, name="Indexing"), model_loading=False)
        return replace(self, indexing=_counted(self.indexing, done, total, "segment"), model_loading=False)

    def _scored(self, done: int, total: int, seconds: float) -> Progress:
        scoring = _counted(self.scoring, done, total, "segment")
        if self.first_score_after is None or seconds - self.first_score_after < AT_ONCE:
            return replace(self, scoring=scoring, first_score_after=seconds, first_scored=done)
        return replace(self, scoring=scoring)

    def _allocated(self, used: int, *, provisional: bool) -> Progress:
        state, so_far = (State.RUNNING, " so far") if provisional else (State.DONE, "")
        stage = replace(self.allocating, state=state, done=0 if provisional else 1, total=1, count=f"{used:,}{so_far}")
        return replace(self, allocating=stage)

    def _decoded(self, text: str) -> Progress:
        words = self.words + len(text.split())
        return replace(self._before_answering(), words=words,
                       answering=Stage("Answering", State.RUNNING, 0, 0, count(words, "word")))  # fmt: skip

    def _ended(self) -> Progress:
        """Nothing runs any more."""
        running = [stage for stage in self.stages if stage.state is State.RUNNING]
        return replace(self, **{stage.name.lower(): replace(stage, state=State.STOPPED) for stage in running})

    def _before_answering(self) -> Progress:
        return replace(self, **{stage.name.lower(): replace(stage, state=State.DONE) for stage in self.stages[:-1]})


def _counted(stage: Stage, done: int, total: int, thing: str) -> Stage:
    state = State.DONE if done >= total else State.RUNNING
    words = count(done, thing) if done >= total else f"{done:,} of {total:,}"
    return replace(stage, state=state, done=done, total=total, count=words)
