"""Moments as files, each read back by somebody else's reader: csv, FFmpeg, pysubs2, and Resolve's own pattern."""

import csv
import io
import re
from dataclasses import replace
from fractions import Fraction
from urllib.parse import urlparse
from urllib.request import url2pathname

import av
import opentimelineio as otio
import pysubs2
import pytest

from app.moments.export.chapters import ChaptersError, left_out, write_chapters
from app.moments.export.files import FORMATS
from app.moments.export.markers import rate_of, where_to_put, write_edl
from app.moments.export.subtitles import write_srt, write_vtt
from app.moments.export.table import COLUMNS, write_csv
from app.moments.export.timeline import write_otio
from app.moments.moments import Moment
from engine.records import Segment

EVIL = 'Tea & <b>cake</b> {\\an8}, "so" --> | then\n\n00:00:01,000'
PLAIN = " ".join(EVIL.split())


def moment(rank, start, end, **changes):
    peak = Segment(0, start, end, start, (start,))
    return Moment(start, end, peak, 0.9 - rank / 100, 0.5, 8, 12, 2, rank=rank, **changes)


MOMENTS = (  # as listed, the most relevant first
    moment(1, 3723.5, 3730.0, cited=(1, 3), chapter=EVIL), moment(2, 1 / 3, 7.0414), moment(3, 59.9996, 61.0),
)  # fmt: skip
BY_TIME = (MOMENTS[1], MOMENTS[2], MOMENTS[0])


def test_the_table_reads_back_to_the_last_digit():
    unknown = replace(MOMENTS[1], peak_tokens=None, tokens=0)
    head, *rows = csv.reader(io.StringIO(write_csv((MOMENTS[0], unknown)), newline=""))
    assert tuple(head) == COLUMNS
    first, second = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    assert (float(first["start_seconds"]), float(first["end_seconds"])) == (3723.5, 3730.0)
    assert (first["rank"], first["tokens"], first["cited_as"], first["chapter"]) == ("1", "12", "1 3", EVIL)
    assert (float(second["start_seconds"]), second["tokens"], second["chapter"]) == (1 / 3, "", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_chapter_is_no_formula_for_a_spreadsheet(name):
    _, row = csv.reader(io.StringIO(write_csv([moment(1, 0, 2, chapter=name)]), newline=""))
    assert row[-1] == f"'{name}"


def read_by_ffmpeg(path):
    """Start and end in seconds of every cue."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.subtitles
        packets = [packet for packet in container.demux(stream) if packet.size]
        return [(float(packet.pts * packet.time_base), float((packet.pts + packet.duration) * packet.time_base))
                for packet in packets]  # fmt: skip


@pytest.mark.parametrize(("suffix", "write"), [("srt", write_srt), ("vtt", write_vtt)])
def test_subtitles_read_back_with_the_films_own_times(tmp_path, suffix, write):
    path = tmp_path / f"moments.{suffix}"
    path.write_bytes(write(MOMENTS).encode())
    wanted = [(one.start_seconds, one.end_seconds) for one in BY_TIME]
    cues = list(pysubs2.load(str(path)))
    for read in (read_by_ffmpeg(path), [(cue.start / 1000, cue.end / 1000) for cue in cues]):
        assert len(read) == len(wanted)
        for cue, (start, end) in zip(read, wanted, strict=True):
            assert cue == pytest.approx((start, end), abs=0.00051)
    assert [cue.plaintext.split(":")[0] for cue in cues] == ["Moment 2", "Moment 3", "Moment 1"]


def test_nothing_in_subtitles_is_taken_for_a_mark(tmp_path):
    srt, vtt = write_srt(MOMENTS[:1]), write_vtt(MOMENTS[:1])
    path = tmp_path / "moments.srt"
    path.write_text(srt, encoding="utf-8")
    (cue,) = pysubs2.load(str(path))
    assert 'Tea & ‹b›cake‹/b› (\\an8), "so" --› | then 00:00:01,000, cited as 1, 3' in cue.text.replace("\\\\", "\\")
    text = vtt.splitlines()[4]
    assert "Tea &amp; &lt;b&gt;cake&lt;/b&gt;" in text
    assert not set("<>") & set(text)
    assert len(vtt.splitlines()) == 5, "an empty line would end the cue"
    assert "01:02:03,500 --> 01:02:10,000" in srt
    assert "00:00:00.333 --> 00:00:07.041" in write_vtt(BY_TIME)
    assert "00:01:00,000 --> 00:01:01,000" in write_srt(BY_TIME), "59.9996 s is a minute, not 59 s and 1000 ms"


@pytest.mark.parametrize("frame_rate", [25.0, 24000 / 1001, 27.31])
def test_a_timeline_reads_back_to_the_frame(tmp_path, frame_rate):
    film = tmp_path / "a film #1.mp4"
    text = write_otio(MOMENTS, film=film, duration_seconds=4000.5, frame_rate=frame_rate)
    read = otio.adapters.read_from_string(text, "otio_json")
    assert read.name == "a film #1 moments"
    (clip,) = read.find_clips()
    rate = rate_of(frame_rate)
    assert clip.duration().to_seconds() == pytest.approx(4000.5, abs=0.51 / rate)
    assert url2pathname(urlparse(clip.media_reference.target_url).path) == str(film)
    assert [marker.name for marker in clip.markers] == ["Moment 2", "Moment 3", "Moment 1"]
    for marker, one in zip(clip.markers, BY_TIME, strict=True):
        start, length = marker.marked_range.start_time, marker.marked_range.duration
        assert start.rate == length.rate == float(rate)
        assert start.to_seconds() == pytest.approx(one.start_seconds, abs=0.51 / rate)
        assert length.to_seconds() == pytest.approx(one.seconds, abs=1.01 / rate)
        assert marker.color == ("GREEN" if one.cited else "BLUE")
    assert clip.markers[2].comment == f"relevance 0.89, 8 tokens, {PLAIN}, cited as 1, 3"
    assert otio.adapters.read_from_string(
        otio.adapters.write_to_string(read, "otio_json"), "otio_json"
    ).is_equivalent_to(read)


CHAPTER = re.compile(r"(?:(\d+):)?(\d+):(\d\d) (.+)")


def read_chapters(text):
    """As YouTube's rules read them: seconds and titles."""
    found = [CHAPTER.fullmatch(line).groups() for line in text.splitlines()]
    return [(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds), title)
            for hours, minutes, seconds, title in found]  # fmt: skip


def test_chapters_follow_the_rules_and_the_most_relevant_goes_first():
    moments = (moment(1, 25.9, 27), moment(2, 3723.5, 3730, chapter="A <b>"), moment(3, 18, 20), moment(4, 4, 6),
               moment(5, 3731, 3733))  # fmt: skip
    read = read_chapters(write_chapters(moments, 3740.0))
    assert read == [(0, "Beginning"), (25, "Moment 1"), (3723, "Moment 2, A ‹b›")]
    assert left_out(moments, 3740.0) == ("Left out: 3 moments that would make a chapter of less than 10 seconds.")


def test_a_moment_at_the_very_beginning_is_the_first_chapter():
    moments = (moment(1, 0.4, 2), moment(2, 10.0, 12), moment(3, 20.0, 22))
    assert [start for start, _ in read_chapters(write_chapters(moments, 30.0))] == [0, 10, 20]
    assert read_chapters(write_chapters(moments, 30.0))[0] == (0, "Moment 1")
    assert left_out(moments, 30.0) == ""
    with pytest.raises(ChaptersError, match="these moments make 2"):
        write_chapters(moments, 29.9)


def test_chapters_that_cannot_be_are_one_plain_sentence():
    with pytest.raises(ChaptersError) as told:
        write_chapters([moment(1, 30, 32)], 60.0)
    assert str(told.value) == ("YouTube wants at least 3 chapters of 10 seconds or more, and these moments make 2.")


EVENT = re.compile(
    r"(\d{3})  001      V     C        (\S+) (\S+) (\S+) (\S+)  \n([^|\n]*) \|C:(\w+) \|M:([^|\n]*) \|D:(\d+)\n"
)  # as Resolve writes them: Timelines > Export > Timeline Markers to EDL


def seconds_of(timecode, rate):
    hours, minutes, seconds, frames = map(int, timecode.split(":"))
    assert frames < round(rate)
    counted = ((hours - 1) * 3600 + minutes * 60 + seconds) * round(rate) + frames
    return float(counted / rate)


@pytest.mark.parametrize(
    ("frame_rate", "rate"),
    [(24000 / 1001, Fraction(24000, 1001)), (25.0, Fraction(25)), (29.97, Fraction(30000, 1001)), (30.0, Fraction(30)),
     (59.94006, Fraction(60000, 1001)), (27.31, Fraction(25)), (10.0, Fraction(24000, 1001))],
)  # fmt: skip
def test_markers_read_back_to_the_frame(frame_rate, rate):
    text = write_edl(MOMENTS, title="a\nfilm", frame_rate=frame_rate)
    assert rate_of(frame_rate) == rate
    head, events = text[: text.index("001")], EVENT.findall(text)
    assert head == "TITLE: a film\nFCM: NON-DROP FRAME\n\n"
    assert [event[0] for event in events] == ["001", "002", "003"]
    for (_, start, after, *again, note, colour, name, frames), one in zip(events, BY_TIME, strict=True):
        assert seconds_of(start, rate) == pytest.approx(one.start_seconds, abs=0.51 / rate)
        assert seconds_of(after, rate) - seconds_of(start, rate) == pytest.approx(1 / rate)
        assert again == [start, after]
        assert int(frames) == pytest.approx((one.end_seconds - one.start_seconds) * rate, abs=1.01)
        assert colour == ("ResolveColorGreen" if one.cited else "ResolveColorBlue")
        assert name == f"Moment {one.rank}"
        assert note.startswith("relevance 0."), "a note that begins with a digit is taken for an event"
    assert PLAIN.replace("|", "/") in text


def test_it_is_said_which_timeline_the_markers_are_for():
    assert where_to_put(23.976) == ("Import it onto a timeline of 23.976 frames a second that begins at 01:00:00:00.")


def test_every_format_has_an_ending_of_its_own():
    assert [format_.suffix for format_ in FORMATS] == [".csv", ".srt", ".vtt", ".txt", ".edl", ".otio"]
