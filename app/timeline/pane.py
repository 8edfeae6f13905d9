"""The timeline: engine events and the moment on screen in; seeks, ranges, loops and wishes for thumbnails out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QVBoxLayout, QWidget

from app.clock import clock
from app.style import mark
from app.theme import Palette
from app.timeline import menus
from app.timeline.content import Chapter, Content, Cuts, Span
from app.timeline.header import Header
from app.timeline.heatmap import Heatmap
from app.timeline.index_line import IndexLine
from app.timeline.looking import Looking
from app.timeline.plot import Plot
from app.timeline.questions import Questions
from app.timeline.targets import Target
from engine.events import Event
from engine.records import Answer, VideoInfo

_A_JUMP = 1.5  # seconds: the playhead was sent somewhere, it did not play there


class TimelinePane(QWidget):
    """Header and plot."""

    seek_wanted = Signal(float)
    scrub_wanted = Signal(float)  # while the playhead is dragged; seek_wanted follows on release
    play_wanted = Signal(float)
    thumbnail_wanted = Signal(float)  # the newest wish is the only one that counts
    range_changed = Signal(object)  # (start, end) or None: what the next question is limited to
    ask_about_wanted = Signal(float, float)  # the range was set from a menu: a question comes next
    loop_wanted = Signal(float, float)
    state_changed = Signal()
    shown = Signal(object)  # the Heatmap on show

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._questions = Questions()
        self._index = IndexLine()
        self._follow = True
        self.plot = Plot(palette)
        self.looking = Looking(self.plot, palette)
        self.head = self.header = Header(palette)  # stands in the dock's bar
        self._scroll = QScrollBar(Qt.Orientation.Vertical)
        self._scroll.setAccessibleName("Scroll the lanes")
        self._fold = QTimer(self, singleShot=True, interval=0)
        self._fold.timeout.connect(self._show)
        self._lay_out()
        self._connect()
        self.header.buttons["follow"].setChecked(True)
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(spacing=0)
        row.addWidget(self.plot, 1)
        row.addWidget(self._scroll)
        column = QVBoxLayout(self, spacing=0)
        column.setContentsMargins(0, 0, 0, 4)
        column.addWidget(self.header.below)
        column.addLayout(row, 1)
        self._scroll.hide()

    def _connect(self) -> None:
        plot, header = self.plot, self.header
        for name in ("seek_wanted", "scrub_wanted", "range_changed", "loop_wanted"):
            getattr(plot, name).connect(getattr(self, name))
        self.looking.thumbnail_wanted.connect(self.thumbnail_wanted)
        plot.menu_wanted.connect(self._open_menu)
        plot.label_clicked.connect(lambda _, place: header.compare_menu.popup(place))
        plot.lanes_changed.connect(self._on_lanes)
        plot.scroll_wanted.connect(lambda by: self._scroll.setValue(self._scroll.value() + round(by)))
        self._scroll.valueChanged.connect(plot.scroll_to)
        header.zoom_wanted.connect(plot.zoom)
        header.fit_wanted.connect(plot.fit)
        header.compare_menu.aboutToShow.connect(self._list_questions)
        header.toggled.connect(self._on_toggled)
        header.lane_switched.connect(lambda *_: (plot.set_hidden(header.hidden), self.state_changed.emit()))

    # what is known ------------------------------------------------------------------------------------------------

    @property
    def heatmap(self) -> Heatmap:
        """The question shown."""
        return self._questions.now

    @property
    def index(self) -> IndexLine:
        """What is ready for questions."""
        return self._index

    @property
    def content(self) -> Content:
        """All that is on show."""
        return self.plot.content

    @property
    def range(self) -> Span | None:
        """What the next question is limited to; None: the whole film."""
        return self.plot.content.range

    def set_film(self, video: VideoInfo | None) -> None:
        """A new film, or none: everything before is gone."""
        self._questions, self._index = Questions(), IndexLine()
        self.looking.set_film(video)
        self.plot.choose_range(None) if self.range is not None else None
        self.plot.set_film(None if video is None else video.duration_seconds)
        self._show()

    def begin_question(self, number: int) -> None:
        """A question was asked; what was shown becomes the earlier one."""
        self._questions.begin(number)
        self._fold.start()

    def receive(self, event: Event) -> None:
        """Fold one engine event in. Painted once the stream of events pauses."""
        index = self._index.after(event)
        changed = index is not self._index
        self._index = index
        if self._questions.take(event) or changed:
            self._fold.start()

    def restore(self, heatmaps: Iterable[Heatmap]) -> None:
        """Questions of an earlier session, see `Heatmap.from_answer`."""
        self._questions.restore(heatmaps)
        self._fold.start()

    def show_question(self, number: int, answer: Answer | None = None) -> None:
        """Show a question's heat again, or that of another answer to it."""
        if self._questions.show(number, answer):
            self._fold.start()

    def set_seconds(self, seconds: float) -> None:
        """Move the playhead; a zoomed view turns its page when the playhead plays out of it."""
        before, scale = self.plot.seconds or 0.0, self.plot.scale_now
        self.plot.set_seconds(seconds)
        if not self._follow or self.plot.held or not scale.zoomed or scale.shows(seconds):
            return
        if abs(seconds - before) > _A_JUMP or seconds < before:
            self.plot.rescale(scale.from_moment(seconds, lead=0.3))
        elif scale.shows(before):  # played out of view; where a person looks elsewhere, nothing moves
            self.plot.rescale(scale.from_moment(seconds))

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """The film's chapters, perhaps none."""
        ordered = tuple(sorted(chapters, key=lambda chapter: chapter.start_seconds))
        self._change(chapters=ordered, chapters_known=True)

    def set_cuts(self, cuts: Cuts) -> None:
        """Where shots end, as far as known."""
        self._change(cuts=cuts)

    def set_loop(self, loop: Span | None) -> None:
        """What is played again and again."""
        self._change(loop=loop)

    def set_range(self, chosen: Span | None) -> None:
        """What the next question is limited to; None: the whole film."""
        self._change(range=chosen)

    def outline(self, segment: int | None) -> None:
        """Mark a segment of the question shown."""
        heatmap = self.heatmap
        known = segment is not None and 0 <= segment < len(heatmap.segments)
        self.plot.outline(heatmap.segments[segment] if segment is not None and known else None)

    def set_thumbnail(self, seconds: float, picture: QImage) -> None:
        """The picture at a moment that was wished for."""
        self.looking.set_picture(seconds, picture)

    def set_rough_thumbnail(self, seconds: float, picture: QImage) -> None:
        """A picture near a moment, until the exact one comes."""
        self.looking.set_picture(seconds, picture, rough=True)

    def apply_palette(self, palette: Palette) -> None:
        """Redraw in the new colours."""
        for part in (self.plot, self.header, self.looking):
            part.apply_palette(palette)

    # choices that are remembered ----------------------------------------------------------------------------------

    def state(self) -> str:
        """Lanes, scale and following, to be kept from one start to the next."""
        return self.header.state()

    def restore_state(self, state: str) -> None:
        """As it was left."""
        self.header.restore_state(state)

    def _on_toggled(self, name: str, on: bool) -> None:
        if name == "log":
            self.header.legend.set_log(on)
            self._change(log=on)
        else:
            self._follow = on
        self.state_changed.emit()

    def _on_lanes(self) -> None:
        missing = max(round(self.plot.lanes_now.needed - self.plot.height()), 0)
        self._scroll.setRange(0, missing)
        self._scroll.setPageStep(max(self.plot.height(), 1))
        self._scroll.setVisible(missing > 0)

    # showing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        questions = self._questions
        self._change(heatmap=questions.now, earlier=questions.beside, index=self._index)
        self.header.say(questions.now, numbers=questions.last.question)
        self.shown.emit(questions.now)

    def _change(self, **parts: object) -> None:
        self.plot.show_content(replace(self.plot.content, **parts))

    def _list_questions(self) -> None:
        questions = self._questions
        menus.list_questions(self.header.compare_menu, questions.others, questions.compared, self.compare)

    def compare(self, number: int | None) -> None:
        """Which question to show beside the one shown; None: the one before it."""
        self._questions.compare(number)
        self._show()

    def _open_menu(self, target: Target, place: QPoint) -> None:
        deeds = menus.Deeds(
            play=lambda: self.play_wanted.emit(target.seconds),
            copy=lambda: QGuiApplication.clipboard().setText(clock(target.seconds)),
            clear=lambda: self.plot.choose_range(None),
            loop=lambda span: self.loop_wanted.emit(*span),
            ask=self._ask_about,
            zoom=lambda span: self.plot.rescale(self.plot.scale_now.between(*span)),
        )
        menus.place(self, target, self.content, deeds).popup(place)

    def _ask_about(self, span: Span) -> None:
        self.plot.choose_range(span)
        self.ask_about_wanted.emit(*span)
