"""A place on the timeline in, what a click there reaches out: one answer for click, hover card and thumbnail. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.clock import clock, span
from app.counting import count, count_of
from app.timeline.content import Content
from app.timeline.lanes import Lanes
from app.timeline.pin_marks import PinMark
from app.timeline.scale import Scale
from engine.records import Segment

PIN_REACH = 10  # pixels
CUT_REACH = 4  # pixels


@dataclass(frozen=True, slots=True)
class Target:
    """The moment a click goes to, and what it is called if it is more than a moment."""

    seconds: float
    name: str = ""
    end_seconds: float | None = None  # of a citation or chapter


def target_at(x: float, y: float, *, lanes: Lanes, scale: Scale, content: Content, marks: Sequence[PinMark]) -> Target:
    """A pin, a chapter and a cut draw the click to their own moment; anywhere else it is the one under the pixel."""
    seconds = scale.to_seconds(x)
    if lanes.beside(lanes.citations, y):
        for mark in marks:
            if abs(mark.pixel - x) <= PIN_REACH:
                pin = next(pin for pin in content.heatmap.pins if pin.seconds == mark.seconds)
                return Target(mark.seconds, f"Citation {mark.label}", pin.end_seconds)
    if lanes.beside(lanes.chapters, y, reach=0) and (chapter := content.chapter_at(seconds)):
        name = chapter.title or f"Chapter {content.chapters.index(chapter) + 1}"
        return Target(chapter.start_seconds, name, chapter.end_seconds)
    if lanes.beside(lanes.cuts, y, reach=1):
        cut = content.cuts.near(seconds, CUT_REACH / (scale.right - scale.left) * (scale.end - scale.start))
        if cut is not None:
            return Target(cut, "Cut")
    return Target(seconds)


def describe(segment: Segment, content: Content) -> str:
    """A segment in words, for screen readers."""
    heatmap = content.heatmap
    parts = [
        f"Segment {segment.index + 1} of {len(heatmap.segments)}",
        span(segment.start_seconds, segment.end_seconds),
    ]
    tokens, score = heatmap.shares.get(segment.index), heatmap.scores.get(segment.index)
    if score is None:
        parts.append("not scored" if heatmap.ended else "not scored yet")
    if tokens is not None:
        parts.append(f"{'provisionally ' if heatmap.provisional else ''}{count(tokens, 'token')}")
    if score is not None:
        parts.append(f"relevance {score:.2f}")
    if cited := heatmap.cited_as(segment.index):
        parts.append(f"citation {', '.join(map(str, cited))}")
    chapter = content.chapter_at(segment.start_seconds)
    if chapter is not None and chapter.title:
        parts.append(f"chapter {chapter.title}")
    return ", ".join(parts)


def summarise(content: Content, scale: Scale) -> str:
    """The whole timeline in a sentence or two, for screen readers."""
    heatmap = content.heatmap
    if not content.film:
        return "Empty: no film is open."
    shown = f"{clock(scale.start)} to {clock(scale.end)} of {clock(scale.duration)} in view."
    if not heatmap.segments:
        return f"{shown} Nothing was asked yet."
    best = max(heatmap.shares, key=lambda index: heatmap.shares[index], default=None)
    scored = count_of(len(heatmap.scores), len(heatmap.segments), "segment")
    text = f"{shown} Question {heatmap.question}: {scored} scored."
    if best is not None:
        segment = heatmap.segment(best)
        text += f" Most tokens: {heatmap.shares[best]} at {span(segment.start_seconds, segment.end_seconds)}."
    return text
