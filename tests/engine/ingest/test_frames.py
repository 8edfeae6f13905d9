"""Reading pictures: exactly the planned ones, upright, streaming, stoppable."""

from __future__ import annotations

import gc
import itertools
import weakref
from pathlib import Path

import av
import films
import numpy as np
import pytest

from engine.cancel import CancelToken
from engine.errors import Cancelled, VideoError
from engine.ingest import frames as frames_module
from engine.ingest.frames import read_frame_at, read_frames
from engine.ingest.geometry import Geometry, limit_longer_edge
from engine.ingest.sampling import SamplePlan, plan_samples
from engine.ingest.video import Film, open_video

MADE = {
    "constant.mp4": {},
    "b-frames.mp4": {"b_frames": 3, "gop": 100},
    "varied.mp4": {"times": [i * 0.05 + (i // 7) * 0.4 for i in range(120)], "b_frames": 2, "gop": 20},
    "late.mkv": {"start": 5.0, "b_frames": 2},
    "stream.ts": {"start": 5.0, "b_frames": 2},
    "sound-first.mp4": {"start": 1.0, "audio_seconds": 2.0},
    "odd.mp4": {"size": (75, 49)},
    "phone.mp4": {"upright_turn": 90},
    "hevc.mp4": {"codec": "libx265", "b_frames": 3, "options": {"x265-params": "log-level=none:keyint=30"}},
    "web.webm": {"codec": "libvpx-vp9"},
    "older-web.webm": {"codec": "libvpx", "options": {"auto-alt-ref": "1", "lag-in-frames": "16"}},
    "open-gop.mp4": {"b_frames": 3, "gop": 30, "options": {"x264-params": "open-gop=1:scenecut=0"}},
    "broadcast.mpg": {"codec": "mpeg2video", "b_frames": 2, "rate": 25},
    "old.avi": {"codec": "mpeg4", "b_frames": 2},
    "reordered.avi": {"b_frames": 2},
    "pictures.avi": {"codec": "mjpeg"},
    "raw.h264": {"b_frames": 2},
}


def test_frames_after_a_cut_without_recoding_are_the_right_ones(tmp_path):
    """The edit list hides the frames between the keyframe and the cut."""
    whole = films.make_film(tmp_path / "whole.mp4", frames=120, gop=60, b_frames=2)
    films.run_ffmpeg("-ss", "1.0", "-i", whole, "-c", "copy", tmp_path / "cut.mp4")
    film = open_video(tmp_path / "cut.mp4")
    count = film.info.frame_count
    hidden = 120 - count
    assert 0 < hidden < 60
    for indices in (list(range(count)), [0, count - 1], [55, 90]):
        frames = read_frames(film, plan_of(film, indices), cancel=CancelToken())
        assert [films.picture_number(frame.picture) - hidden for frame in frames] == indices


def plan_of(film: Film, indices: list[int]) -> SamplePlan:
    seconds = tuple(film.seconds[indices].tolist())
    return SamplePlan(tuple(indices), seconds, 2.0, 0.0, film.info.duration_seconds)


def numbers_read(film: Film, indices: list[int]) -> list[int]:
    plan, notes = plan_of(film, indices), []
    frames = list(read_frames(film, plan, cancel=CancelToken(), note=notes.append))
    assert tuple(frame.seconds for frame in frames) == plan.seconds
    assert notes == []
    return [films.picture_number(frame.picture) for frame in frames]


@pytest.fixture(scope="module", params=MADE)
def film(request, tmp_path_factory):
    """120 numbered frames, in each of the ways a film can store them."""
    path = tmp_path_factory.mktemp("made") / request.param
    return open_video(films.make_film(path, **{"frames": 120, **MADE[request.param]}))


def test_exactly_the_planned_frames_are_read(film):
    assert film.info.frame_count == 120
    for indices in (list(range(120)), list(range(0, 120, 7)), [0, 119], [41, 43, 97, 98], [60], [119]):
        assert numbers_read(film, indices) == indices


def test_a_single_moment_shows_the_frame_that_is_on(film):
    for index in (0, 77, 119):
        following = film.seconds[index + 1] if index < 119 else film.info.duration_seconds
        for moment in (float(film.seconds[index]), float(film.seconds[index] + following) / 2):
            frame = read_frame_at(film, moment)
            assert films.picture_number(frame.picture) == index
            assert frame.seconds == film.seconds[index]
    assert films.picture_number(read_frame_at(film, -1.0).picture) == 0
    assert films.picture_number(read_frame_at(film, 1e6).picture) == 119


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pictures_stand_upright(tmp_path, turn):
    film = open_video(films.make_film(tmp_path / "film.mp4", upright_turn=turn, frames=5, size=(72, 48)))
    for frame in read_frames(film, plan_of(film, [0, 3]), cancel=CancelToken()):
        assert frame.picture.shape == (48, 72, 3)
        assert frame.picture.dtype == np.uint8
        assert frame.picture.flags.c_contiguous
        assert films.marked_corner(frame.picture) == "bottom right"


def test_a_rotation_by_ffmpeg_is_understood_alike(tmp_path):
    """The turn means what the ffmpeg program means by it."""
    path = films.make_film(tmp_path / "film.mp4", upright_turn=90, frames=3)
    film = open_video(path)
    films.run_ffmpeg("-i", path, "-c:v", "ffv1", "-pix_fmt", "bgr0", tmp_path / "turned.mkv")  # turns by itself
    with av.open(str(tmp_path / "turned.mkv")) as container:
        turned = next(container.decode(video=0)).to_ndarray(format="rgb24")
    ours = read_frame_at(film, 0.0).picture
    assert ours.shape == turned.shape
    assert films.marked_corner(turned) == films.marked_corner(ours) == "bottom right"


def test_real_films_give_the_pictures_decoding_gives():
    for path in (films.bikes(), films.bigbuckbunny(), films.phone_film()):
        film = open_video(path)
        plan = plan_samples(film, sample_fps=2.0, min_frames=4, max_frames=1024)
        with av.open(str(path)) as container:
            container.streams.video[0].thread_type = "AUTO"
            decoded = [frame for n, frame in enumerate(container.decode(video=0)) if n in plan.indices]
        read = read_frames(film, plan, cancel=CancelToken())
        for ours, theirs in zip(read, decoded, strict=True):
            np.testing.assert_array_equal(ours.picture, theirs.to_ndarray(format="rgb24"))


def test_sparse_samples_seek_instead_of_decoding_everything(tmp_path, monkeypatch):
    film = open_video(films.make_film(tmp_path / "film.mp4", frames=400, gop=20))
    decoded = count_decoded(monkeypatch)
    assert numbers_read(film, [5, 200, 395]) == [5, 200, 395]
    assert decoded[0] < 120
    decoded[0] = 0
    dense = list(range(0, 400, 4))
    assert numbers_read(film, dense) == dense
    assert decoded[0] == 17 * 20  # of each 20 the last three are after the last sample and before a fresh start


def count_decoded(monkeypatch) -> list[int]:
    count, decode = [0], frames_module._decode

    def counting(*args, **options):
        for frame in decode(*args, **options):
            count[0] += 1
            yield frame

    monkeypatch.setattr(frames_module, "_decode", counting)
    return count


def test_the_first_resize_may_happen_while_reading(tmp_path):
    film = open_video(films.make_film(tmp_path / "film.mp4", frames=3, size=(640, 360)))
    plan, geometry = plan_of(film, [0, 2]), Geometry()
    small = list(read_frames(film, plan, cancel=CancelToken(), geometry=geometry))
    large = list(read_frames(film, plan, cancel=CancelToken()))
    assert small[0].picture.shape == (288, 512, 3)
    for ours, whole in zip(small, large, strict=True):
        np.testing.assert_array_equal(ours.picture, limit_longer_edge(whole.picture, geometry))


def test_reading_streams_and_lets_go_of_the_file_when_dropped(tmp_path):
    path = films.make_film(tmp_path / "film.mp4", frames=60)
    film = open_video(path)
    assert not holds_open(path)
    frames = read_frames(film, plan_of(film, list(range(60))), cancel=CancelToken())
    assert [films.picture_number(frame.picture) for frame in itertools.islice(frames, 2)] == [0, 1]
    assert holds_open(path)
    frames.close()
    assert not holds_open(path)
    frames = read_frames(film, plan_of(film, [0, 1]), cancel=CancelToken())
    next(frames)
    del frames
    assert not holds_open(path)
    list(read_frames(film, plan_of(film, [0, 1]), cancel=CancelToken()))
    assert not holds_open(path)


def test_the_decoder_goes_with_the_reader(tmp_path):
    """A circle of references would keep 40 MB of 1080p pictures until Python happens to look for circles."""
    film = open_video(films.make_film(tmp_path / "film.mp4", frames=30))
    reader = frames_module._Reader(film, [3, 20], CancelToken())
    reader.find(3)
    reader.close()
    gone = weakref.ref(reader)
    gc.disable()
    try:
        del reader
        assert gone() is None
    finally:
        gc.enable()


def holds_open(path: Path) -> bool:
    """Whether this process has the file open, as Linux tells it."""
    return path in [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]


def test_cancelling_stops_within_a_frame_and_closes_the_file(tmp_path):
    path = films.make_film(tmp_path / "film.mp4", frames=60)
    film, cancel = open_video(path), CancelToken()
    frames = read_frames(film, plan_of(film, [0, 59]), cancel=cancel)
    next(frames)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(frames)
    assert not holds_open(path)


def damage(path: Path, numbers: range) -> None:
    """Overwrite the bytes of some of the film's frames."""
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    content = bytearray(path.read_bytes())
    for position, size in (places[number] for number in numbers):
        content[position : position + size] = b"\xff" * size
    path.write_bytes(content)


def test_pictures_that_do_not_decode_are_replaced_and_counted_aloud(tmp_path):
    path = films.make_film(tmp_path / "film.mp4", frames=40, gop=1)
    damage(path, range(10, 13))
    film, notes = open_video(path), []
    frames = list(read_frames(film, plan_of(film, [8, 11, 20]), cancel=CancelToken(), note=notes.append))
    assert [films.picture_number(frame.picture) for frame in frames] == [8, 9, 20]
    assert frames[1].seconds == film.seconds[11]
    assert notes == ["1 of 3 pictures could not be decoded; the one before stands in."]


def test_replaced_pictures_are_counted_even_where_reading_is_stopped(tmp_path):
    """What was read so far may be kept, and a later question reads only the rest."""
    path = films.make_film(tmp_path / "film.mp4", frames=40, gop=1)
    damage(path, range(10, 13))
    film, notes = open_video(path), []
    frames = read_frames(film, plan_of(film, [8, 11, 20]), cancel=CancelToken(), note=notes.append)
    assert [next(frames).seconds, next(frames).seconds] == [film.seconds[8], film.seconds[11]]
    frames.close()
    assert notes == ["1 of 2 pictures could not be decoded; the one before stands in."]


def test_a_film_without_one_good_picture_is_refused(tmp_path):
    path = films.make_film(tmp_path / "film.mp4", frames=12, gop=1)
    film = open_video(path)
    damage(path, range(12))
    with pytest.raises(VideoError, match="its pictures cannot be decoded"):
        list(read_frames(film, plan_of(film, [3]), cancel=CancelToken()))
    with pytest.raises(VideoError, match=r"film.mp4 is damaged: none of its pictures can be decoded\."):
        open_video(path)


def test_a_cut_off_film_is_read_to_its_end(tmp_path):
    whole = films.make_film(tmp_path / "film.mp4", container_options={"movflags": "faststart"})
    film = open_video(films.cut_short(whole, share=0.6))
    every = list(range(film.info.frame_count))
    assert numbers_read(film, every[:-1]) == every[:-1]


def test_a_film_that_vanished_is_reported_plainly(tmp_path):
    path = films.make_film(tmp_path / "film.mp4", frames=4)
    film = open_video(path)
    path.unlink()
    with pytest.raises(VideoError, match="There is no file at"):
        list(read_frames(film, plan_of(film, [0]), cancel=CancelToken()))
