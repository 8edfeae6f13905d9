"""One film and one model: a question in, events on the way, an `Answer` out. The only file that names every room.

    ingest   the film's frames, read and cut into segments         once a film
    memory   prefixes of the segments (kept on the shelf)          once a film
             memory tokens and scores                              once a question
    recall   scores -> shares -> context
    reply    context -> words -> citations

The model is loaded at the first question, or before it by `prepare`. Importing this file imports neither torch nor Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine import events
from engine.cancel import CancelToken
from engine.dealing import Dealing
from engine.drawn_world import world_note
from engine.errors import QuestionError
from engine.events import Emit
from engine.indexing import Indexing
from engine.libraries import libraries_loaded
from engine.records import Allocation, Answer, Memory, Segment, VideoInfo
from engine.settings import Settings
from engine.shelf import Shelf
from engine.stopwatch import Stopwatch
from engine.surprises import in_plain_words

if TYPE_CHECKING:
    from engine.ingest.sampling import SamplePlan
    from engine.ingest.video import Film
    from engine.recall.context import Room
    from engine.weights.loading import LoadedModel


class Session:
    """Holds the open film, the loaded model and the prefixes that both made; answers one question at a time."""

    def __init__(self, settings: Settings | None = None, *, shelf: Shelf | None = None) -> None:
        self._settings = settings or Settings()
        self._shelf = shelf or Shelf()
        self._film: Film | None = None
        self._model: LoadedModel | None = None
        self._model_key: tuple[str, str, str] | None = None

    def open(self, path: Path | str, emit: Emit, *, cancel: CancelToken | None = None) -> VideoInfo:
        """Probe a film and make it the one that questions are about. Raises `VideoError`, or `Cancelled`."""
        from engine.ingest.video import open_video

        with in_plain_words():
            self._film = open_video(Path(path), cancel=cancel)
        emit(events.VideoOpened(self._film.info))
        return self._film.info

    def ask(
        self, question: str, *, settings: Settings | None = None, emit: Emit, cancel: CancelToken | None = None
    ) -> Answer:
        """Answer a question about the open film. Raises `TempoError` and nothing else; `Cancelled` when stopped."""
        settings, cancel, watch = settings or self._settings, cancel or CancelToken(), Stopwatch()
        if self._film is None:
            raise QuestionError("There is no film to ask about.", advice="Open one first.")
        if not question.strip():
            raise QuestionError("There is no question.", advice="Type one first.")
        with in_plain_words():
            model = self._loaded(settings, emit, cancel)
            return _Asking(self._film, model, self._shelf, question, settings, emit, cancel, watch).run()

    def prepare(self, emit: Emit, cancel: CancelToken | None = None) -> Iterator[str]:
        """Get the model ready before the first question, step by step; other requests may be served in between.

        Yields what it did last. Raises as `ask` does.
        """
        cancel = cancel or CancelToken()
        with in_plain_words():
            yield from libraries_loaded(cancel)
            if self._model is None:
                self._loaded(self._settings, emit, cancel)

    def close(self) -> None:
        """Let go of film, model and prefixes."""
        self._shelf.clear()
        self._film = self._model = self._model_key = None

    def _loaded(self, settings: Settings, emit: Emit, cancel: CancelToken) -> LoadedModel:
        key = (settings.model, settings.device, settings.precision)
        if self._model is None or key != self._model_key:
            tuple(libraries_loaded(cancel))
            from engine.weights.loading import load_model

            self._shelf.clear()
            self._model = self._model_key = None  # the old one goes first: two may not fit
            watch = Stopwatch()
            self._model = load_model(
                settings.model, device=settings.device, precision=settings.precision, cancel=cancel
            )
            self._model_key = key
            emit(events.ModelLoaded(self._model.info, watch.elapsed))
        return self._model


@dataclass(slots=True)
class _Asking:
    """One question on its way through the rooms."""

    film: Film
    model: LoadedModel
    shelf: Shelf
    question: str
    settings: Settings
    emit: Emit
    cancel: CancelToken
    watch: Stopwatch

    def run(self) -> Answer:
        plan, segments = self._cut()
        room = self._room(segments)
        notes: list[str] = []
        film = self.film.info
        self._note(notes, (*film.notes, *plan.notes, room.note, world_note(self.model.info, film)))
        dealing = Dealing(self.model.config, room.budget, self._limit, self.emit)
        memories = self._memories(plan, segments, dealing, notes)
        scores = tuple(memory.score for memory in memories)
        allocation = dealing.close(scores)
        text = self._decode(segments, memories, allocation)
        return self._answer(text, plan, segments, scores, allocation, notes)

    @property
    def _limit(self) -> int:
        """Memory tokens for the whole film, as asked for."""
        return self.settings.budget or self.model.config.sizes.budget

    def _cut(self) -> tuple[SamplePlan, tuple[Segment, ...]]:
        from engine.ingest.sampling import plan_samples
        from engine.ingest.segments import cut_segments

        sizes, wish = self.model.config.sizes, self.settings
        max_frames = wish.max_frames or sizes.max_frames
        plan = plan_samples(
            self.film,
            sample_fps=wish.sample_fps or sizes.sample_fps,
            min_frames=min(sizes.min_frames, max_frames),
            max_frames=max_frames,
            range_seconds=wish.range_seconds,
        )
        segments = cut_segments(plan, frames_per_segment=sizes.frames_per_segment)
        self.emit(events.SegmentsFound(segments, len(plan.indices), plan.sample_fps))
        return plan, segments

    def _room(self, segments: Sequence[Segment]) -> Room:
        """Check that film and question fit before any picture is read."""
        from engine.recall.allocation import effective_floor
        from engine.recall.context import fit_budget, text_length

        config = self.model.config
        effective_floor(len(segments), self._limit, floor=config.sizes.k_min)
        return fit_budget(
            self._limit,
            segments=len(segments),
            ceiling=config.memory_tokens,
            text=text_length(self.model.tokenizer, segments, self.question),
            answer=self.settings.max_new_tokens,
            limit=config.context_limit,
        )

    def _memories(
        self, plan: SamplePlan, segments: Sequence[Segment], dealing: Dealing, notes: list[str]
    ) -> list[Memory]:
        """Compress batch by batch, telling scores and provisional shares as they come."""
        indexing = Indexing(self.film, self.model, self.shelf, self.emit, self.cancel, self.watch)
        memories: list[Memory] = []
        for prefixes in indexing.batches(plan, segments, micro_batch=self.settings.micro_batch):
            self.cancel.check()
            with self.watch.stage("compress"):
                memories += self.model.compressor.distil(prefixes, self.question, cancel=self.cancel)
            self.watch.mark("first_score")
            dealing.tell(memories, new=len(prefixes), total=len(segments))
        self._note(notes, self.shelf.notes)
        return memories

    def _note(self, notes: list[str], more: Iterable[str]) -> None:
        for note in filter(None, more):
            notes.append(note)
            self.emit(events.NoteAdded(note))

    def _decode(self, segments: Sequence[Segment], memories: Sequence[Memory], allocation: Allocation) -> str:
        from engine.recall.context import build_context

        self.cancel.check()
        context = build_context(self.model.tokenizer, segments, memories, allocation.shares, self.question)
        pieces = []
        for piece in self.model.decoder.stream(
            context,
            max_new_tokens=min(self.settings.max_new_tokens, self.model.config.context_limit - context.length),
            temperature=self.settings.temperature,
            top_p=self.settings.top_p,
            seed=self.settings.seed,
            cancel=self.cancel,
        ):
            self.watch.mark("first_token")
            pieces.append(piece)
            self.emit(events.TokenDecoded(piece))
            self.cancel.check()
        return "".join(pieces)

    def _answer(
        self,
        text: str,
        plan: SamplePlan,
        segments: tuple[Segment, ...],
        scores: tuple[float, ...],
        allocation: Allocation,
        notes: list[str],
    ) -> Answer:
        from engine.reply.grounding import ground

        if not text.strip():
            self._note(notes, ["The model ended its answer without a word."])
        video = self.film.info
        citations, evidence = ground(text, segments, scores, allocation, duration_seconds=video.duration_seconds)
        answer = Answer(
            question=self.question,
            text=text,
            video=video,
            model=self.model.info,
            segments=segments,
            scores=scores,
            allocation=allocation,
            citations=citations,
            evidence=evidence,
            frames_sampled=len(plan.indices),
            sample_fps=plan.sample_fps,
            seconds=self.watch.read_off(),
            notes=tuple(notes),
        )
        self.emit(events.AnswerGrounded(answer))
        return answer
