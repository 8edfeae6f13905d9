"""Subtitles of a film in, cues on the film's own clock out: the tracks inside it, and the files beside it.

An embedded track is spread over the whole film, so its cues come in pieces while the file is read; packets of other
streams are left out as early as the container allows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cancel import CancelToken
from engine.errors import SubtitleError
from engine.ingest.cues import Cue, cues_of, cues_of_text
from engine.ingest.encodings import NAMES, decode_text
from engine.ingest.timetable import container_start
from engine.ingest.video import open_container

if TYPE_CHECKING:
    from pysubs2 import SSAEvent

logger = logging.getLogger(__name__)

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
_MOST_BYTES = 50_000_000  # a text of two hours has 100,000
_PIECE = 40  # cues
_UNTIL_NEXT_SECONDS = 4.0  # for cues that say no length
_ENDLESS_MILLISECONDS = 0xFFFFFFFF  # how FFmpeg says that


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """Subtitles inside a film."""

    stream: int
    language: str  # as the file says it: eng, de, empty
    title: str
    is_text: bool  # False: pictures, as on discs
    is_default: bool
    is_forced: bool
    for_deaf: bool


@dataclass(frozen=True, slots=True)
class SubtitleFile:
    """Subtitles from a file of their own."""

    path: Path
    cues: tuple[Cue, ...]
    encoding: str
    notes: tuple[str, ...] = ()


def subtitle_tracks(path: Path) -> tuple[SubtitleTrack, ...]:
    """The tracks inside a film. Raises `VideoError` if it cannot be opened."""
    with open_container(path) as container:
        return tuple(_track(stream) for stream in container.streams.subtitles)


def files_beside(film: Path) -> tuple[Path, ...]:
    """Subtitle files named like the film, the plain name first: film.srt, film.en.ass."""
    stem = film.stem.casefold()
    try:
        found = [path for path in film.parent.iterdir() if path.suffix.casefold() in SUFFIXES and path.is_file()]
    except OSError as error:
        logger.info("no look into %s: %s", film.parent, error)
        return ()
    named = [path for path in found if path.stem.casefold() == stem or path.stem.casefold().startswith(f"{stem}.")]
    return tuple(sorted(named, key=lambda path: (len(path.stem), path.name.casefold())))


def language_in_name(path: Path, film: Path) -> str:
    """What stands between film name and suffix: `en` in film.en.srt; empty for film.srt or another name."""
    rest = path.stem[len(film.stem) :] if path.stem.casefold().startswith(film.stem.casefold()) else ""
    return rest.strip(" ._-()[]")


def read_subtitle_file(path: Path, *, languages: tuple[str, ...] = (), encoding: str = "") -> SubtitleFile:
    """Read .srt, .vtt, .ass or .ssa, by what is in it rather than by its name. Raises `SubtitleError`.

    `languages` help to guess an encoding that the file does not tell; `encoding` is taken as it is."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SubtitleError(f"{path.name} is too large for subtitles.")
        data = path.read_bytes()
    except OSError as error:
        raise SubtitleError(f"{path.name} cannot be read.") from error
    decoded = decode_text(data, languages=languages)
    text, used, guessed = decoded.text, decoded.encoding, decoded.guessed
    if encoding:
        text, used, guessed = data.decode(encoding, errors="replace").lstrip("\ufeff"), encoding, False
    try:
        cues = cues_of_text(text, kind=_kind(text))
    except ValueError as error:
        raise SubtitleError(f"{path.name} holds no subtitles that can be read.") from error
    if not cues:
        raise SubtitleError(f"{path.name} holds no subtitles that can be shown.")
    name = NAMES.get(used, used.upper())
    notes = (f"{path.name} does not say how its letters are stored: read as {name}.",) if guessed else ()
    return SubtitleFile(path, cues, used, notes)


def read_track(path: Path, stream: int, *, cancel: CancelToken) -> Iterator[tuple[Cue, ...]]:
    """The cues of a text track inside a film, piece by piece. Raises `VideoError`, `SubtitleError` and `Cancelled`."""
    import pysubs2
    from av.error import FFmpegError
    from av.stream import Discard

    with open_container(path) as container:
        start = float(container_start(container))
        wanted = container.streams[stream]
        context: Any = wanted.codec_context
        if context is None or not context.codec.text_sub:
            raise SubtitleError("These subtitles are pictures, not text.")
        for other in container.streams:
            other.discard = Discard.default if other is wanted else Discard.all
        pages, styled = pysubs2.SSAFile(), False
        try:
            for packet in container.demux(wanted):
                cancel.check()
                pages.events.extend(_events(wanted, packet, start))
                if not styled and context.subtitle_header:  # known once its decoder has begun
                    styled = True
                    _take_styles(pages, context.subtitle_header)
                if len(pages.events) >= _PIECE:
                    yield cues_of(pages)
                    pages.events.clear()
        except FFmpegError as error:
            logger.info("subtitles of %s end early: %s", path, error)
        yield cues_of(pages)


def _track(stream: Any) -> SubtitleTrack:
    from av.stream import Disposition

    codec = stream.codec_context.codec if stream.codec_context is not None else None
    title = str(stream.metadata.get("title") or stream.metadata.get("name") or "")
    language = str(stream.metadata.get("language") or "")
    return SubtitleTrack(
        stream=stream.index,
        language="" if language == "und" else language,
        title="".join(sign for sign in title if sign.isprintable()).strip(),
        is_text=bool(codec and codec.text_sub),
        is_default=bool(stream.disposition & Disposition.default),
        is_forced=bool(stream.disposition & Disposition.forced),
        for_deaf=bool(stream.disposition & Disposition.hearing_impaired),
    )


def _take_styles(pages: Any, header: bytes) -> None:
    import pysubs2

    text = header.decode("utf-8", errors="replace")
    if "Styles]" in text:
        try:
            pages.styles.update(pysubs2.SSAFile.from_string(text, format_="ass").styles)
        except (pysubs2.Pysubs2Error, ValueError, IndexError) as error:
            logger.info("styles of subtitles are left out: %s", error)


def _events(stream: Any, packet: Any, start: float) -> Iterator[SSAEvent]:
    """What a packet shows: FFmpeg makes an ASS line of every text format."""
    from av.error import FFmpegError
    from pysubs2 import SSAEvent

    if not packet.size or packet.pts is None:
        return
    try:
        page = stream.decode2(packet)
    except FFmpegError as error:
        logger.info("a subtitle does not decode: %s", error)
        return
    begin = float(packet.pts * packet.time_base) - start
    length = float((packet.duration or 0) * packet.time_base) or _UNTIL_NEXT_SECONDS
    if page is None:
        return
    first, own = begin + page.start_display_time / 1000, page.end_display_time
    last = begin + own / 1000 if 0 < own < _ENDLESS_MILLISECONDS else begin + length
    for rect in page:
        fields = getattr(rect, "ass", b"").decode("utf-8", errors="replace").split(",", 8)
        if len(fields) == 9:
            yield SSAEvent(round(first * 1000), round(last * 1000), text=_one_line(fields[8]), style=fields[2])


def _one_line(text: str) -> str:
    return text.replace("\r\n", "\\N").replace("\n", "\\N")


def _kind(text: str) -> str:
    head = text[:4096].lstrip("\ufeff \r\n\t")
    if head.startswith("WEBVTT"):
        return "vtt"
    if "[script info]" in head.lower() or "[events]" in head.lower():
        return "ass" if "v4+" in text.lower() or "v4.00+" in text.lower() else "ssa"
    if "-->" in text:
        return "srt"
    raise ValueError("no times")
