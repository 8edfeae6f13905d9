"""Moments in, their times on the clipboard out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication

from app.moments.moments import Moment, lines


def copy(moments: Sequence[Moment], *, markdown: bool) -> None:
    """A line each, in this order."""
    QGuiApplication.clipboard().setText(lines(moments, markdown=markdown))
