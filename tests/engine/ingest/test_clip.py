"""A stretch copied out of a film: every picture of it is there, in its place in time, and none is another's."""

from __future__ import annotations

import av
import numpy as np
import pytest
from films import bigbuckbunny, bikes, make_film, marked_corner, phone_film, picture_number, run_ffmpeg

from engine.cancel import Cancelled, CancelToken
from engine.errors import VideoError
from engine.ingest.clip import write_clip
from engine.ingest.frames import read_frames
from engine.ingest.sampling import SamplePlan
from engine.ingest.video import open_video

MADE = {
    "keyframes": {},
    "pictures made from later ones": {"b_frames": 2},
    "groups that look back": {"b_frames": 2, "options": {"x264-params": "scenecut=0:open-gop=1"}},
    "a late start": {"start": 5.0},
    "a variable rate": {"times": [n / 12 + 0.03 * (n % 3) for n in range(48)]},
    "sound": {"audio_seconds": 4.0},
}


def pictures(film):
    plan = SamplePlan(tuple(range(len(film.pts))), tuple(film.seconds), 1.0, 0.0, film.info.duration_seconds)
    return [frame.picture for frame in read_frames(film, plan, cancel=CancelToken())]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov", ".ts"])
@pytest.mark.parametrize("options", MADE.values(), ids=MADE)
def test_what_is_copied_is_the_stretch_from_its_keyframe_on(tmp_path, options, suffix):
    film = open_video(make_film(tmp_path / f"film{suffix}", size=(96, 64), **options))
    start, end = 1.6, 2.75
    clip = write_clip(film, start, end, tmp_path / f"clip{suffix}", suffix=suffix)
    made = open_video(tmp_path / f"clip{suffix}")
    assert clip.start_seconds == max(film.seconds[key] for key in film.keyframes if film.seconds[key] <= start)
    wanted = np.flatnonzero((film.seconds >= clip.start_seconds) & (film.seconds < end))
    found = [picture_number(picture) for picture in pictures(made)]
    assert found[: len(wanted)] == list(wanted)
    assert len(found) <= len(wanted) + options.get("b_frames", 0)  # a later one that others are made from
    since = made.seconds[: len(wanted)] - made.seconds[0]
    np.testing.assert_allclose(since, film.seconds[wanted] - film.seconds[wanted[0]], atol=0.0011)
    assert made.info.has_audio == film.info.has_audio


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_a_turned_film_stays_upright(tmp_path, suffix):
    film = open_video(make_film(tmp_path / "film.mp4", size=(96, 64), upright_turn=90))
    write_clip(film, 1.0, 2.0, tmp_path / f"clip{suffix}", suffix=suffix)
    made = open_video(tmp_path / f"clip{suffix}")
    assert made.info.rotation_degrees == film.info.rotation_degrees == 90
    assert {marked_corner(picture) for picture in pictures(made)} == {"bottom right"}


def test_sound_keeps_its_place_beside_the_pictures(tmp_path):
    """Measured where both begin to be heard and seen: one beep and one white picture at the same moment."""
    whole = tmp_path / "film.mp4"
    run_ffmpeg(
        "-f", "lavfi", "-i", "color=black:s=96x64:r=25:d=6,drawbox=w=96:h=64:c=white:t=fill:enable='gte(t,4)'",
        "-f", "lavfi", "-i", "sine=f=440:d=6,volume=0:enable='lt(t,4)'", "-g", "50", "-c:v", "libx264", "-c:a", "aac",
        whole,
    )  # fmt: skip
    film = open_video(whole)
    clip = write_clip(film, 3.0, 5.0, tmp_path / "clip.mp4", suffix=".mp4")
    assert clip.start_seconds == 2.0
    with av.open(str(tmp_path / "clip.mp4")) as container:
        heard = next(
            frame.time + float(np.argmax(np.abs(frame.to_ndarray()[0]) > 0.02)) / frame.sample_rate
            for frame in container.decode(audio=0)
            if np.abs(frame.to_ndarray()).max() > 0.02
        )
    with av.open(str(tmp_path / "clip.mp4")) as container:
        seen = next(frame.time for frame in container.decode(video=0) if frame.to_ndarray(format="gray").mean() > 128)
    assert seen == pytest.approx(2.0, abs=0.041)
    assert heard == pytest.approx(seen, abs=0.05)


@pytest.mark.parametrize("real", [bigbuckbunny, bikes, phone_film])
def test_real_films(tmp_path, real):
    film = open_video(real())
    length = film.info.duration_seconds
    clip = write_clip(film, 0.5 * length, 0.8 * length, tmp_path / "clip.mp4", suffix=".mp4")
    made = open_video(tmp_path / "clip.mp4")
    first, count = film.frame_at(clip.start_seconds), len(made.pts)
    wanted = int(np.searchsorted(film.seconds, 0.8 * length)) - first
    assert wanted <= count <= wanted + 4
    for own, copied in zip(pictures(film)[first : first + wanted], pictures(made)[:wanted], strict=True):
        assert np.array_equal(own, copied)
    assert (made.info.has_audio, made.info.rotation_degrees) == (film.info.has_audio, film.info.rotation_degrees)


def test_what_cannot_be_copied_is_one_sentence(tmp_path):
    film = open_video(make_film(tmp_path / "film.mp4"))
    with pytest.raises(VideoError, match=r"film\.mp4 cannot be put into a \.webm file") as told:
        write_clip(film, 1.0, 2.0, tmp_path / "clip.webm", suffix=".webm")
    assert told.value.advice == "Save it as .mkv, which takes everything."
    for start, end in ((2.0, 2.0), (3.0, 1.0)):
        with pytest.raises(VideoError, match="no picture"):
            write_clip(film, start, end, tmp_path / "clip.mp4", suffix=".mp4")
    counted = open_video(make_film(tmp_path / "film.avi", codec="mpeg4"))
    assert counted.counted
    with pytest.raises(VideoError, match="stores no times"):
        write_clip(counted, 1.0, 2.0, tmp_path / "clip.avi", suffix=".avi")
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        write_clip(film, 1.0, 2.0, tmp_path / "clip.mp4", suffix=".mp4", cancel=stopped)
