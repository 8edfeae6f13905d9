"""Films with chapters, several sound tracks and subtitles, made on the spot with PyAV; and subtitles of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from films import TICKS, numbered_picture

_HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0
Style: Above,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,1,0,0,100,100,0,0,1,1,0,8,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True)
class Words:
    """A subtitle track: (start, end, text in ASS, style)."""

    lines: Sequence[tuple[float, float, str, str]]
    language: str = ""
    title: str = ""
    codec: str = "srt"
    default: bool = False


def make_rich_film(
    path: Path,
    *,
    frames: int = 100,
    rate: int = 10,
    start: float = 0.0,
    chapters: Sequence[tuple[float, float, str]] = (),
    sounds: Sequence[tuple[str, str]] = (),
    subtitles: Sequence[Words] = (),
    codec: str = "libx264",
) -> Path:
    """Numbered pictures from `start` on; times of chapters and subtitles are the film's own, from 0."""
    with av.open(str(path), "w") as output:
        video = _video(output, rate, codec)
        voices = [_voice(output, language, title) for language, title in sounds]
        tracks = [(words, _track(output, words)) for words in subtitles]
        if chapters:
            output.set_chapters([_chapter(number, *chapter, start) for number, chapter in enumerate(chapters)])
        seconds = frames / rate
        for voice in voices:
            _write_silence(output, voice, start, seconds)
        _write_pictures(output, video, frames, rate, start)
        for words, track in tracks:
            _write_words(output, track, words, start)
    return path


def _video(output: Any, rate: int, codec: str) -> Any:
    stream = output.add_stream(codec, rate=rate)
    stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
    stream.codec_context.time_base = TICKS if codec == "libx264" else Fraction(1, rate)
    stream.codec_context.gop_size, stream.codec_context.thread_count = 12, 1
    if codec == "libx264":
        stream.codec_context.options = {"crf": "12", "preset": "ultrafast", "x264-params": "scenecut=0", "bf": "0"}
    return stream


def _voice(output: Any, language: str, title: str) -> Any:
    stream = output.add_stream("aac", rate=44_100)
    stream.metadata.update({"language": language, "title": title})
    return stream


def _track(output: Any, words: Words) -> Any:
    from av.stream import Disposition

    stream = output.add_stream(words.codec)
    stream.codec_context.subtitle_header = _HEADER
    stream.codec_context.time_base = Fraction(1, 1000)
    stream.metadata.update({"language": words.language, "title": words.title})
    stream.disposition = Disposition.default if words.default else Disposition(0)
    return stream


def _chapter(number: int, start: float, end: float, title: str, offset: float) -> dict[str, Any]:
    at = [round((moment + offset) * 1000) for moment in (start, end)]
    return {
        "id": number, "start": at[0], "end": at[1], "time_base": Fraction(1, 1000), "metadata": {"title": title}
    }  # fmt: skip


def _write_pictures(output: Any, stream: Any, frames: int, rate: int, start: float) -> None:
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(numbered_picture(number, (160, 96)), format="rgb24")
        frame = frame.reformat(format="yuv420p")
        base = stream.codec_context.time_base
        frame.time_base, frame.pts = base, round((start + number / rate) / base)
        output.mux(stream.encode(frame))
    output.mux(stream.encode())


def _write_silence(output: Any, stream: Any, start: float, seconds: float) -> None:
    for sample in range(0, int(seconds * 44_100), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base = 44_100, Fraction(1, 44_100)
        frame.pts = sample + round(start * 44_100)
        output.mux(stream.encode(frame))
    output.mux(stream.encode())


def _write_words(output: Any, stream: Any, words: Words, offset: float) -> None:
    from av.subtitles.subtitle import SubtitleSet

    for number, (start, end, text, style) in enumerate(words.lines):
        line = f"{number},0,{style},,0,0,0,,{text}".encode()
        begin, length = round((start + offset) * 1000), round((end - start) * 1000)
        packet = stream.codec_context.encode_subtitle(SubtitleSet.create(line, 0, length, pts=begin))
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = begin
        packet.duration = length
        output.mux(packet)
