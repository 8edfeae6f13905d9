"""Probing: times, rates, rotation and notes of made and real films; one plain sentence for everything unreadable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import films
import numpy as np
import pytest

from engine.cancel import CancelToken
from engine.errors import Cancelled, VideoError
from engine.ingest.video import check_video, open_video

REAL = pytest.mark.parametrize("find", [films.phone_film, films.bikes, films.bigbuckbunny], ids=lambda f: f.__name__)
VARIED = [0.0, 0.1, 0.5, 0.6, 1.7, 1.8, 3.0]


def decoded_seconds(path: Path) -> list[float]:
    """What really decoding the film says."""
    with av.open(str(path)) as container:
        start = (container.start_time or 0) / 1e6
        return [float(frame.pts * frame.time_base) - start for frame in container.decode(video=0)]


def ffprobe_seconds(path: Path) -> list[float]:
    """What FFmpeg's own prober says of each decoded frame."""
    wanted = ("-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0")
    out = films.run_ffmpeg(*wanted, path, program="ffprobe")
    return [float(line.strip(",")) for line in out.split() if line.strip(",")]


@REAL
def test_times_of_real_films_are_those_of_decoding_and_of_ffprobe(find):
    path = find()
    film = open_video(path)
    np.testing.assert_allclose(film.seconds, decoded_seconds(path), atol=2e-6)
    np.testing.assert_allclose(film.seconds, ffprobe_seconds(path), atol=2e-6)
    assert film.info.frame_count == len(film.seconds) == len(film.pts)


def test_what_is_known_of_the_real_films():
    phone, bikes, bunny = (open_video(find()).info for find in (films.phone_film, films.bikes, films.bigbuckbunny))
    assert (phone.frame_count, phone.variable_rate, phone.has_audio, phone.width) == (41, True, True, 1920)
    assert (bikes.frame_count, bikes.frame_rate, bikes.duration_seconds, bikes.has_audio) == (250, 25.0, 10.0, False)
    assert (bunny.frame_count, bunny.frame_rate, bunny.duration_seconds, bunny.height) == (132, 25.0, 5.28, 720)
    assert bikes.codec == bunny.codec == "h264"
    assert "Variable frame rate" in phone.notes[0]
    assert bikes.notes == bunny.notes == ()


MADE = {
    "constant.mp4": {},
    "b-frames.mp4": {"b_frames": 3, "gop": 48},
    "varied.mp4": {"times": VARIED},
    "late.mkv": {"start": 5.0},
    "stream.ts": {"start": 5.0, "b_frames": 2},
    "sound-first.mp4": {"start": 1.0, "audio_seconds": 2.0},
    "odd.mp4": {"size": (75, 49)},
    "phone.mp4": {"upright_turn": 90},
    "hevc.mp4": {"codec": "libx265", "b_frames": 3, "options": {"x265-params": "log-level=none"}},
    "web.webm": {"codec": "libvpx-vp9"},
    "old.avi": {"codec": "mpeg4"},
    "pictures.avi": {"codec": "mjpeg"},
}


@pytest.mark.parametrize("name", MADE)
def test_times_of_made_films_are_those_of_decoding(tmp_path, name):
    path = films.make_film(tmp_path / name, **MADE[name])
    film = open_video(path)
    np.testing.assert_allclose(film.seconds, decoded_seconds(path), atol=2e-6)
    assert film.info.frame_count == len(MADE[name].get("times", range(48)))
    assert film.info.variable_rate == ("times" in MADE[name])
    assert film.keyframes[0] == 0


def test_a_constant_film_runs_frames_over_rate(tmp_path):
    info = open_video(films.make_film(tmp_path / "film.mp4", frames=31, rate=30)).info
    assert (info.duration_seconds, info.frame_rate, info.variable_rate) == (31 / 30, 30.0, False)
    info = open_video(films.make_film(tmp_path / "film.mkv", frames=31, rate=30)).info  # times in milliseconds
    assert (info.duration_seconds, info.frame_rate, info.variable_rate) == (31 / 30, 30.0, False)


def test_a_varied_film_has_its_mean_rate_and_a_note(tmp_path):
    film = open_video(films.make_film(tmp_path / "film.mp4", times=VARIED))
    np.testing.assert_allclose(film.seconds, VARIED, atol=1e-4)
    assert film.info.duration_seconds > 3.0
    assert film.info.frame_rate == pytest.approx(7 / film.info.duration_seconds)
    assert film.info.notes == ("Variable frame rate: frames are sampled by their own times.",)


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4", "film.ts"])
def test_the_clock_starts_with_the_container(tmp_path, name):
    film = open_video(films.make_film(tmp_path / name, start=5.0))
    assert film.info.start_seconds == pytest.approx(5.0, abs=1e-3)
    assert film.seconds[0] == 0.0
    assert film.info.duration_seconds == pytest.approx(4.0, abs=1e-3)


def test_a_picture_later_than_the_sound_keeps_its_delay(tmp_path):
    film = open_video(films.make_film(tmp_path / "film.mp4", start=1.0, audio_seconds=6.0))
    assert film.info.has_audio
    assert film.info.start_seconds == 0.0
    assert film.seconds[0] == pytest.approx(1.0, abs=1e-4)
    assert film.info.duration_seconds == pytest.approx(5.0, abs=1e-3)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_size_is_upright_and_the_turn_is_clockwise(tmp_path, turn):
    info = open_video(films.make_film(tmp_path / "film.mp4", upright_turn=turn, size=(64, 48))).info
    assert (info.width, info.height, info.rotation_degrees) == (64, 48, turn)


def test_frames_an_edit_list_hides_are_left_out(tmp_path):
    """Cutting without recoding keeps the frames since the keyframe and tells the player to skip them."""
    whole = films.make_film(tmp_path / "whole.mp4", gop=48)
    cut = tmp_path / "cut.mp4"
    films.run_ffmpeg("-ss", "1.0", "-i", whole, "-c", "copy", cut)
    with av.open(str(cut)) as container:
        packets = sum(packet.size > 0 for packet in container.demux(video=0))
    film = open_video(cut)
    assert film.info.frame_count == len(decoded_seconds(cut)) < packets
    np.testing.assert_allclose(film.seconds, decoded_seconds(cut), atol=2e-6)
    assert film.info.notes == ()


def test_a_transport_stream_that_begins_midway_starts_at_its_first_keyframe(tmp_path):
    """A recording that joined the broadcast late: what comes before the first keyframe is never shown."""
    whole = films.make_film(tmp_path / "whole.ts", b_frames=2, gop=12)
    late = films.cut_off_head(whole, share=0.2)
    film = open_video(late)
    np.testing.assert_allclose(film.seconds, decoded_seconds(late), atol=2e-6)
    assert film.info.frame_count % 12 == 0
    assert 12 <= film.info.frame_count < 48


def test_an_avi_with_reordered_frames_says_that_its_times_are_derived(tmp_path):
    film = open_video(films.make_film(tmp_path / "film.avi", b_frames=2, rate=12))
    assert film.counted
    np.testing.assert_allclose(np.diff(film.seconds), 1 / 12, atol=1e-3)
    assert any("no presentation times" in note for note in film.info.notes)


def test_a_raw_stream_is_timed_by_its_rate(tmp_path):
    film = open_video(films.make_film(tmp_path / "film.h264", frames=20, rate=12))
    assert film.info.frame_count == 20
    assert film.seconds[0] == 0.0
    assert np.all(np.diff(film.seconds) > 0)
    assert any("no presentation times" in note for note in film.info.notes)


def test_high_dynamic_range_is_noted(tmp_path):
    options = {"x264-params": "transfer=smpte2084:colorprim=bt2020:colormatrix=bt2020nc"}
    info = open_video(films.make_film(tmp_path / "film.mp4", options=options)).info
    assert info.notes == ("High dynamic range (PQ): the model sees its colours without tone mapping.",)


@pytest.mark.parametrize("open_it", [open_video, check_video])
def test_opening_stops_when_asked(tmp_path, open_it):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        open_it(films.make_film(tmp_path / "film.mp4"), cancel=cancel)


def test_a_stop_is_looked_for_in_the_search_for_a_picture_that_decodes(tmp_path):
    """A damaged film is read to its end for one."""

    class Counting(CancelToken):
        checks = 0

        def check(self):
            self.checks += 1

    path = films.make_film(tmp_path / "film.mp4", frames=48)
    whole = path.read_bytes()
    start = whole.index(b"mdat") + 4
    end = start - 8 + int.from_bytes(whole[start - 8 : start - 4], "big")
    path.write_bytes(whole[:start] + bytes(end - start) + whole[end:])
    token = Counting()
    with pytest.raises(VideoError, match="none of its pictures"):
        open_video(path, cancel=token)
    assert token.checks >= 2 * 48


def refusal(path: Path) -> str:
    with pytest.raises(VideoError) as caught:
        open_video(path)
    with pytest.raises(VideoError) as checked:
        check_video(path)
    message = caught.value.message
    assert checked.value.message == message
    assert message.endswith(".")
    assert "\n" not in message
    assert "Error" not in message
    return message


def test_files_that_are_no_films_are_refused_in_one_sentence(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(20_000))
    (tmp_path / "letter.txt").write_text("Dear reader,\nthis is no film.\n" * 40)
    (tmp_path / "letter.mp4").write_text("Dear reader,\nthis is no film.\n" * 40)
    with av.open(str(tmp_path / "photo.png"), "w", format="image2") as output:
        stream = output.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        frame = av.VideoFrame.from_ndarray(films.numbered_picture(1, (64, 48)), format="rgb24")
        output.mux(stream.encode(frame))
        output.mux(stream.encode())
    assert refusal(tmp_path / "absent.mp4") == f"There is no file at {tmp_path / 'absent.mp4'}."
    assert refusal(tmp_path) == f"{tmp_path.name} is a folder, not a film."
    assert refusal(tmp_path / "empty.mp4") == "empty.mp4 is empty."
    assert refusal(tmp_path / "noise.mp4") == "noise.mp4 is not a film, or it is damaged."
    assert refusal(tmp_path / "letter.txt") == "letter.txt is a text file, not a film."
    assert refusal(tmp_path / "letter.mp4") == "letter.mp4 is not a film, or it is damaged."
    assert refusal(tmp_path / "photo.png") == "photo.png is a single picture, not a film."
    assert refusal(films.make_sound(tmp_path / "song.m4a")) == "song.m4a holds sound but no picture."
    assert refusal(Path("/dev/null")) == "null is not a file."
    assert refusal(tmp_path / ("long" * 100)).endswith("cannot be opened.")
    assert refusal(tmp_path / "zero\0byte.mp4")


def test_a_playlist_cannot_reach_the_network(tmp_path):
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    assert refusal(playlist)


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = films.make_film(tmp_path / "secret.mp4", frames=4)
    path.chmod(0)
    if os.geteuid() != 0:
        assert refusal(path) == "secret.mp4 may not be read: permission denied."
        return
    code = (
        "import os, sys; import av; from engine.ingest.video import open_video; from engine.errors import VideoError\n"
        "import engine.ingest.timetable\nos.setuid(65534)\n"
        "try: open_video(sys.argv[1])\nexcept VideoError as error: print(error.message)"
    )
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        if folder.stat().st_uid == 0 and folder != Path("/tmp"):
            folder.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "secret.mp4 may not be read: permission denied.", done.stderr


def test_a_film_cut_off_before_its_index_is_called_incomplete(tmp_path):
    short = films.cut_short(films.make_film(tmp_path / "film.mp4"), share=0.5)
    assert refusal(short) == "short-film.mp4 is incomplete: its end, which holds the index, is missing."


def test_a_film_cut_off_after_its_index_is_read_as_far_as_it_goes(tmp_path):
    whole = films.make_film(tmp_path / "film.mp4", container_options={"movflags": "faststart"})
    film = open_video(films.cut_short(whole, share=0.6))
    assert 5 < film.info.frame_count < 48
    assert film.info.notes == (f"The file is cut off: {film.info.frame_count} of 48 frames are there.",)
    assert film.info.duration_seconds == pytest.approx(film.info.frame_count / 12)


def test_a_matroska_film_cut_off_says_so(tmp_path):
    film = open_video(films.cut_short(films.make_film(tmp_path / "film.mkv"), share=0.5))
    assert 5 < film.info.frame_count < 40
    assert any(note.startswith("The file is cut off: it says it runs 4.0 s") for note in film.info.notes)


def test_importing_the_room_loads_neither_torch_nor_av():
    code = "import sys, engine.ingest, engine.ingest.frames, engine.ingest.segments, engine.ingest.geometry\n"
    code += "print(sorted({'torch', 'torchvision', 'av', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
