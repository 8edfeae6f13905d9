"""Ways of reading the same planned frames: this program's own, and what others would use. All end in the first resize.

A peer takes a film and a plan and yields upright RGB pictures in film order; a discarded frame yields none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import numpy as np

from engine.cancel import CancelToken
from engine.ingest.frames import read_frames
from engine.ingest.geometry import PUBLISHED, limit_longer_edge, limited_size
from engine.ingest.keyframes import nearest_keyframes
from engine.ingest.sampling import SamplePlan
from engine.ingest.video import Film, open_video

Peer = Callable[[Film, SamplePlan], Iterator[np.ndarray]]
CHUNK = 16  # frames asked of torchcodec at once: 100 MB at 1080p


def _ours(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    for frame in read_frames(film, plan, geometry=PUBLISHED, cancel=CancelToken()):
        yield frame.picture


def _ours_from_the_path(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    return _ours(open_video(film.info.path), plan)


def _keyframes(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    return _ours(film, nearest_keyframes(film, plan))


def _plain(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    return _plainly(film, plan, scale=False)


def _plain_scaling(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    return _plainly(film, plan, scale=True)


def _plainly(film: Film, plan: SamplePlan, *, scale: bool) -> Iterator[np.ndarray]:
    """Decode everything, keep the sampled frames."""
    import av
    from av.video.reformatter import VideoReformatter

    wanted, reformatter = set(film.pts[list(plan.indices)].tolist()), VideoReformatter()
    width, height = film.stored_size
    rows, columns = limited_size(height, width) if scale else (height, width)
    with av.open(str(film.info.path)) as container:
        stream = container.streams.video[film.stream_number]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            if frame.pts in wanted:
                picture = reformatter.reformat(frame, columns, rows, "rgb24", interpolation="BICUBIC").to_ndarray()
                yield limit_longer_edge(picture)


def _thrown_away(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    import av

    with av.open(str(film.info.path)) as container:
        stream = container.streams.video[film.stream_number]
        stream.thread_type = "AUTO"
        for _ in container.decode(stream):
            pass
    yield from ()


def _seek_each(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    """A seek for every sample, then decode up to it."""
    import av
    from av.video.reformatter import VideoReformatter

    reformatter = VideoReformatter()
    with av.open(str(film.info.path)) as container:
        stream = container.streams.video[film.stream_number]
        stream.thread_type = "AUTO"
        for wanted in film.pts[list(plan.indices)].tolist():
            container.seek(wanted, stream=stream, backward=True)
            frame = next(frame for frame in container.decode(stream) if frame.pts == wanted)
            picture = reformatter.reformat(frame, format="rgb24", interpolation="BICUBIC").to_ndarray()
            yield limit_longer_edge(picture)


def _opencv(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    import cv2

    wanted, capture = set(plan.indices), cv2.VideoCapture(str(film.info.path))
    try:
        for number in range(max(wanted) + 1):
            if not capture.grab():
                break
            if number in wanted:
                yield limit_longer_edge(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB))
    finally:
        capture.release()


def _torchcodec(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    decoder = import_module("torchcodec.decoders").VideoDecoder(
        str(film.info.path), dimension_order="NHWC", num_ffmpeg_threads=0
    )
    for first in range(0, len(plan.indices), CHUNK):
        for picture in decoder.get_frames_at(list(plan.indices[first : first + CHUNK])).data.numpy():
            yield limit_longer_edge(picture)


def _decord(film: Film, plan: SamplePlan) -> Iterator[np.ndarray]:
    """As the published code does: all frames in one array."""
    for picture in import_module("decord").VideoReader(str(film.info.path)).get_batch(list(plan.indices)).asnumpy():
        yield limit_longer_edge(picture)


OURS, PLAIN = "Tempo Desk", "PyAV, AUTO threads"
THROWN_AWAY = "PyAV, decoded and thrown away"
DENSE: dict[str, Peer] = {
    OURS: _ours,
    "Tempo Desk, opening included": _ours_from_the_path,
    PLAIN: _plain,
    "PyAV, scaling while converting": _plain_scaling,
    THROWN_AWAY: _thrown_away,
    "OpenCV": _opencv,
    "torchcodec": _torchcodec,
    "decord": _decord,
}
SPARSE: dict[str, Peer] = {
    OURS: _ours,
    "PyAV, straight through": _plain,
    "PyAV, a seek for every sample": _seek_each,
    "Tempo Desk, nearest keyframe": _keyframes,
}
PEERS: dict[str, Peer] = DENSE | SPARSE
