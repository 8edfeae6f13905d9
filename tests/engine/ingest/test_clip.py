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
def test_what_is_copied_is_the_stretch(tmp_path, options, suffix):
    """From its first picture on where the container can say so, else from its keyframe."""
    film = open_video(make_film(tmp_path / f"film{suffix}", size=(96, 64), **options))
    for start, end in ((1.6, 2.75), (0.0, 0.5), (3.7, 4.0), (2.05, 2.3)):
        check(film, start, end, tmp_path, suffix, most=options.get("b_frames", 0))


def check(film, start, end, tmp_path, suffix, *, most):
    """`most`: how many pictures behind the stretch others may be made from."""
    clip = write_clip(film, start, end, tmp_path / f"clip{suffix}", suffix=suffix)
    made = open_video(tmp_path / f"clip{suffix}")
    begins = film.frame_at(start)
    if suffix not in (".mp4", ".mov"):
        begins = max(key for key in film.keyframes if key <= begins)
    assert clip.start_seconds == film.seconds[begins]
    wanted = np.flatnonzero((film.seconds >= clip.start_seconds) & (film.seconds < end))
    found = [picture_number(picture) for picture in pictures(made)]
    assert found[: len(wanted)] == list(wanted)
    assert len(found) <= len(wanted) + most
    since = made.seconds[: len(wanted)] - made.seconds[0]
    np.testing.assert_allclose(since, film.seconds[wanted] - film.seconds[wanted[0]], atol=0.0011)
    assert made.info.has_audio == film.info.has_audio
    if film.info.has_audio:
        with av.open(str(tmp_path / f"clip{suffix}")) as container:
            sound = list(container.decode(audio=0))
            begun = container.start_time / 1e6
        length = clip.end_seconds - clip.start_seconds
        assert begun - 0.03 <= sound[0].time <= begun + 0.06
        assert sound[-1].time - begun <= length + 0.03


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
    assert clip.start_seconds == 3.0
    with av.open(str(tmp_path / "clip.mp4")) as container:
        heard = next(
            frame.time + float(np.argmax(np.abs(frame.to_ndarray()[0]) > 0.02)) / frame.sample_rate
            for frame in container.decode(audio=0)
            if np.abs(frame.to_ndarray()).max() > 0.02
        )
    with av.open(str(tmp_path / "clip.mp4")) as container:
        seen = next(frame.time for frame in container.decode(video=0) if frame.to_ndarray(format="gray").mean() > 128)
    assert seen == pytest.approx(1.0, abs=0.041)
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


def probed(path, entries, *more):
    return run_ffmpeg("-show_entries", entries, "-of", "csv=p=0", *more, path, program="ffprobe").split()


def test_codecs_that_have_no_encoder_here_and_tags_that_players_ask_for(tmp_path):
    source = ("-f", "lavfi", "-i", "testsrc=s=96x64:r=12:d=2")
    coded = (("libx265", "hevc", ("-tag:v", "hvc1", "-x265-params", "log-level=none")),
             ("libaom-av1", "av1", ("-cpu-used", "8")))  # fmt: skip
    for encoder, codec, more in coded:
        run_ffmpeg(*source, "-c:v", encoder, *more, tmp_path / f"{codec}.mp4")
        film = open_video(tmp_path / f"{codec}.mp4")
        for suffix in (".mp4", ".mkv"):
            write_clip(film, 0.5, 1.5, tmp_path / f"clip{suffix}", suffix=suffix)
            assert len(pictures(open_video(tmp_path / f"clip{suffix}"))) >= 12
    write_clip(open_video(tmp_path / "hevc.mp4"), 0.5, 1.5, tmp_path / "clip.mp4", suffix=".mp4")
    assert probed(tmp_path / "clip.mp4", "stream=codec_tag_string") == ["hvc1"]


def test_a_film_that_hides_its_first_keyframe(tmp_path):
    """As one that was trimmed without loss: an edit list tells players to begin later."""
    whole = make_film(tmp_path / "whole.mp4", frames=60, gop=24)
    run_ffmpeg("-ss", "1", "-i", whole, "-c", "copy", tmp_path / "trimmed.mp4")
    film = open_video(tmp_path / "trimmed.mp4")
    first = picture_number(pictures(film)[0])
    assert first == 12
    clip = write_clip(film, 0.25, 0.75, tmp_path / "clip.mp4", suffix=".mp4")
    assert (clip.start_seconds, picture_number(pictures(open_video(tmp_path / "clip.mp4"))[0])) == (0.25, first + 3)
    clip = write_clip(film, 0.25, 0.75, tmp_path / "clip.mkv", suffix=".mkv")
    assert clip.start_seconds == pytest.approx(-1.0)
    assert picture_number(pictures(open_video(tmp_path / "clip.mkv"))[0]) == 0


def test_sound_tracks_keep_their_names_and_one_that_nobody_reads_stays_behind(tmp_path):
    sines = [word for tone in (300, 400) for word in ("-f", "lavfi", "-i", f"sine=f={tone}:d=3")]
    film = tmp_path / "film.mkv"
    run_ffmpeg(
        "-i", make_film(tmp_path / "silent.mp4", frames=36), *sines, "-map", "0", "-map", "1", "-map", "2", "-c:v",
        "copy", "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=fra", "-disposition:a:1", "default",
        "-disposition:a:0", "0", film,
    )  # fmt: skip
    for suffix in (".mkv", ".mp4"):
        clip = write_clip(open_video(film), 1.0, 2.0, tmp_path / f"clip{suffix}", suffix=suffix)
        assert clip.left_out == 0
        told = probed(
            tmp_path / f"clip{suffix}", "stream_tags=language:stream_disposition=default", "-select_streams", "a"
        )
        assert told == ["0,deu", "1,fra"]
    film.write_bytes(film.read_bytes().replace(b"A_VORBIS", b"A_UNHEAR").replace(b"A_AC3", b"A_XX3"))
    clip = write_clip(open_video(film), 1.0, 2.0, tmp_path / "clip.mkv", suffix=".mkv")
    assert clip.left_out == 2
    assert probed(tmp_path / "clip.mkv", "stream=codec_type") == ["video"]


def test_a_place_that_cannot_be_written_is_told_as_the_system_tells_it(tmp_path):
    film = open_video(make_film(tmp_path / "film.mp4"))
    with pytest.raises(OSError, match="No such file or directory"):
        write_clip(film, 1.0, 2.0, tmp_path / "gone" / "clip.mp4", suffix=".mp4")


def test_what_cannot_be_copied_is_one_sentence(tmp_path):
    film = open_video(make_film(tmp_path / "film.mp4"))
    with pytest.raises(VideoError, match=r"film\.mp4 cannot be put into a \.webm file") as told:
        write_clip(film, 1.0, 2.0, tmp_path / "clip.webm", suffix=".webm")
    assert told.value.advice == ".mkv takes more kinds."
    for start, end in ((2.0, 2.0), (3.0, 1.0)):
        with pytest.raises(VideoError, match="no picture"):
            write_clip(film, start, end, tmp_path / "clip.mp4", suffix=".mp4")
    counted = open_video(make_film(tmp_path / "film.avi", codec="mpeg4"))
    assert counted.counted
    with pytest.raises(VideoError, match="stores no times"):
        write_clip(counted, 1.0, 2.0, tmp_path / "clip.mkv", suffix=".mkv")
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        write_clip(film, 1.0, 2.0, tmp_path / "clip.mp4", suffix=".mp4", cancel=stopped)
