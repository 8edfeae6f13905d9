"""Segments of a film in, their prefixes out, batch by batch: taken from the shelf, or read, fitted and computed.

Frames are streamed: at no time is more than one batch of pictures in memory.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine import events
from engine.cancel import CancelToken
from engine.events import Emit
from engine.records import Segment
from engine.shelf import Shelf
from engine.stopwatch import Stopwatch

if TYPE_CHECKING:
    from torch import Tensor

    from engine.ingest.geometry import Geometry
    from engine.ingest.sampling import SamplePlan
    from engine.ingest.video import Film
    from engine.memory.prefix import Prefix
    from engine.weights.loading import LoadedModel


@dataclass(frozen=True, slots=True)
class Indexing:
    """The question-free half of the work on one film."""

    film: Film
    model: LoadedModel
    shelf: Shelf
    emit: Emit
    cancel: CancelToken
    watch: Stopwatch

    def batches(self, plan: SamplePlan, segments: Sequence[Segment], *, micro_batch: int) -> Iterator[list[Prefix]]:
        """Yield the prefixes of all segments in film order; the first alone, so that it can be painted soon."""
        geometry = geometry_of(self.model)
        self.shelf.label((self.film, plan, geometry))  # the film as opened: the file may change under its name
        missing = [segment for segment in segments if self.shelf.get(segment.index) is None]
        with closing(self._pictures(plan, missing, geometry)) as pictures:
            for batch in in_batches(segments, micro_batch):
                self.cancel.check()
                yield self._prefixes(batch, pictures, len(segments))
            next(pictures, None)  # lets the reader finish and tell what it noticed

    def _prefixes(
        self, batch: Sequence[Segment], pictures: Iterator[tuple[Segment, Tensor]], total: int
    ) -> list[Prefix]:
        ready = {segment.index: self.shelf.get(segment.index) for segment in batch}
        wanted = [next(pictures) for prefix in ready.values() if prefix is None]
        with self.watch.stage("index"):
            for prefix in self.model.compressor.index(wanted, cancel=self.cancel):
                ready[prefix.segment] = prefix
                self.shelf.put(prefix)
        for segment in batch:
            self.emit(events.SegmentIndexed(segment.index, segment.index + 1, total))
        return [prefix for prefix in ready.values() if prefix is not None]

    def _pictures(
        self, plan: SamplePlan, wanted: Sequence[Segment], geometry: Geometry
    ) -> Generator[tuple[Segment, Tensor], None, None]:
        """Read the frames of the wanted segments, in film order, and fit them to the model's size."""
        from engine.ingest.frames import read_frames
        from engine.ingest.geometry import fit

        part, done = part_of(plan, wanted), 0
        frames = read_frames(self.film, part, geometry=geometry, cancel=self.cancel, note=self.shelf.note)
        for segment in wanted:
            pictures = []
            for _ in segment.frame_seconds:
                with self.watch.stage("read"):
                    pictures.append(next(frames).picture)
                done += 1
                self.emit(events.FramesRead(done, len(part.indices)))
            with self.watch.stage("read"):
                fitted = fit(pictures, geometry)  # [frames, 3, height, width] uint8
            yield segment, fitted
        next(frames, None)


def part_of(plan: SamplePlan, segments: Sequence[Segment]) -> SamplePlan:
    """Return the plan for the frames of some of its segments."""
    wanted = {seconds for segment in segments for seconds in segment.frame_seconds}
    places = [place for place, seconds in enumerate(plan.seconds) if seconds in wanted]
    return replace(
        plan,
        indices=tuple(plan.indices[place] for place in places),
        seconds=tuple(plan.seconds[place] for place in places),
    )


def in_batches(segments: Sequence[Segment], size: int) -> Iterator[Sequence[Segment]]:
    """Split into one segment alone and then batches of at most `size`."""
    yield segments[:1]
    for first in range(1, len(segments), size):
        yield segments[first : first + size]


def geometry_of(model: LoadedModel) -> Geometry:
    """Return the picture bounds that the checkpoint was trained with."""
    from engine.ingest.geometry import Geometry

    sizes = model.config.sizes
    vision = model.config.compressor["vision_config"]
    return Geometry(
        longer_edge=sizes.longer_edge,
        patch=int(vision["patch_size"]),
        merge=int(vision["spatial_merge_size"]),
        image_multiple=sizes.image_multiple,
        image_min_tokens=sizes.image_min_tokens,
        frame_min_tokens=sizes.frame_min_tokens,
        frame_max_tokens=sizes.frame_max_tokens,
    )
