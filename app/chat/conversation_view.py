"""The conversation, scrolled: it follows what is written unless somebody scrolled away, and offers the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from app.chat.column import Column
from app.theme import Palette, icon
from app.tool_button import ToolButton

_NEAR = 24  # pixels from the end that still count as there
_ABOVE = 12  # pixels over the question that is scrolled to
_CUT = 72  # pixels by which a question may have gone over the edge when its answer ends, to be brought back whole
_BAR = 6  # pixels above and below the way back, which lies over nothing


class ConversationView(QScrollArea):
    """Its body holds the questions, one below the other."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column = Column(sides=16, ends=14, gap=20)
        self.setWidget(self.column)
        self._follow = False  # nothing is said yet: what greets is read from its top on
        self._greets = True  # there is nothing newer than the welcome
        self._ours = False  # the scroll bar moves because we move it
        self._reading: QWidget | None = None  # what must stay in view at the end of a long answer
        self._from_end: int | None = None  # held while questions are put in above
        told = "Scroll to the newest answer"
        self.newest = ToolButton(told, text="To the newest", name=told, dress="newest", size=14, parent=self)
        self.newest.clicked.connect(self.to_end)
        self.newest.hide()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda *_: self._on_range())
        bar.valueChanged.connect(lambda _: self._on_value())
        self.apply_palette(palette)

    @property
    def follows(self) -> bool:
        """True until somebody scrolls away."""
        return self._follow

    @property
    def _at_end(self) -> bool:
        """Whether the end would be in view without the way back."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - self.viewportMargins().bottom() - _NEAR

    def to_end(self) -> None:
        """Show the end, and go on showing it."""
        self._follow, self._reading, self._greets = True, None, False
        self._move(self.verticalScrollBar().maximum())

    def to_start(self) -> None:
        """Show the beginning, and stay there."""
        self._follow, self._reading, self._greets = False, None, True
        self._move(0)

    def settle_on(self, question: QWidget) -> None:
        """An answer is complete: show as much of what stands below it as leaves its question in view."""
        if self._follow:
            self._reading = question
            QTimer.singleShot(0, self, self._on_range)

    def to_question(self, question: QWidget) -> None:
        """Show a question from its top on."""
        QTimer.singleShot(0, question, lambda: self._show(question))  # once the layout knows where it stands

    def page(self, pages: int) -> None:
        """By so many screenfuls."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * (bar.pageStep() + self.viewportMargins().bottom()))

    def hold_end(self, hold: bool) -> None:
        """While questions are put in above, what is on screen stays where it is."""
        bar = self.verticalScrollBar()
        self._from_end = bar.maximum() - bar.value() if hold else None

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self.newest.setIcon(icon("arrow-down", palette.accent))

    def _show(self, question: QWidget) -> None:
        self._follow, self._reading = False, None
        self._move(question.y() - _ABOVE)

    def _on_range(self) -> None:
        bar = self.verticalScrollBar()
        if self._from_end is not None:
            self._move(bar.maximum() - self._from_end)
        elif self._reading is not None:
            top = self._reading.y() - _ABOVE
            self._move(min(bar.maximum(), top if bar.value() < top + _CUT else bar.value()))
        elif self._follow:
            self._move(bar.maximum())
        self._offer()

    def _on_value(self) -> None:
        if self._ours:
            return
        bar = self.verticalScrollBar()
        self._reading = None
        self._follow = self._at_end
        if self._from_end is not None:
            self._from_end = bar.maximum() - bar.value()
        self._offer()

    def _move(self, value: int) -> None:
        self._ours = True
        self.verticalScrollBar().setValue(value)
        self._ours = False
        self._offer()

    def _offer(self) -> None:
        offered = not self._greets and not self._at_end
        if offered == self.newest.isHidden():
            self.newest.setVisible(offered)
            self.setViewportMargins(0, 0, 0, self.newest.sizeHint().height() + 2 * _BAR if offered else 0)
            self._put_button()

    def _put_button(self) -> None:
        size, view = self.newest.sizeHint(), self.viewport().geometry()
        self.newest.setGeometry(view.x() + (view.width() - size.width()) // 2, view.bottom() + 1 + _BAR,
                                size.width(), size.height())  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """A new size moves the button."""
        super().resizeEvent(event)
        self._put_button()
