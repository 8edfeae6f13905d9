"""A button with an icon, a word or both, as every bar and pane has them: not to be focused by a click, but by Tab."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from app.style import mark


class ToolButton(QToolButton):
    """The tooltip may end in the keys that do the same, in brackets; without them it is the name. `dress` is a rule of
    the style sheet: that of an icon where there is no text."""

    def __init__(
        self,
        tip: str,
        *,
        text: str = "",
        name: str = "",
        dress: str | None = None,
        size: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(name or text or tip.split(" (")[0])
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(size, size))
        if text:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if dress is None and not text:
            dress = "icon"
        if dress:
            mark(self, button=dress)
