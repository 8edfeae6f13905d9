"""One question on its way through the rooms: memory, allocation, context, decoder, citations. `Session.ask` runs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import events
from engine.dealing import Dealing
from engine.drawn_world import world_note
from engine.film_work import FilmWork
from engine.records import Allocation, Answer, Memory, Segment

if TYPE_CHECKING:
    from engine.ingest.sampling import SamplePlan
    from engine.memory.prefix import Prefix
    from engine.recall.context import Room


EVENLY = "Every segment got the same number of tokens, as asked: relevance was measured, and not used."
CUT_SHORT = "The answer was cut off: it had reached the most words it may have."


@dataclass(slots=True)
class Asking:
    """A question about a film that is cut and labelled."""

    work: FilmWork
    question: str
    beforehand: tuple[str, ...] = ()  # notes on what happened before

    def run(self) -> Answer:
        work = self.work
        plan, segments = work.cut()
        work.emit(events.SegmentsFound(segments, len(plan.indices), plan.sample_fps))
        room = self._room(segments)
        notes: list[str] = []
        film = work.film.info
        memory = work.memory_plan()
        self._note(
            notes,
            (
                *self.beforehand,
                *film.notes,
                *plan.notes,
                *memory.changed,
                room.note,
                EVENLY * self._evenly,
                world_note(work.model.info, film),
            ),
        )
        dealing = Dealing(work.model.config, room.budget, self._limit, work.emit, evenly=self._evenly)
        memories = self._memories(plan, segments, dealing, notes)
        scores = tuple(memory.score for memory in memories)
        allocation = dealing.close(scores)
        text = self._decode(segments, memories, allocation, notes)
        return self._answer(text, plan, segments, scores, allocation, notes)

    @property
    def _limit(self) -> int:
        """Memory tokens for the whole film, as asked for."""
        return self.work.settings.budget or self.work.model.config.sizes.budget

    @property
    def _evenly(self) -> bool:
        return self.work.settings.allocation == "uniform"

    def _room(self, segments: Sequence[Segment]) -> Room:
        """Check that film and question fit before any picture is read."""
        from engine.recall.allocation import effective_floor
        from engine.recall.context import fit_budget, text_length

        config = self.work.model.config
        effective_floor(len(segments), self._limit, floor=config.sizes.k_min)
        return fit_budget(
            self._limit,
            segments=len(segments),
            ceiling=config.memory_tokens,
            text=text_length(self.work.model.tokenizer, segments, self.question),
            answer=self.work.settings.max_new_tokens,
            limit=config.context_limit,
        )

    def _memories(
        self, plan: SamplePlan, segments: Sequence[Segment], dealing: Dealing, notes: list[str]
    ) -> list[Memory]:
        """Compress batch by batch, telling scores and provisional shares as they come."""
        work = self.work
        compressor, shelf = work.model.compressor, work.shelf_of(plan, segments)
        batch = work.batching(shelf)
        memories: list[Memory] = []

        def distil(part: Sequence[Prefix]) -> list[Memory]:
            return compressor.distil(part, self.question, cancel=work.cancel)

        work.model.residency.compressing(work.cancel)
        with closing(work.indexing(shelf, batch).batches(plan, segments)) as batches:
            for prefixes in batches:
                work.cancel.check()
                with work.watch.stage("compress"):
                    memories += batch.run(distil, prefixes)
                work.watch.mark("first_score")
                dealing.tell(memories, new=len(prefixes), total=len(segments))
                shelf.write(work.cancel)
        self._note(notes, shelf.notes)
        return sorted(memories, key=lambda memory: memory.segment)

    def _note(self, notes: list[str], more: Iterable[str]) -> None:
        for note in filter(None, more):
            notes.append(note)
            self.work.emit(events.NoteAdded(note))

    def _decode(
        self, segments: Sequence[Segment], memories: Sequence[Memory], allocation: Allocation, notes: list[str]
    ) -> str:
        from engine.recall.context import build_context

        self.work.cancel.check()
        self.work.model.residency.writing(self.work.cancel)
        context = build_context(self.work.model.tokenizer, segments, memories, allocation.shares, self.question)
        pieces = []
        for piece in self.work.model.decoder.stream(
            context,
            max_new_tokens=min(
                self.work.settings.max_new_tokens, self.work.model.config.context_limit - context.length
            ),
            temperature=self.work.settings.temperature,
            top_p=self.work.settings.top_p,
            seed=self.work.settings.seed,
            cancel=self.work.cancel,
            cut_short=lambda: self._note(notes, [CUT_SHORT]),
        ):
            self.work.watch.mark("first_token")
            pieces.append(piece)
            self.work.emit(events.TokenDecoded(piece))
            self.work.cancel.check()
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
        video = self.work.film.info
        citations, evidence = ground(text, segments, scores, allocation, duration_seconds=video.duration_seconds)
        answer = Answer(
            question=self.question,
            text=text,
            video=video,
            model=self.work.model.info,
            segments=segments,
            scores=scores,
            allocation=allocation,
            citations=citations,
            evidence=evidence,
            frames_sampled=len(plan.indices),
            sample_fps=plan.sample_fps,
            seconds=self.work.watch.read_off(),
            notes=tuple(notes),
        )
        self.work.emit(events.AnswerGrounded(answer))
        return answer
