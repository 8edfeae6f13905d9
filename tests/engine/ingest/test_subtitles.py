"""Subtitles inside films and beside them, by the film's own clock."""

import pytest
from films import make_film
from rich_films import Words, make_rich_film

from engine.cancel import CancelToken
from engine.errors import Cancelled, SubtitleError
from engine.ingest.subtitles import (
    files_beside,
    language_in_name,
    read_subtitle_file,
    read_track,
    subtitle_tracks,
)

LINES = [(1.0, 2.0, "Hello {\\i1}you{\\i0}", "Default"), (3.0, 4.5, "Up\\Nthere", "Above")]
SRT = "1\n00:00:01,000 --> 00:00:02,000\n{}\n"


def cues(path, track):
    return [cue for piece in read_track(path, track.stream, cancel=CancelToken()) for cue in piece]


@pytest.mark.parametrize(
    ("name", "codec", "place"), [("f.mkv", "srt", "top"), ("f.mkv", "ass", "top"), ("f.mp4", "mov_text", "bottom")]
)
@pytest.mark.parametrize("start", [0.0, 5.0])
def test_tracks_inside_a_film(tmp_path, name, codec, place, start):
    words = [Words(LINES, "fra", "Pour sourds", codec, default=True), Words(LINES[:1], "", "", codec)]
    path = make_rich_film(tmp_path / name, frames=60, start=start, subtitles=words)
    first, second = subtitle_tracks(path)
    assert (first.language, first.title, first.is_text, first.is_default) == ("fra", "Pour sourds", True, True)
    assert (second.language, second.title, second.is_default) == ("", "", False)
    found = cues(path, first)
    assert [cue.text for cue in found] == ["Hello you", "Up\nthere"]
    assert [cue.place for cue in found] == ["bottom", place]
    assert [(cue.start_seconds, cue.end_seconds) for cue in found] == [
        (pytest.approx(1.0, abs=0.002), pytest.approx(2.0, abs=0.002)),
        (pytest.approx(3.0, abs=0.002), pytest.approx(4.5, abs=0.002)),
    ]
    assert found[0].lines[0][1].italic
    assert len(cues(path, second)) == 1


def test_a_film_without_subtitles(tmp_path):
    assert subtitle_tracks(make_film(tmp_path / "plain.mp4")) == ()


def test_many_cues_come_in_pieces_and_stop_when_asked(tmp_path):
    lines = [(n * 0.1, n * 0.1 + 0.05, f"line {n}", "Default") for n in range(100)]
    path = make_rich_film(tmp_path / "long.mkv", frames=110, subtitles=[Words(lines)])
    cancel = CancelToken()
    pieces = read_track(path, subtitle_tracks(path)[0].stream, cancel=cancel)
    assert 0 < len(next(pieces)) < 100
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(pieces)


def test_files_beside_a_film(tmp_path):
    film = make_film(tmp_path / "Holiday.mp4", frames=2)
    for name in ("holiday.srt", "Holiday.en.forced.ass", "Holiday.de.VTT", "Holiday 2.srt", "other.srt", "Holiday.txt"):
        (tmp_path / name).write_text("x")
    found = files_beside(film)
    assert [path.name for path in found] == ["holiday.srt", "Holiday.de.VTT", "Holiday.en.forced.ass"]
    assert [language_in_name(path, film) for path in found] == ["", "de", "en.forced"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", SRT.format("words")),
        ("wrong-name.srt", "WEBVTT\n\n00:01.000 --> 00:02.000\nwords\n"),
        ("a.vtt", "\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nwords\n"),
        ("a.ass", "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, "
         "MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,words\n"),
        ("a.ssa", "[Script Info]\nScriptType: v4.00\n\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, "
         "MarginR, MarginV, Effect, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,Default,,0,0,0,,words\n"),
    ],
)  # fmt: skip
def test_files_are_read_by_what_is_in_them(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    read = read_subtitle_file(path)
    assert [(cue.text, cue.start_seconds, cue.end_seconds) for cue in read.cues] == [("words", 1.0, 2.0)]
    assert read.notes == ()


def test_a_guess_is_noted_and_can_be_overruled(tmp_path):
    path = tmp_path / "old.srt"
    path.write_bytes(SRT.format("Привет, как дела? Где мальчик?").encode("cp1251"))
    read = read_subtitle_file(path)
    assert read.cues[0].text.startswith("Привет")
    assert "old.srt" in read.notes[0]
    assert "Cyrillic" in read.notes[0]
    other = read_subtitle_file(path, encoding="koi8_r")
    assert not other.cues[0].text.startswith("Привет")
    assert other.notes == ()


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\x01\x02" * 500, b"1\n00:00:05,000 --> 00:00:04,000\nx\n"])
def test_what_is_none_is_said_in_one_sentence(tmp_path, content):
    path = tmp_path / "bad.srt"
    path.write_bytes(content)
    with pytest.raises(SubtitleError) as caught:
        read_subtitle_file(path)
    assert "bad.srt" in caught.value.message
    assert caught.value.message.count(".") == 2  # the name's, and the end


def test_a_missing_file(tmp_path):
    with pytest.raises(SubtitleError, match="cannot be read"):
        read_subtitle_file(tmp_path / "gone.srt")
