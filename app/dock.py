"""A pane in, a dock around it out: its own head as title bar, with buttons to detach and to hide it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QLabel, QMainWindow, QToolButton, QWidget

from app.hold import Hold
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton

_HEIGHT, _NARROWEST = 36, 160  # of the bar


class Dock(QDockWidget):
    """Can be moved, detached, hidden. A pane with a `head` lends it as the bar to hold on to."""

    def __init__(self, name: str, title: str, pane: QWidget, palette: Palette, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)  # by which the layout is remembered
        self.setAccessibleName(title)
        self._pane = pane
        self.setWidget(Hold(pane))
        self._detach = self._button("Detach", lambda: self.setFloating(not self.isFloating()))
        self._hide = self._button("Hide", self.close)
        self.setTitleBarWidget(self._bar(getattr(pane, "head", None)))
        self.topLevelChanged.connect(self._on_floating)
        for moved in (self.visibilityChanged, self.topLevelChanged, self.dockLocationChanged):
            moved.connect(self._name_all)
        self._palette = palette
        self.apply_palette(palette)

    def _button(self, text: str, action: object) -> QToolButton:
        title = self.windowTitle()
        button = ToolButton(f"{text} “{title}”", name=f"{text} {title}", size=14)
        button.clicked.connect(action)
        return button

    def _bar(self, head: QWidget | None) -> QWidget:
        bar = QWidget()
        mark(bar, panel="panel")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(2)
        if head is None:
            head = QLabel(self.windowTitle())
            mark(head, kind="control")
        self._name = next((label for label in head.findChildren(QLabel) if label.text() == self.windowTitle()), None)
        row.addWidget(head, 1)
        row.addWidget(self._detach)
        row.addWidget(self._hide)
        held = Hold(bar, least=QSize(_NARROWEST, _HEIGHT))
        held.setFixedHeight(_HEIGHT)
        return held

    @property
    def hidden_or_behind(self) -> bool:
        """True if nobody can see it: hidden, or another tab is in front."""
        return self.isHidden() or self.visibleRegion().isEmpty()

    def take_focus(self) -> None:
        """Give the keys to what the pane wants first, else to its first part that takes them."""
        pane = self._pane
        wanted = pane.focusProxy() or next((part for part in pane.findChildren(QWidget) if _takes_keys(part)), pane)
        wanted.setFocus(Qt.FocusReason.TabFocusReason)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        self._detach.setIcon(icon("arrow-square-in" if self.isFloating() else "arrow-square-out", palette.text3))
        self._hide.setIcon(icon("x", palette.text3))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """A detached pane is a window of its own: keys it does not want are still the player's."""
        window = self.parentWidget()
        if self.isFloating() and window is not None:
            QApplication.sendEvent(window, event)
        else:
            super().keyPressEvent(event)

    def _name_all(self) -> None:
        """Where a tab says the name, the bar need not."""
        window = self.parentWidget()
        if isinstance(window, QMainWindow):
            for dock in window.findChildren(Dock):
                beside = any(not other.isHidden() for other in window.tabifiedDockWidgets(dock))
                if dock._name is not None:
                    dock._name.setVisible(dock.isFloating() or not beside)

    def _on_floating(self, floating: bool) -> None:
        word = "Put back" if floating else "Detach"
        self._detach.setToolTip(f"{word} “{self.windowTitle()}”")
        self._detach.setAccessibleName(f"{word} {self.windowTitle()}")
        self.apply_palette(self._palette)


def _takes_keys(part: QWidget) -> bool:
    return part.isVisible() and part.isEnabled() and bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
