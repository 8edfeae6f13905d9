"""Wishes for moments in, the pictures of those moments out: exact seeks, scrubbing and steps over one projector.

Seeks rebuild Qt's pipeline, so they are few: see `Seeks`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame

from app.player.pictures import Pictures
from app.player.seeks import Seeks, Wish
from app.player.standby import StandbyProjector
from engine.records import VideoInfo

_SEEK_PATIENCE_MILLISECONDS = 400  # a seek that shows no picture by then (sound only, end of film) is over
_PICTURE_PATIENCE_MILLISECONDS = 3000  # the same where there are pictures: large ones take long
_SPARE_MILLISECONDS = 400  # a picture that is not the wanted one is shown if no better one comes by then
_FIRST_MILLISECONDS = 1500  # the first picture tells Qt's clock: seeks wait so long for it
_REST_MILLISECONDS = 150  # a hand that rests while dragging wants to see exactly this
_GRAIN = 0.002  # seconds: Qt and containers count milliseconds


class Seeking(QObject):
    """One film, at the moment last wished for."""

    frame_shown = Signal(object)  # QVideoFrame
    moved = Signal(float)  # seconds; by pictures, and at once when somebody goes elsewhere
    loaded_changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.projector = StandbyProjector(self)
        self.projector.pictured.connect(self._on_picture)
        self.projector.loaded.connect(lambda: self._first.start())
        self.projector.failed.connect(self.failed)
        self.projector.stood_in.connect(self._on_stood_in)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._make_do)
        self._first = QTimer(self, singleShot=True, interval=_FIRST_MILLISECONDS)
        self._first.timeout.connect(self._begin_film)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._sharpen)
        self._forget()

    def _forget(self) -> None:
        self._duration = self._seconds = self._frame_end = self._frame_at = self._asked = 0.0
        self._seeks = Seeks()
        self._scrubbed: float | None = None  # where the dragging hand is
        self._spare: tuple[QVideoFrame, float, float] | None = None
        self._resumes = self._loaded = self._has_film = False
        self._set_pictures(Pictures())
        for timer in (self._patience, self._rest, self._first):
            timer.stop()

    @property
    def seconds(self) -> float:
        """The moment on screen."""
        return self._seconds

    @property
    def wanted(self) -> float:
        """The moment on screen once all seeks are done, or where the dragging hand is."""
        if self._scrubbed is not None:
            return self._scrubbed
        return self._seeks.last.moment if self._seeks.last is not None else self._seconds

    @property
    def duration(self) -> float:
        """Length of the film, 0 while unknown."""
        return self._duration or self.projector.duration

    @property
    def playing(self) -> bool:
        """True while the film runs."""
        return self.projector.playing

    @property
    def has_film(self) -> bool:
        """True from `load` on: wishes make sense."""
        return self._has_film

    @property
    def loaded(self) -> bool:
        """True once the film can be played."""
        return self._loaded

    @property
    def settled(self) -> bool:
        """True if no seek is under way or waits."""
        return self._seeks.settled

    @property
    def scrubbing(self) -> bool:
        """True while a hand drags."""
        return self._scrubbed is not None

    @property
    def pictures(self) -> Pictures:
        """The moments of the pictures, empty while unknown."""
        return self._pictures

    def load(self, path: Path | None) -> None:
        """Open a film and show its first picture; None lets go of it."""
        self.projector.load(None)
        self._forget()
        if path is not None:
            self._has_film = True
            self.projector.load(path)

    def know_film(self, video: VideoInfo) -> None:
        """Take the film's length from the engine, which measured it; what the engine reads shall be seen."""
        self._duration = video.duration_seconds
        self.projector.expect(video)

    def know_times(
        self, times: Sequence[float], stops: Sequence[int] | None = None, keyframes: Sequence[int] = ()
    ) -> None:
        """The moment of every picture, ascending; seeks and steps go to these once they are known. `stops`: the
        pictures that can be reached at all, where not all can; `keyframes`: those that are quick to show."""
        reached = None if self.projector.standing_in else stops
        differs = self._set_pictures(Pictures(times, reached, keyframes))
        if differs and not self.playing:  # what was sought before was sought by another clock
            self.seek(self.wanted if self._seeks.last is not None else self._asked)
        elif not self._frame_at and self._pictures and self._pictures.first > 0:  # Qt shows nothing before it
            self.seek(0.0)

    def pause(self) -> None:
        """Hold."""
        self.projector.pause()

    def seek(self, seconds: float) -> None:
        """Go to the picture of a moment, exactly; the last wish wins. Ends scrubbing."""
        self._asked = self._inside(seconds)
        picture = self._pictures.at(self._asked)
        self._rest.stop()
        self._scrubbed = None
        self._want(Wish(picture, picture))
        if self._resumes:
            self._resumes = False
            self.projector.play()

    def scrub(self, seconds: float) -> None:
        """Follow a hand that drags: the nearest picture that is quick to show, the exact one where the hand rests.

        The film holds meanwhile; `seek` says where the hand let go."""
        if self._scrubbed is None:
            self._resumes = self.playing
            self.pause()
        self._scrubbed = self._inside(seconds)
        self._rest.start()
        self._want(Wish(self._scrubbed, self._pictures.near_keyframe(self._scrubbed)))

    def step(self, pictures: int) -> None:
        """So many pictures on or back, and hold there."""
        self._resumes = False
        self.pause()
        if self._pictures:
            self.seek(self._pictures.beside(self.wanted, pictures))
        elif pictures > 0 and self._frame_end > self._seconds:
            self.seek(self._frame_end)
        elif pictures < 0:
            self.seek(self._seconds - _GRAIN)

    def _inside(self, seconds: float) -> float:
        return min(max(seconds, 0.0), max(self.duration - 0.001, 0.0)) if self.duration else max(seconds, 0.0)

    def _set_pictures(self, pictures: Pictures) -> bool:
        self._pictures = pictures
        return self.projector.know(pictures)

    def _want(self, wish: Wish) -> None:
        if not self._has_film:
            return
        there = self._scrubbed is not None and self.settled and self._frame_at
        if not there or wish.picture != self._pictures.at(self._seconds):
            self._begin(self._seeks.want(wish, now=time.monotonic(), ready=self._loaded))
        self.moved.emit(wish.moment)

    def _begin(self, wish: Wish | None) -> None:
        if wish is not None:
            self._patience.start(_PICTURE_PATIENCE_MILLISECONDS if self._pictures else _SEEK_PATIENCE_MILLISECONDS)
            self.projector.show(wish.picture)

    def _seek_done(self) -> None:
        self._patience.stop()
        self._spare = None
        self._begin(self._seeks.next(now=time.monotonic()))

    def _make_do(self) -> None:
        """The wanted picture does not come: show what came instead."""
        spare, self._spare = self._spare, None
        self._show(*spare) if spare is not None else self._seek_done()

    def _sharpen(self) -> None:
        if self._scrubbed is not None:
            self._want(Wish(self._scrubbed, self._pictures.at(self._scrubbed)))

    def _on_picture(self, frame: QVideoFrame, start: float, end: float) -> None:
        if self._seeks.expects(start, self._pictures, now=time.monotonic()):
            self._show(frame, start, end)
        elif not self.playing:
            self._spare = (frame, start, end)
            self._patience.start(_SPARE_MILLISECONDS)

    def _show(self, frame: QVideoFrame, start: float, end: float) -> None:
        self._seconds, self._frame_end, self._frame_at = start, end, time.monotonic()
        arrived = self._seeks.under_way
        self.frame_shown.emit(frame)
        self._seek_done() if arrived else self._begin_film()
        if not self._seeks.under_way and self._scrubbed is None:
            self.moved.emit(start)

    def _on_stood_in(self) -> None:
        """Somebody else shows the pictures from here on, and starts with what was wished for last."""
        self._set_pictures(self._pictures.all_within_reach())
        if self._seeks.last is not None:
            self.projector.show(self._seeks.last.picture)

    def _begin_film(self) -> None:
        """The film can be played: its first picture is there, or will not come."""
        if not self._loaded:
            self._loaded = True
            self._first.stop()
            self._begin(self._seeks.next(now=time.monotonic()))
            self.loaded_changed.emit()
