"""Cuts are found to the picture in films of many kinds, and a flash, a pan or a dissolve is none."""

from itertools import accumulate

import numpy as np
import pytest
from shot_films import AS_PEOPLE_ENCODE, CUTS, FIXED, LENGTHS, RATE, scene, shots, view, write

from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.ingest import cuts
from engine.ingest.cuts import find_cuts
from engine.ingest.glimpses import Glimpses
from engine.ingest.steps import steps
from engine.ingest.video import open_video


def search(path):
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
