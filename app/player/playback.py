"""Playing, over seeking: run and hold, a span once, a loop again and again, the clock between pictures."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame

from app.player.bounds import Bounds
from app.player.limits import Limits
from app.player.seeking import Seeking

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_TICK_MILLISECONDS = 33
_GRAIN = 0.002  # seconds: Qt and containers count milliseconds
_LAST_SECONDS = 0.05  # while the pictures' moments are unknown, the last one is guessed to begin so long before the end


class Playback(Seeking):
    """Plays one film."""

    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        self.limits = Limits()
        super().__init__(parent)
        self.limits.setParent(self)
        self.limits.reached.connect(self._reach_limit)
        self.projector.playing_changed.connect(self._on_playing)
        self.projector.ended.connect(self._on_ended)
        self._clock = QTimer(self, interval=_TICK_MILLISECONDS)
        self._clock.timeout.connect(self._tick)

    def _forget(self) -> None:
        super()._forget()
        self.limits.set(Bounds())

    def play(self) -> None:
        """Run; from the beginning if the film stands at its end."""
        if not self.has_film:
            return
        if self._loaded and self.duration and self.wanted >= self._last - _GRAIN:
            self.seek(0.0)
        self.projector.play()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def seek(self, seconds: float) -> None:
        """Go to the picture of a moment, exactly; the last wish wins. Ends scrubbing, and a span without it."""
        self.limits.left_by(self._pictures.at(self._inside(seconds)))
        super().seek(seconds)

    def play_span(self, start: float, end: float) -> None:
        """Play from a moment to just before another, and hold at the last picture between them."""
        self.limits.set_span(None)
        self.seek(start)
        if end > start:
            self.limits.set_span((self.wanted, min(end, self.duration or end)))
            self.projector.play()

    def set_loop(self, start: float, end: float) -> None:
        """Play from `start` to `end` again and again; nothing if they hold nothing."""
        self.limits.set(self.limits.now.looped(self._inside(start), min(max(end, 0.0), self.duration or end)))

    def clear_loop(self) -> None:
        """No loop."""
        self.limits.set_loop(None)

    def mark_loop(self) -> None:
        """The picture on screen begins the loop; the next time it is its last; the third time ends it."""
        if not self.has_film:
            return
        end = self._pictures.end(self.wanted, otherwise=max(self.duration, self._frame_end))
        self.limits.set(self.limits.now.marked(self.wanted, end))

    @property
    def _last(self) -> float:
        return self._pictures.moment(self._pictures.count) if self._pictures else self.duration - _LAST_SECONDS

    def _on_picture(self, frame: QVideoFrame, start: float, end: float) -> None:
        if self.playing and not self._seeks.under_way and self.limits.stops(start, after=self._seconds):
            self._reach_limit()
        else:
            super()._on_picture(frame, start, end)

    def _show(self, frame: QVideoFrame, start: float, end: float) -> None:
        super()._show(frame, start, end)
        self._watch_limit()

    def _watch_limit(self) -> None:
        until = self._pictures.end(self._seconds, otherwise=self.duration + 1)
        watched = self.playing and not self._seeks.under_way
        self.limits.watch(self._seconds if watched else None, until=until, speed=self.projector.speed)

    def _reach_limit(self) -> None:
        """Hold at the end of a span; begin a loop again."""
        bounds = self.limits.now
        if bounds.span is not None:
            self.projector.pause()
            self.limits.set_span(None)
            if self._pictures and self._pictures.all_reached:  # else a seek would lead further away
                self.seek(self._pictures.last_before(bounds.span[1]))
        elif bounds.loop is not None:
            self.seek(bounds.loop[0])
            self.projector.play()

    def _on_ended(self) -> None:
        if self.limits.now.limit(self._seconds) is not None:
            self._reach_limit()

    def _tick(self) -> None:
        """Between the pictures of a slow film the clock still runs, never past the end of the picture on screen."""
        passed = (time.monotonic() - self._frame_at) * self.projector.speed
        if not self._seeks.under_way and self._frame_at:
            end = self._pictures.end(self._seconds, otherwise=max(self._frame_end, self._seconds))
            self.moved.emit(min(self._seconds + passed, end))

    def _on_playing(self, playing: bool) -> None:
        self._clock.start() if playing else self._clock.stop()
        self._watch_limit()
        self.playing_changed.emit(playing)
