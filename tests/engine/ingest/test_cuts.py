"""Cuts are found to the picture in films of many kinds, and a flash, a pan or a dissolve is none."""

from fractions import Fraction
from itertools import accumulate

import av
import numpy as np
import pytest

from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.ingest import cuts
from engine.ingest.cuts import find_cuts
from engine.ingest.glimpses import Glimpses
from engine.ingest.steps import steps
from engine.ingest.video import open_video

RATE = 25
SIZE = (192, 108)
LENGTHS = (30, 55, 14, 80, 41, 120, 9, 60, 75)  # pictures a shot
CUTS = tuple(number / RATE for number in accumulate(LENGTHS[:-1]))
FIXED = {"x264-params": "scenecut=0:keyint=40:min-keyint=40", "preset": "veryfast"}
AS_PEOPLE_ENCODE = {"preset": "veryfast"}


def scene(seed: int) -> np.ndarray:
    """[216, 384, 3] soft coloured blobs, wider and higher than a picture, to move over."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 256, (7, 12, 3)).astype(np.float32)
    rows, columns = np.linspace(0, 5.99, 216), np.linspace(0, 10.99, 384)
    r, c = rows.astype(int), columns.astype(int)
    fr, fc = (rows - r)[:, None, None], (columns - c)[None, :, None]
    top = coarse[r][:, c] * (1 - fc) + coarse[r][:, c + 1] * fc
    low = coarse[r + 1][:, c] * (1 - fc) + coarse[r + 1][:, c + 1] * fc
    return (top * (1 - fr) + low * fr).astype(np.uint8)


def view(picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """What the camera sees of a scene."""
    return np.ascontiguousarray(picture[int(y) : int(y) + SIZE[1], int(x) : int(x) + SIZE[0]])


def shots(lengths=LENGTHS, *, speed=1.0):
    """Pictures of one shot after the other, the camera moving in every second one."""
    for number, length in enumerate(lengths):
        place = scene(number)
        for at in range(length):
            yield view(place, min(at * speed * (number % 2), 190), 40)


def write(path, pictures, *, codec="libx264", options=None, gop=250, b_frames=2, times=None):
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, 1000) if times is not None else Fraction(1, RATE)
        context.gop_size, context.max_b_frames, context.thread_count = gop, b_frames, 1
        context.options = options or {}
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=stream.pix_fmt)
            frame.time_base = context.time_base
            frame.pts = number if times is None else round(times[number] * 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


def search(path, **options):
    return [cut for found in find_cuts(open_video(path), cancel=CancelToken()) for cut in found.cuts]


KINDS = {
    "scene cuts found by the encoder": ("film.mp4", {"options": AS_PEOPLE_ENCODE}),
    "a key frame every 40": ("film.mp4", {"options": FIXED}),
    "one key frame": ("film.mkv", {"options": {"x264-params": "scenecut=0:keyint=infinite", "preset": "veryfast"}}),
    "HEVC": ("film.mp4", {"codec": "libx265", "options": {"preset": "ultrafast", "x265-params": "log-level=none"}}),
    "every picture a key frame": ("film.mkv", {"codec": "mjpeg", "b_frames": 0}),
    "an avi without times": ("film.avi", {"codec": "mpeg4", "gop": 12, "b_frames": 0, "options": {"b": "2M"}}),
    "a transport stream": ("film.ts", {"codec": "mpeg2video", "gop": 12, "options": {"b": "3M"}}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_cuts_are_found_to_the_picture_and_no_others(tmp_path, kind):
    name, options = KINDS[kind]
    assert search(write(tmp_path / name, shots(), **options)) == pytest.approx(CUTS, abs=0.002)


def test_times_are_the_films_own_where_its_rate_varies(tmp_path):
    times = np.cumsum([0.0, *([0.02, 0.05, 0.033, 0.1] * sum(LENGTHS))])[: sum(LENGTHS)]
    path = write(tmp_path / "film.mkv", shots(), options=AS_PEOPLE_ENCODE, times=times)
    wanted = [times[number] for number in accumulate(LENGTHS[:-1])]
    assert search(path) == pytest.approx(wanted, abs=0.002)


def flash():
    for number, picture in enumerate(shots((150,))):
        yield np.clip(picture.astype(int) + (150 if number in (60, 61, 100) else 0), 0, 255).astype(np.uint8)


def dissolve():
    first, second = scene(1), scene(2)
    for number in range(150):
        share = min(max((number - 50) / 40, 0), 1)
        yield view((first * (1 - share) + second * share).astype(np.uint8), 0, 40)


def fast_pan():
    yield from shots((1, 150), speed=1.25)


@pytest.mark.parametrize("options", [AS_PEOPLE_ENCODE, FIXED], ids=["encoder's cuts", "fixed"])
@pytest.mark.parametrize("make", [flash, dissolve])
def test_what_is_no_cut(tmp_path, make, options):
    assert search(write(tmp_path / "film.mp4", make(), options=options)) == []


@pytest.mark.parametrize("options", [AS_PEOPLE_ENCODE, FIXED], ids=["encoder's cuts", "fixed"])
def test_a_camera_that_moves_fast_makes_no_cut(tmp_path, options):
    pictures = list(shots((1, 150), speed=6.0))[1:]
    assert search(write(tmp_path / "film.mp4", pictures, options=options)) == []


def test_a_calm_film_is_hardly_decoded(tmp_path, monkeypatch):
    """Long shots of an encoder that starts anew at cuts: the keyframes and a few pictures after them suffice."""
    decoded = []
    pictures = Glimpses.pictures

    def counted(self, first, last):
        for number, small in pictures(self, first, last):
            decoded.append(number)
            yield number, small

    monkeypatch.setattr(Glimpses, "pictures", counted)
    lengths = (100, 140, 90, 160, 110)
    path = write(tmp_path / "film.mp4", shots(lengths, speed=0.2), options=AS_PEOPLE_ENCODE)
    assert search(path) == pytest.approx([number / RATE for number in accumulate(lengths[:-1])])
    assert len(decoded) <= 0.1 * sum(lengths)


def test_the_search_tells_how_far_it_is(tmp_path):
    film = open_video(write(tmp_path / "film.mp4", shots(), options=FIXED))
    reached = [found.seconds for found in find_cuts(film, cancel=CancelToken())]
    assert reached == sorted(reached)
    assert reached[-1] == film.info.duration_seconds
    assert len(reached) > len(film.keyframes)


def test_it_can_be_stopped(tmp_path):
    film, cancel = open_video(write(tmp_path / "film.mp4", shots(), options=FIXED)), CancelToken()
    search_on = find_cuts(film, cancel=cancel)
    next(search_on)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(search_on)


def test_a_damaged_film_gives_what_can_be_read(tmp_path):
    path = write(tmp_path / "film.mp4", shots(), options=FIXED)
    film = open_video(path)
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 4000] = bytes(4000)
    path.write_bytes(whole)
    found = [cut for part in find_cuts(film, cancel=CancelToken()) for cut in part.cuts]
    assert found[:2] == pytest.approx(CUTS[:2])


def test_a_step_must_stand_out_and_last():
    def run(*levels):
        pictures = [np.full((18, 32, 3), level, np.int16) for level in levels]
        return [number for number, new in steps(enumerate(pictures)) if new]

    assert run(10, 10, 10, 10, 60, 60, 60, 60, 60) == [4]
    assert run(10, 60, 60, 60, 60) == [1]
    assert run(10, 10, 10, 60) == [3]
    assert run(10, 10, 10, 60, 10, 10, 10) == []
    assert run(*range(10, 200, 15)) == []
    assert run(10, 10, 14, 14, 14) == []
    assert run() == run(5) == []


def test_the_rhythm_of_keyframes():
    assert cuts._out_of_rhythm(np.array([0, 50, 100, 150])).tolist() == []
    assert cuts._out_of_rhythm(np.array([0, 50, 73, 123, 173])).tolist() == [73]
    assert cuts._out_of_rhythm(np.array([0, 250, 310, 330, 580])).tolist() == [310, 330]
    assert cuts._out_of_rhythm(np.array([0, 37, 128, 256, 300, 384])).tolist() == [37, 300]
    assert cuts._out_of_rhythm(np.arange(9)).tolist() == []
    assert cuts._out_of_rhythm(np.array([0])).tolist() == []
