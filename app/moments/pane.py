"""The list of moments: the heatmap on show and the playhead in; seeks, spans to play and wishes for pictures out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.clock import span
from app.moments import moments as pure
from app.moments.clipboard import copy
from app.moments.controls import Controls
from app.moments.export.files import Saver
from app.moments.foot import Foot
from app.moments.head import Head
from app.moments.model import Column, MomentsModel
from app.moments.moments import Moment, Order
from app.moments.nothing import Nothing, why_nothing
from app.moments.pictures import Pictures
from app.moments.playhead import Playhead
from app.moments.row_menu import row_menu
from app.moments.view import MomentsView
from app.style import mark
from app.theme import Palette
from app.timeline.heatmap import Heatmap
from engine.records import VideoInfo

_CALM_MILLISECONDS = 150  # how often the list changes while scores arrive
_SORTS = {Column.RANK: Order.RELEVANCE, Column.TIME: Order.TIME, Column.TOKENS: Order.TOKENS,
          Column.RELEVANCE: Order.RELEVANCE}  # fmt: skip


class MomentsPane(QWidget):
    """Controls, list, foot. Follows the question that the timeline shows."""

    seek_wanted = Signal(float)
    span_wanted = Signal(float, float)  # play from, to
    loop_wanted = Signal(float, float)
    clip_wanted = Signal(float, float)  # save this part as a film of its own
    range_wanted = Signal(float, float)  # ask about this part only
    segment_pointed = Signal(object)  # index of the segment that a chosen moment peaks in; None when it is gone
    thumbnail_wanted = Signal(float)
    told = Signal(str)  # a word on why a key did nothing, or that something is done
    failed = Signal(str)  # why something cannot be done

    def __init__(self, settings: QSettings, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(340)
        self._video: VideoInfo | None = None
        self._saver = Saver(self)
        self._heatmap = Heatmap()
        self._moments: tuple[Moment, ...] = ()  # in time order
        self._chapters: tuple[pure.Chapter, ...] = ()
        self._playhead = Playhead()
        self.model = MomentsModel()
        self.model.setParent(self)
        self.view = MomentsView(self.model, palette)
        self._pictures = Pictures(self.model, self.view, self)
        self.controls = Controls(settings)
        self.nothing = Nothing()
        self.foot = Foot()
        self.head = Head()  # stands in the dock's bar
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MILLISECONDS)
        self._calm.timeout.connect(self._show)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)
        self.apply_palette(palette)
        self._show()

    def _lay_out(self) -> None:
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(middle, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.controls.changed.connect(self._show)
        self.view.chosen.connect(self._go)
        self.view.play_wanted.connect(self._play)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.copy_wanted.connect(lambda moment: copy((moment,), markdown=False))
        self._pictures.wanted.connect(self.thumbnail_wanted)
        self.view.header().setSectionsClickable(True)
        self.view.header().sectionClicked.connect(self._sort_by)
        self.nothing.seek_wanted.connect(self.seek_wanted)
        self.foot.copy_wanted.connect(lambda markdown: copy(self.model.moments, markdown=markdown))
        self.foot.save_wanted.connect(self.save)
        self._saver.said.connect(lambda text, good: (self.told if good else self.failed).emit(text))

    # what it is told ----------------------------------------------------------------------------------------------

    def set_film(self, video: VideoInfo | None) -> None:
        """Another film, or none."""
        self._video = video
        self._pictures.forget()
        self._playhead.reset()
        self._chapters = ()
        self.model.clear()
        self.show_heatmap(Heatmap())

    def set_chapters(self, chapters: Sequence[pure.Chapter]) -> None:
        """The film's chapters, perhaps none."""
        self._chapters = tuple(chapters)
        self._show()

    def show_heatmap(self, heatmap: Heatmap) -> None:
        """What the timeline shows: of the question that runs, or of one chosen there."""
        if heatmap is self._heatmap:
            return
        live = heatmap.provisional and not heatmap.ended and heatmap.question == self._heatmap.question
        self._heatmap = heatmap
        if not live:
            self._calm.stop()
            self._show()
        elif not self._calm.isActive():
            self._calm.start()

    def set_seconds(self, seconds: float) -> None:
        """Where the playhead is."""
        self._playhead.move(seconds)
        now = pure.moment_at(self._moments, seconds)
        self.model.set_now(None if now is None else now.key)

    def select_at(self, seconds: float) -> None:
        """Select the moment that a time lies in, if there is one; the player goes there by itself."""
        moment = pure.moment_at(self._moments, seconds)
        if moment is not None:
            self._select(moment)

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture that was wished for."""
        self._pictures.take(seconds, picture)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        self.view.apply_palette(palette)
        self.foot.apply_palette(palette)

    # what people do -----------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Go to the next moment of the film."""
        self._step(pure.after(self._moments, self._playhead.seconds), "There is no later moment.")

    def previous(self) -> None:
        """Go to the start of this moment, or to the one before."""
        self._step(pure.before(self._moments, self._playhead.seconds), "There is no earlier moment.")

    def play(self) -> None:
        """Play the moment at the playhead, else the selected one, else the next."""
        here = pure.moment_at(self._moments, self._playhead.seconds) or self.view.moment
        moment = here or pure.after(self._moments, self._playhead.seconds)
        if moment is None:
            self.told.emit(self._why_none())
        else:
            self._select(moment)
            self._play(moment)

    def save(self) -> None:
        """Let the person save all of them, in the order shown, as a file for another program."""
        if self._video is not None and self._moments:
            self._saver.save(self, self.model.moments, self._video)
        else:
            self.told.emit(self._why_none())

    def shutdown(self) -> bool:
        """Wait for a file that is being written. False if it did not end in time."""
        return self._saver.shutdown()

    def _step(self, moment: Moment | None, why_not: str) -> None:
        if moment is None:
            self.told.emit(why_not if self._moments else self._why_none())
        else:
            self._select(moment)
            self._go(moment)

    def _go(self, moment: Moment) -> None:
        self._playhead.send(moment.start_seconds)
        self.segment_pointed.emit(moment.peak.index)
        self.seek_wanted.emit(moment.start_seconds)

    def _play(self, moment: Moment) -> None:
        self._playhead.send(moment.start_seconds)
        self.segment_pointed.emit(moment.peak.index)
        self.span_wanted.emit(moment.start_seconds, moment.end_seconds)

    def _select(self, moment: Moment) -> None:
        row = self.model.row_of(moment.key)
        if row is not None:
            self.view.select(row)

    def _sort_by(self, section: int) -> None:
        if (order := _SORTS.get(Column(section))) is not None:
            self.controls.set_order(order)

    def _open_menu(self, moment: Moment, where: QPoint) -> None:
        start, end = moment.start_seconds, moment.end_seconds
        menu = row_menu(
            self, play=lambda: self._play(moment), loop=lambda: self.loop_wanted.emit(start, end),
            ask=lambda: self.range_wanted.emit(start, end), copy=lambda: copy((moment,), markdown=False),
            clip=lambda: self.clip_wanted.emit(start, end),
        )  # fmt: skip
        menu.popup(where)

    # what it shows ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """The list as heatmap and controls have it; what was selected stays selected, and where it is on screen."""
        heatmap, view = self._heatmap, self.view
        held = view.moment
        top = view.top_of_current
        self._moments = pure.find_moments(heatmap, self.controls.threshold, self._chapters)
        self.model.show_moments(pure.in_order(self._moments, self.controls.order), (heatmap.k_min, heatmap.k_max))
        if heatmap.segments:
            latest = heatmap.segments[-1].end_seconds
            view.make_room(span(latest, latest))
        self._hold(held, top)
        self.set_seconds(self._playhead.shown)
        self._stack.setCurrentWidget(view if self._moments else self.nothing)
        if not self._moments:
            self.nothing.say(*why_nothing(heatmap, self.controls.threshold))
        self.head.show_count(len(self._moments))
        self.foot.show_moments(self._moments, heatmap)

    def _hold(self, held: Moment | None, top: int) -> None:
        """Keep what was selected, or what it has become part of, where it was on screen."""
        if held is None:
            return
        row = self.model.row_of(held.key)
        heir = None if row is not None else pure.moment_at(self._moments, held.middle)
        row = row if heir is None else self.model.row_of(heir.key)
        if row is None:
            self.view.selectionModel().clear()
            self.segment_pointed.emit(None)
        else:
            self.view.select_in_place(row, top)

    def _why_none(self) -> str:
        return why_nothing(self._heatmap, self.controls.threshold)[0]
