"""A place on the timeline in; the menu of what can be done with it out. And the one that chooses a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.clock import clock, span
from app.timeline.content import Content, Span
from app.timeline.targets import Target

Deed = Callable[[], object]
SpanDeed = Callable[[Span], object]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the entries of the menu do."""

    play: Deed
    copy: Deed
    clear: Deed
    loop: SpanDeed
    ask: SpanDeed
    zoom: SpanDeed


def stretches(target: Target, content: Content) -> dict[str, Span]:
    """The stretches of film a place belongs to, by name."""
    seconds, found = target.seconds, {}
    segment = content.heatmap.segment_at(seconds)
    if segment is not None:
        found["this segment"] = (segment.start_seconds, segment.end_seconds)
    if target.name.startswith("Citation") and target.end_seconds is not None:
        found[target.name.replace("Citation", "citation")] = (seconds, target.end_seconds)
    if (chapter := content.chapter_at(seconds)) is not None:
        found["this chapter"] = (chapter.start_seconds, chapter.end_seconds)
    shot = _shot(seconds, content)
    if shot is not None:
        found["this shot"] = shot
    if content.loop is not None:
        found["the A-B loop"] = content.loop
    if content.range is not None:
        found["the selected range"] = content.range
    return {name: stretch for name, stretch in found.items() if stretch[1] > stretch[0]}


def _shot(seconds: float, content: Content) -> Span | None:
    """Between the cuts before and after; both must be known."""
    cuts = content.cuts.seconds
    before = [cut for cut in cuts if cut <= seconds]
    after = [cut for cut in cuts if cut > seconds]
    return (before[-1], after[0]) if before and after else None


def place(parent: QWidget, target: Target, content: Content, deeds: Deeds) -> QMenu:
    """What can be done with a place; the caller shows it."""
    menu = _menu(parent)
    _entry(menu, f"Play from {clock(target.seconds)}", deeds.play)
    _entry(menu, f"Copy the time {clock(target.seconds)}", deeds.copy)
    found = stretches(target, content)
    for words, deed, done in (
        ("Ask only about", deeds.ask, content.range), ("Loop", deeds.loop, content.loop), ("Zoom to", deeds.zoom, None)
    ):  # fmt: skip
        menu.addSeparator()
        for name, stretch in found.items():
            if stretch != done:
                _entry(menu, f"{words} {name} ({span(*stretch)})", partial(deed, stretch))
    if content.range is not None:
        menu.addSeparator()
        _entry(menu, "Ask about the whole film again", deeds.clear)
    return menu


def list_questions(
    menu: QMenu, others: Sequence[int], chosen: int | None, choose: Callable[[int | None], object]
) -> None:
    """Fill a menu with the questions that can stand beside the one shown."""
    menu.clear()
    for number, words in ((None, "The question before"), *((number, f"Question {number}") for number in others)):
        action = _entry(menu, words, partial(choose, number))
        action.setCheckable(True)
        action.setChecked(number == chosen)


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _entry(menu: QMenu, text: str, deed: Deed) -> QAction:
    action = menu.addAction(text.replace("&", "&&"))
    action.triggered.connect(lambda _=False: deed())
    return action
