"""Pictures nobody needs are left out, and the others come out as if nothing had been."""

from __future__ import annotations

import av
import films
import numpy as np
import pytest

from engine.cancel import CancelToken
from engine.ingest import frames as frames_module
from engine.ingest.frames import read_frames
from engine.ingest.sampling import SamplePlan
from engine.ingest.video import Film, open_video

COUNT = 150
X265 = "log-level=none:keyint=40"
MADE = {
    "pyramid.mp4": {"b_frames": 5, "gop": 60, "options": {"x264-params": "b-pyramid=normal:b-adapt=0"}},
    "short-gop.mp4": {"b_frames": 2, "gop": 12},
    "no-pyramid.mkv": {"b_frames": 3, "gop": 150, "options": {"x264-params": "b-pyramid=none"}},
    "start-codes.ts": {"b_frames": 3, "gop": 30, "start": 2.0},
    "slices.mp4": {"b_frames": 3, "gop": 40, "options": {"x264-params": "slices=4"}},
    "open-gop.mp4": {"b_frames": 3, "gop": 30, "options": {"x264-params": "open-gop=1:scenecut=0"}},
    "intra-refresh.mp4": {"gop": 40, "options": {"x264-params": "intra-refresh=1"}},
    "interlaced.mp4": {"b_frames": 2, "gop": 30, "options": {"x264-params": "tff=1"}},
    "timing.mp4": {"b_frames": 2, "gop": 30, "options": {"x264-params": "nal-hrd=vbr:vbv-maxrate=900:vbv-bufsize=900"}},
    "varied.mp4": {"times": [i * 0.05 + (i // 7) * 0.4 for i in range(COUNT)], "b_frames": 3, "gop": 50},
    "hevc.mp4": {"codec": "libx265", "b_frames": 4, "options": {"x265-params": f"{X265}:open-gop=0:b-adapt=0"}},
    "hevc-open.mkv": {"codec": "libx265", "b_frames": 4, "options": {"x265-params": f"{X265}:b-adapt=0"}},
    "hevc-layers.mp4": {"codec": "libx265", "b_frames": 4, "options": {"x265-params": f"{X265}:temporal-layers=3"}},
    "hevc.ts": {"codec": "libx265", "b_frames": 4, "options": {"x265-params": X265}},
    "advanced.mp4": {"codec": "mpeg4", "b_frames": 2},
    "broadcast.ts": {"codec": "mpeg2video", "b_frames": 2, "rate": 25},
    "web.webm": {"codec": "libvpx-vp9", "options": {"auto-alt-ref": "1", "lag-in-frames": "16", "cpu-used": "8"}},
    "untimed.avi": {"b_frames": 2},
}
PLANS = {
    "every 12th": list(range(3, COUNT, 12)),
    "far apart": [7, 70, 131, 149],
    "near": [40, 41, 43, 46, 100],
    "one": [77],
    "all": list(range(COUNT)),
}


def read(film: Film, indices: list[int]) -> tuple[list[np.ndarray], list[str]]:
    plan = SamplePlan(tuple(indices), tuple(film.seconds[indices].tolist()), 2.0, 0.0, film.info.duration_seconds)
    notes: list[str] = []
    frames = read_frames(film, plan, cancel=CancelToken(), note=notes.append)
    return [frame.picture for frame in frames], notes


def sparing_nothing(monkeypatch, film: Film, indices: list[int]) -> tuple[list[np.ndarray], list[str]]:
    with monkeypatch.context() as patch:
        patch.setattr(frames_module, "open_bitstream", lambda *_: None)
        return read(film, indices)


def decoded_plainly(film: Film) -> list[np.ndarray]:
    with av.open(str(film.info.path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.fixture(scope="module", params=MADE)
def film(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("needed") / request.param
    return open_video(films.make_film(path, **{"frames": COUNT, "size": (96, 64), **MADE[request.param]}))


def test_the_pixels_are_those_of_a_plain_decoding(film):
    whole = decoded_plainly(film)
    assert len(whole) == film.info.frame_count == COUNT
    for indices in PLANS.values():
        pictures, notes = read(film, indices)
        assert notes == []
        for index, picture in zip(indices, pictures, strict=True):
            np.testing.assert_array_equal(picture, whole[index])


def count_sent(monkeypatch, film: Film, indices: list[int]) -> int:
    count, decode = [0], frames_module._decode

    def counting(stream, packets, *rest, **options):
        def counted():
            for packet in packets:
                count[0] += packet is not None and packet.size > 0
                yield packet

        return decode(stream, counted(), *rest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(frames_module, "_decode", counting)
        read(film, indices)
    return count[0]


@pytest.mark.parametrize(
    ("name", "most"),
    [("pyramid.mp4", 100), ("short-gop.mp4", 90), ("hevc.mp4", 110), ("start-codes.ts", 100), ("timing.mp4", 100)],
)
def test_what_nobody_needs_does_not_reach_the_decoder(tmp_path, monkeypatch, name, most):
    film = open_video(films.make_film(tmp_path / name, **{"frames": COUNT, "size": (96, 64), **MADE[name]}))
    assert count_sent(monkeypatch, film, PLANS["every 12th"]) < most


@pytest.mark.parametrize("name", ["interlaced.mp4", "web.webm", "advanced.mp4"])
def test_what_cannot_be_proved_needless_is_decoded(tmp_path, monkeypatch, name):
    film = open_video(films.make_film(tmp_path / name, **{"frames": COUNT, "size": (96, 64), **MADE[name]}))
    assert count_sent(monkeypatch, film, PLANS["every 12th"]) > 140


@pytest.mark.parametrize("broken", [range(20, 21), range(30, 34), range(0, 3), range(77, 78), range(140, 150)])
@pytest.mark.parametrize("part", ["whole", "second half"])
def test_damage_shows_as_it_would_without_leaving_anything_out(tmp_path, monkeypatch, broken, part):
    path = films.make_film(tmp_path / "film.mp4", frames=COUNT, size=(96, 64), b_frames=3, gop=50)
    film = open_video(path)
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    content = bytearray(path.read_bytes())
    for position, size in (places[number] for number in broken):
        start = 0 if part == "whole" else max(5, size // 2)
        content[position + start : position + size] = b"\xff" * (size - start)
    path.write_bytes(content)
    for indices in PLANS.values():
        ours, notes = read(film, indices)
        theirs, their_notes = sparing_nothing(monkeypatch, film, indices)
        assert notes == their_notes
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


def test_real_films_lose_nothing(monkeypatch):
    for path in (films.bikes(), films.bigbuckbunny(), films.phone_film()):
        film = open_video(path)
        indices = list(range(4, film.info.frame_count, 15))
        for one, other in zip(read(film, indices)[0], sparing_nothing(monkeypatch, film, indices)[0], strict=True):
            np.testing.assert_array_equal(one, other)
