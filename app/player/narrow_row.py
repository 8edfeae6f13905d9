"""Parts in a row and the room there is in; a row that fits out. What is given up goes into a menu at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QToolButton, QWidget

STRETCH = "stretch"
_GAP = 4


class NarrowRow(QWidget):
    """A row of named parts."""

    def __init__(self, least_width: int, height: int, edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least, self._edge = QSize(least_width, height), edge
        self._parts: dict[str, QWidget] = {}
        self._absent: set[str] = set()
        self._given_up: Sequence[str] = ()
        self._more: QToolButton | None = None

    def fill(self, parts: Mapping[str, QWidget], order: Sequence[str], given_up: Sequence[str], more: str) -> None:
        """Lay out `parts` in `order`; where room is short, `given_up` go one after the other. `more` is the button of
        the menu that takes them in."""
        self._parts, self._given_up = dict(parts), given_up
        row = QHBoxLayout(self)
        row.setContentsMargins(self._edge, 0, self._edge, 0)
        row.setSpacing(_GAP)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # else what is shown could never get narrower
        for name in order:
            row.addStretch(1) if name == STRETCH else row.addWidget(parts[name])
        button = parts[more]
        assert isinstance(button, QToolButton)
        self._more = button
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._list(menu))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def set_present(self, name: str, present: bool) -> None:
        """A part that makes no sense now is not there at all."""
        if present == (name in self._absent):
            self._absent.symmetric_difference_update({name})
            self.refit()

    @property
    def hidden_parts(self) -> tuple[str, ...]:
        """What had to be given up."""
        return tuple(name for name in self._given_up if name not in self._absent and self._parts[name].isHidden())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """What is left when everything is given up."""
        return self._least

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Other room."""
        super().resizeEvent(event)
        self.refit()

    def refit(self) -> None:
        """Show what fits."""
        if self._more is None:
            return
        room = self.width() - 2 * self._edge
        shown = [name for name, part in self._parts.items() if name not in self._absent and part is not self._more]
        widths = {name: _width(self._parts[name]) for name in shown}
        lost: list[str] = []
        for name in self._given_up:
            extra = _width(self._more) if any(self._listed(gone) for gone in lost) else 0
            if sum(widths.values()) + extra <= room:
                break
            if widths.pop(name, None) is not None:
                lost.append(name)
        for name, part in self._parts.items():
            if part is not self._more:
                part.setVisible(name in widths)
        self._more.setVisible(any(self._listed(name) for name in lost))

    def _listed(self, name: str) -> bool:
        return isinstance(self._parts[name], QToolButton)

    def _list(self, menu: QMenu) -> None:
        menu.clear()
        for name in self._parts:
            button = self._parts[name]
            if name in self.hidden_parts and isinstance(button, QToolButton):
                text = button.toolTip()
                if button.menu() is not None:
                    button.menu().setTitle(text)
                    menu.addMenu(button.menu()).setEnabled(button.isEnabled())
                else:
                    menu.addAction(button.icon(), text, button.click).setEnabled(button.isEnabled())


def _width(part: QWidget) -> int:
    """Hidden or not; a layout item would say 0 for hidden ones."""
    part.ensurePolished()
    return min(max(part.sizeHint().width(), part.minimumWidth()), part.maximumWidth()) + _GAP
