"""What a question and indexing share: one film cut for one model, and its prefixes, from shelf, disk or file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import events
from engine.cancel import CancelToken
from engine.errors import StoreError
from engine.events import Emit
from engine.halving import Halving
from engine.indexing import Indexing, geometry_of
from engine.records import Segment
from engine.settings import Settings
from engine.shelf import Shelf
from engine.stopwatch import Stopwatch

if TYPE_CHECKING:
    from engine.ingest.sampling import SamplePlan
    from engine.ingest.video import Film
    from engine.memory.store import Store
    from engine.weights.loading import LoadedModel


@dataclass(slots=True)
class FilmWork:
    """What a question and indexing share: the film, cut and labelled, and its prefixes."""

    film: Film
    model: LoadedModel
    shelf: Shelf
    store: Store | None
    settings: Settings
    emit: Emit
    cancel: CancelToken
    watch: Stopwatch

    def index(self) -> Iterator[int]:
        """Make everything ready that is not yet; yield how much is."""
        plan, segments = self.cut()
        batch = self.label(plan, segments)
        ready = tuple(segment.index for segment in segments if self.shelf.kind(segment.index))
        self.emit(events.IndexFound(segments, ready))
        missing = [segment for segment in segments if segment.index not in ready]
        done = len(ready)
        for prefixes in self.indexing(batch).batches(plan, missing):
            done += len(prefixes)
            yield done
        self.emit(events.IndexCompleted(len(segments), self.shelf.nbytes, self.watch.elapsed))

    def cut(self) -> tuple[SamplePlan, tuple[Segment, ...]]:
        """Plan the samples and cut them into segments."""
        from engine.ingest.keyframes import nearest_keyframes
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
        if wish.nearest_keyframe:
            plan = nearest_keyframes(self.film, plan)
        return plan, cut_segments(plan, frames_per_segment=sizes.frames_per_segment)

    def label(self, plan: SamplePlan, segments: Sequence[Segment]) -> Halving:
        """Tell the shelf what is wanted; returns the batches that memory allows."""
        info = self.model.info
        eight_bit = self.settings.prefix_bits == 8
        # The film as opened: the file may change under its name.
        key = (self.film, plan, self.model.config.folder, info.precision, eight_bit)
        if (
            self.shelf.label(key, segments=len(segments), device=info.device, eight_bit=eight_bit)
            and self.store
            and self.settings.keep_index
        ):
            self._use_disk(self.store, plan, len(segments))
        return Halving(self.settings.micro_batch or self._micro_batch(), self.shelf.note)

    def indexing(self, batch: Halving) -> Indexing:
        """The machine that makes prefixes."""
        return Indexing(self.film, self.model, self.shelf, self.emit, self.cancel, self.watch, batch)

    def _use_disk(self, store: Store, plan: SamplePlan, segments: int) -> None:
        """Let the shelf keep this film on disk too; where the disk refuses, a note says so."""
        from engine.index_key import index_key
        from engine.memory.store import About

        about = About(str(self.film.info.path), self.model.info.name, segments)
        try:
            key = index_key(self.film, plan, geometry_of(self.model), self.model, prefix_bits=self.settings.prefix_bits)
            self.shelf.use_disk(store.index(key, about))
        except (OSError, StoreError) as error:
            told = error.message if isinstance(error, StoreError) else "The index cannot be kept on disk."
            self.shelf.note(f"{told} Questions are answered without it.")

    def _micro_batch(self) -> int:
        from engine.ingest.geometry import tokens_per_frame
        from engine.memory.microbatch import free_bytes, micro_batch

        info, film = self.model.info, self.film.info
        frames = self.model.config.sizes.frames_per_segment
        return micro_batch(
            self.model.config.compressor,
            tokens=tokens_per_frame(film.height, film.width, geometry_of(self.model)) * -(-frames // 2),
            device=info.device,
            bytes_per_number=4 if info.precision == "fp32" else 2,
            free_bytes=free_bytes(info.device),
        )
