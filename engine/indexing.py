"""Segments of a film in, their prefixes out, batch by batch: taken from the shelf, or read, fitted and computed.

What is ready comes first, then the rest in film order, the first of each alone, so that it can be painted soon. Reading
runs ahead on a thread of its own, two segments at most, so memory does not grow with the film; it begins to once the
first segment is dealt with (docs/measured.md says what that brings).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING

from engine import events
from engine.ahead import Ahead
from engine.cancel import CancelToken
from engine.events import Emit
from engine.halving import Halving
from engine.records import Frame, Segment
from engine.shelf import FilmShelf
from engine.stopwatch import Stopwatch

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.ingest.geometry import Geometry
    from engine.ingest.sampling import SamplePlan
    from engine.ingest.video import Film
    from engine.memory.features import Features
    from engine.memory.prefix import Prefix
    from engine.weights.checkpoint import TempoConfig
    from engine.weights.loading import LoadedModel

SEGMENTS_AHEAD = 2
FITTERS = 2  # threads, for the first segment only


@dataclass(frozen=True, slots=True)
class Fitted:
    """The pictures of one segment at the model's size, and the seconds it took to read them."""

    segment: Segment
    pictures: Tensor  # [frames, 3, height, width] uint8
    seconds: float


@dataclass(frozen=True, slots=True)
class Halfway:
    """The pictures of the first segment through two of three resizes, and the seconds it took to read them.

    The third is PyTorch's. Where the network computes its threads wait for work; the reader's would have to be started,
    which takes longer than the resize, and before the first heat nothing else goes on meanwhile.
    """

    segment: Segment
    images: list[np.ndarray]
    seconds: float

    def fitted(self, geometry: Geometry) -> Fitted:
        """All the way."""
        from engine.ingest.geometry import fit_together

        began = perf_counter()
        pictures = fit_together(self.images, geometry)
        return Fitted(self.segment, pictures, self.seconds + perf_counter() - began)


@dataclass(slots=True)
class Indexing:
    """The question-free half of the work on one film."""

    film: Film
    model: LoadedModel
    shelf: FilmShelf
    emit: Emit
    cancel: CancelToken
    watch: Stopwatch
    batch: Halving
    _done: int = field(default=0, init=False)
    _begun: Event = field(default_factory=Event, init=False)  # the first segment was read, computed and dealt with

    def batches(self, plan: SamplePlan, segments: Sequence[Segment]) -> Generator[list[Prefix], None, None]:
        """Yield the prefixes of all segments, no batch empty. What is new waits on the shelf for its `write`."""
        had: set[int] = set()
        for part in self._split([segment for segment in segments if self.shelf.kind(segment.index)]):
            if prefixes := self._told(self._ready(part), len(segments)):
                had |= {prefix.segment for prefix in prefixes}
                yield prefixes
        missing = [segment for segment in segments if segment.index not in had]  # or lost: damaged, or evicted
        with closing(self._read(plan, missing, len(segments))) as batches:
            yield from batches

    def _read(self, plan: SamplePlan, missing: Sequence[Segment], total: int) -> Generator[list[Prefix], None, None]:
        if not missing:
            return
        part = part_of(plan, missing)
        read = 0
        if len(missing) < total:
            self._begun.set()
        geometry = geometry_of(self.model.config)
        with Ahead(self._pictures(part, missing, geometry), depth=SEGMENTS_AHEAD) as pictures:
            try:
                for batch in self._split(missing):
                    self.cancel.check()
                    fitted = []
                    for _ in batch:
                        one = next(pictures)
                        fitted.append(one.fitted(geometry) if isinstance(one, Halfway) else one)
                        self.watch.add("read", fitted[-1].seconds)
                        read += len(fitted[-1].segment.frame_seconds)
                        self.emit(events.FramesRead(read, len(part.indices)))
                    yield self._told(self._computed(fitted), total)
                    self._begun.set()
            finally:
                self._begun.set()  # a reader that waits could not be ended
            next(pictures, None)  # lets the reader finish and tell what it noticed

    def _split(self, segments: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
        first = 0
        while first < len(segments):
            size = 1 if first == 0 else self.batch.size
            yield segments[first : first + size]
            first += size

    def _told(self, prefixes: list[Prefix], total: int) -> list[Prefix]:
        for prefix in prefixes:
            self._done += 1
            self.emit(events.SegmentIndexed(prefix.segment, self._done, total))
        return prefixes

    def _ready(self, segments: Sequence[Segment]) -> list[Prefix]:
        """Prefixes of what is on the shelf; features are carried on from; what turns out to be lost is left out."""
        from engine.memory.prefix import Prefix

        self.cancel.check()
        with self.watch.stage("index"):
            kept = {segment.index: self.shelf.get(segment.index) for segment in segments}
            halfway = [(s, one) for s in segments if (one := kept[s.index]) and not isinstance(one, Prefix)]
            done = self.batch.run(lambda part: self.model.compressor.prefill(part, cancel=self.cancel), halfway)
            done = [self.shelf.as_it_comes_back(prefix) for prefix in done]
        found = {one.segment: one for one in (*kept.values(), *done) if isinstance(one, Prefix)}
        return [found[segment.index] for segment in segments if segment.index in found]

    def _computed(self, batch: Sequence[Fitted]) -> list[Prefix]:
        with self.watch.stage("index"):
            pairs = self.batch.run(self._looked_and_filled, batch)
            return [self.shelf.put(prefix, features) for prefix, features in pairs]

    def _looked_and_filled(self, batch: Sequence[Fitted]) -> list[tuple[Prefix, Features]]:
        compressor = self.model.compressor
        features = compressor.look([(one.segment, one.pictures) for one in batch], cancel=self.cancel)
        pairs = [(one.segment, seen) for one, seen in zip(batch, features, strict=True)]
        return list(zip(compressor.prefill(pairs, cancel=self.cancel), features, strict=True))

    def _pictures(
        self, part: SamplePlan, wanted: Sequence[Segment], geometry: Geometry
    ) -> Generator[Fitted | Halfway, None, None]:
        """Read the frames of the wanted segments, in film order, and fit them to the model's size."""
        from engine.ingest.frames import read_frames
        from engine.ingest.geometry import fit_image

        reading = read_frames(self.film, part, cancel=self.cancel, note=self.shelf.note)
        with closing(reading) as frames:
            for place, segment in enumerate(wanted):
                if place == 1:
                    self._begun.wait()
                began = perf_counter()
                count = len(segment.frame_seconds)
                if place == 0:
                    images = _fitted_beside_reading(frames, count, geometry)
                else:
                    images = [fit_image(next(frames).picture, geometry) for _ in range(count)]
                half = Halfway(segment, images, perf_counter() - began)
                yield half if place == 0 else half.fitted(geometry)
            next(frames, None)


def _fitted_beside_reading(frames: Iterator[Frame], count: int, geometry: Geometry) -> list[np.ndarray]:
    """Fit pictures while the next ones are decoded: nothing else runs before the first segment is read.

    Later the network has the processor, and the same would only get in its way.
    """
    from engine.ingest.geometry import fit_image

    jobs: list[Future[np.ndarray]] = []
    with ThreadPoolExecutor(FITTERS, thread_name_prefix="fitting") as pool:
        for place in range(count):
            picture = next(frames).picture
            if place >= FITTERS:
                jobs[place - FITTERS].result()  # a few pictures at full size in memory, not all
            jobs.append(pool.submit(fit_image, picture, geometry))
    return [job.result() for job in jobs]


def part_of(plan: SamplePlan, segments: Sequence[Segment]) -> SamplePlan:
    """Return the plan for the frames of some of its segments."""
    wanted = {seconds for segment in segments for seconds in segment.frame_seconds}
    places = [place for place, seconds in enumerate(plan.seconds) if seconds in wanted]
    return replace(
        plan,
        indices=tuple(plan.indices[place] for place in places),
        seconds=tuple(plan.seconds[place] for place in places),
    )


def geometry_of(config: TempoConfig) -> Geometry:
    """Return the picture bounds that the checkpoint was trained with."""
    from engine.ingest.geometry import Geometry

    sizes = config.sizes
    vision = config.compressor["vision_config"]
    return Geometry(
        longer_edge=sizes.longer_edge,
        patch=int(vision["patch_size"]),
        merge=int(vision["spatial_merge_size"]),
        image_multiple=sizes.image_multiple,
        image_min_tokens=sizes.image_min_tokens,
        frame_min_tokens=sizes.frame_min_tokens,
        frame_max_tokens=sizes.frame_max_tokens,
    )
