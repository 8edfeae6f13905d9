"""Moments and a place to put them in; a file out, or one plain sentence why not. Written in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app import saving
from app.moments.export.chapters import ChaptersError, left_out, write_chapters
from app.moments.export.markers import where_to_put, write_edl
from app.moments.export.subtitles import write_srt, write_vtt
from app.moments.export.table import write_csv
from app.moments.export.timeline import write_otio
from app.moments.moments import Moment
from engine.records import VideoInfo

Words = Callable[[Sequence[Moment], VideoInfo], str]


@dataclass(frozen=True, slots=True)
class Format(saving.Kind):
    """One kind of file; `more` is one sentence to tell of what was written, empty if there is none."""

    write: Words
    more: Words = lambda moments, video: ""


FORMATS = (
    Format(".csv", "Table", lambda moments, _: write_csv(moments)),
    Format(".srt", "Subtitles, SubRip", lambda moments, _: write_srt(moments)),
    Format(".vtt", "Subtitles, WebVTT", lambda moments, _: write_vtt(moments)),
    Format(
        ".txt", "Chapters for YouTube", lambda moments, video: write_chapters(moments, video.duration_seconds),
        lambda moments, video: left_out(moments, video.duration_seconds),
    ),
    Format(
        ".edl", "Markers for DaVinci Resolve",
        lambda moments, video: write_edl(moments, title=video.path.stem, frame_rate=video.frame_rate),
        lambda _, video: where_to_put(video.frame_rate),
    ),
    Format(
        ".otio", "Timeline with markers, OpenTimelineIO",
        lambda moments, video: write_otio(
            moments, film=video.path, duration_seconds=video.duration_seconds, frame_rate=video.frame_rate
        ),
    ),
)  # fmt: skip


class Saver(saving.Saver):
    """Asks where, and writes where nobody waits."""

    def save(self, parent: QWidget, moments: Sequence[Moment], video: VideoInfo) -> None:
        """Let the person choose a file and a format; `said` tells how it ended, if they did not change their mind."""
        film = video.path
        proposed = film.parent / f"{film.stem} moments{FORMATS[0].suffix}"
        path = saving.ask_where(parent, "Save the moments", proposed, FORMATS)
        if path is None:
            return
        format_ = saving.kind_of(path, FORMATS) or FORMATS[0]
        try:
            text = format_.write(moments, video)
        except ChaptersError as error:
            self.said.emit(str(error), False)
        else:
            told = f"Saved {path.name}. {format_.more(moments, video)}".strip()
            self.start(path, lambda: text.encode("utf-8", "replace"), "The list of moments", told)
