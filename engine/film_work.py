"""What a question and indexing share: one film cut for one model, and its prefixes, from shelf, disk or file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import events
from engine.cancel import CancelToken
from engine.device_memory import own_bytes
from engine.errors import OutOfMemoryError, StoreError
from engine.events import Emit
from engine.fingerprint import file_stamp
from engine.halving import Halving
from engine.indexing import Indexing, geometry_of
from engine.records import Segment
from engine.settings import Settings
from engine.shelf import CHANGED, FilmShelf, Shelf
from engine.stopwatch import Stopwatch

if TYPE_CHECKING:
    from engine.ingest.sampling import SamplePlan
    from engine.ingest.video import Film
    from engine.memory.prefix import Prefix
    from engine.memory.store import Store
    from engine.weights.loading import LoadedModel
    from engine.weights.plan import Plan


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
    _plan: Plan | None = None

    def index(self, *, gently: bool) -> Iterator[int]:
        """Make everything ready that is not yet; yield how much is. Ends early where nothing more can be kept."""
        plan, segments = self.cut()
        shelf = self.shelf_of(plan, segments)
        ready = tuple(segment.index for segment in segments if shelf.kind(segment.index))
        self.emit(events.IndexFound(segments, ready))
        missing = [segment for segment in segments if segment.index not in ready]
        done = len(ready)
        self.model.residency.compressing(self.cancel)
        with closing(self.indexing(shelf, self.batching(shelf)).batches(plan, missing)) as batches:
            for prefixes in _with_fewer_threads(batches) if gently else batches:
                shelf.write(self.cancel)
                kept = [prefix for prefix in prefixes if shelf.kind(prefix.segment)]
                done += len(kept)
                yield done
                if len(kept) < len(prefixes):
                    break
        self.emit(events.IndexCompleted(len(segments), done, shelf.nbytes, self.watch.elapsed))

    def cut(self) -> tuple[SamplePlan, tuple[Segment, ...]]:
        """Plan the samples and cut them into segments."""
        from engine.ingest.keyframes import nearest_keyframes
        from engine.ingest.sampling import plan_samples
        from engine.ingest.segments import cut_segments

        sizes, wish = self.model.config.sizes, self.settings
        memory = self.memory_plan()
        max_frames = wish.max_frames or (sizes.max_frames if wish.budget else sizes.most_frames)
        if memory.most_frames is not None:
            max_frames = min(max_frames, memory.most_frames)
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

    def shelf_of(self, plan: SamplePlan, segments: Sequence[Segment]) -> FilmShelf:
        """What is ready of the film cut this way, and the place for what will be."""
        info, wish = self.model.info, self.settings
        eight_bit, to_disk = wish.prefix_bits == 8, self.store is not None and wish.keep_index
        # The film as opened: the file may change under its name.
        key = (self.film, plan, self.model.config.folder, info.precision, eight_bit, to_disk)
        shelf, new = self.shelf.of(
            key,
            segments=len(segments),
            device=info.device,
            eight_bit=eight_bit,
            tier_limit=self.memory_plan().tier_limit,
        )
        if new and to_disk and self.store is not None:
            self._use_disk(shelf, self.store, plan, len(segments))
        shelf.touch()
        return shelf

    def batching(self, shelf: FilmShelf) -> Halving:
        """The batches that memory allows."""
        return Halving(self.memory_plan().micro_batch, shelf.note)

    def memory_plan(self) -> Plan:
        """What fits into memory beside the model; made once. Where both models do not, they take turns from here on."""
        if self._plan is None:
            from engine.planning import plan_for

            info, residency = self.model.info, self.model.residency
            self._plan = plan_for(
                self.model.config,
                self.film.info,
                precision=info.precision,
                device=info.device,
                settings=self.settings,
                weights=self.model.held,
                ours=own_bytes(info.device),
                turns=residency.forced,
            )
            if not self._plan.fits and info.device != "cpu":
                raise OutOfMemoryError(
                    f"Even one segment of this film needs {self._plan.peak / 1e9:.1f} GB on {info.device}, and "
                    f"{self._plan.free / 1e9:.1f} GB can be had.",
                    advice="Close other programs, or choose a smaller precision or another device.",
                )
            residency.follow(together=self._plan.together)
        return self._plan

    def indexing(self, shelf: FilmShelf, batch: Halving) -> Indexing:
        """The machine that makes prefixes."""
        return Indexing(self.film, self.model, shelf, self.emit, self.cancel, self.watch, batch)

    def _use_disk(self, shelf: FilmShelf, store: Store, plan: SamplePlan, segments: int) -> None:
        """Let the shelf keep this film on disk too; where the disk refuses, a note says so."""
        from engine.index_key import index_key
        from engine.memory.store import About

        path = self.film.info.path.resolve()
        about = About(str(path), self.model.info.name, segments)
        try:
            if not self._unchanged():
                shelf.note(CHANGED)
                return
            key = index_key(
                self.film, plan, geometry_of(self.model.config), self.model, prefix_bits=self.settings.prefix_bits
            )
            shelf.use_disk(store.index(key, about), unchanged=self._unchanged)
        except (OSError, StoreError) as error:
            told = error.message if isinstance(error, StoreError) else "The index cannot be kept on disk."
            shelf.note(f"{told} Questions are answered without it.")

    def _unchanged(self) -> bool:
        try:
            return file_stamp(self.film.info.path) == self.film.stamp
        except OSError:
            return False


def _with_fewer_threads(batches: Iterator[list[Prefix]]) -> Iterator[list[Prefix]]:
    """Compute with half of the threads: nobody waits for the result, and the film must play without a stutter."""
    import torch

    while True:
        threads = torch.get_num_threads()
        torch.set_num_threads(max(1, threads // 2))
        try:
            prefixes = next(batches, None)
        finally:
            torch.set_num_threads(threads)
        if prefixes is None:
            return
        yield prefixes
