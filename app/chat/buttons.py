"""Buttons of the chat: with a word, with an icon alone, with an icon that shows when it is wanted, with a long text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.chat.labels import wrapped
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def plain_button(text: str, wish: Callable[[], object]) -> QPushButton:
    """A word in a frame."""
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    mark(button, button="plain")
    button.clicked.connect(lambda: wish())
    return button


class IconButton(ToolButton):
    """An icon that knows its picture, and may keep quiet. Enter presses it too."""

    focused = Signal(bool)

    def __init__(self, picture: str, name: str, *, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(tip or name, name=name, parent=parent)
        self._picture = picture
        self._quiet = False

    def set_picture(self, picture: str, palette: Palette) -> None:
        """Another icon."""
        self._picture = picture
        self.apply_palette(palette)

    def set_quiet(self, quiet: bool) -> None:
        """Keep its place without showing, until the focus comes."""
        if quiet != self._quiet:
            self._quiet = quiet
            self.update()

    @property
    def shows(self) -> bool:
        """True unless it keeps quiet."""
        return not self._quiet or self.hasFocus()

    def apply_palette(self, palette: Palette) -> None:
        """Icon in the new colours."""
        self.setIcon(icon(self._picture, palette.text2, disabled=palette.text3))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter presses."""
        if event.key() in _ENTER:
            self.animateClick()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Nothing while quiet."""
        if self.shows:
            super().paintEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Keep quiet again."""
        super().focusOutEvent(event)
        self.focused.emit(False)


class TextRow(QPushButton):
    """A text that wraps, as wide as it may be, to press: a suggested question."""

    def __init__(self, text: str, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = text
        self.setAccessibleName(name or text)
        self.setToolTip(name or text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        mark(self, button="row")
        label = wrapped(text, kind="control")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 7)
        column.addWidget(label)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As high as its text."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Of the text, not of the empty label that Qt's own button has."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any width will do."""
        return QSize(80, 34)
