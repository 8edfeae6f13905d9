"""What is under the pointer or the keyboard's cursor in; its card, and wishes for its picture, out."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QImage

from app.theme import Palette
from app.timeline.hover import HoverCard
from app.timeline.plot import Plot
from app.timeline.targets import Target
from engine.records import VideoInfo

_WISH_MILLISECONDS = 40  # between two wishes for a picture under a moving pointer


class Looking(QObject):
    """The hover card of a plot. Only the newest wish for a picture counts."""

    thumbnail_wanted = Signal(float)

    def __init__(self, plot: Plot, palette: Palette) -> None:
        super().__init__(plot)
        self._plot, self._palette = plot, palette
        self._video: VideoInfo | None = None
        self._card: HoverCard | None = None
        self._wished: float | None = None
        self._wish = QTimer(self, singleShot=True, interval=_WISH_MILLISECONDS)
        self._wish.timeout.connect(self._wish_again)
        plot.hovered.connect(self._on_hover)
        plot.content_changed.connect(self._refresh)

    @property
    def card(self) -> HoverCard | None:
        """The card, once there was something to tell."""
        return self._card

    def stay_in_front(self) -> None:
        """A pane was raised: not over the card."""
        if self._card is not None:
            self._card.raise_()

    def set_film(self, video: VideoInfo | None) -> None:
        """Another film, or none."""
        self._video = video
        self._on_hover(None, QPointF())

    def set_picture(self, seconds: float, picture: QImage, *, rough: bool = False) -> None:
        """A picture that came; one for a place the pointer has left is not shown."""
        target = self._target
        if self._card is not None and target is not None and target.seconds == seconds:
            self._card.set_picture(picture, rough=rough)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self._palette = palette
        if self._card is not None:
            self._card.apply_palette(palette)

    @property
    def _target(self) -> Target | None:
        return self._card.target if self._card is not None else None

    def _on_hover(self, target: Target | None, position: QPointF) -> None:
        if self._card is None:
            if target is None:
                return
            self._card = HoverCard(self._palette, self._plot.window())
        self._card.stand_on(self._plot.window())
        if self._video is not None:
            self._card.set_shape(self._video.width, self._video.height)
        anchor = self._plot.mapTo(self._card.parentWidget(), QPointF(position.x(), 0).toPoint())
        self._card.point_at(target, self._plot.content, anchor)
        if target is None:
            self._wished = None
        elif not self._wish.isActive():
            self._wish_again()

    def _refresh(self) -> None:
        """Scores that come while the pointer rests."""
        if self._card is not None and self._target is not None:
            self._card.tell(self._plot.content)

    def _wish_again(self) -> None:
        """The picture under the pointer now, if it moved on since the last wish."""
        target = self._target
        if target is not None and target.seconds != self._wished:
            self._wished = target.seconds
            self._wish.start()
            self.thumbnail_wanted.emit(target.seconds)
