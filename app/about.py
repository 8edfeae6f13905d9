"""What this program is, with which parts, under which licences, and where its log lies."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.knowledge import ASSETS
from app.logbook import folder
from app.style import mark

ICON = ASSETS / "icon.svg"
_PARTS = ("torch", "transformers", "PySide6", "pyqtgraph", "av", "bitsandbytes")
_CREDITS = (
    "Apache License 2.0. Qt and PySide6 are used under the LGPL, FFmpeg under the LGPL. Icons: Phosphor (MIT). "
    "Pictures of the sample film: Noto Emoji (SIL Open Font License)."
)


def program_icon() -> QIcon:
    """The window's icon."""
    return QIcon(str(ICON))


class AboutDialog(QDialog):
    """Opened from the View menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Tempo Desk")
        picture = QLabel()
        picture.setPixmap(program_icon().pixmap(56, 56))
        title = QLabel(f"Tempo Desk {version_of('tempo-desk')}")
        mark(title, kind="title")
        column = QVBoxLayout()
        column.addWidget(title)
        parts = ", ".join(f"{part} {version_of(part)}" for part in _PARTS)
        for text in ("Asks questions of your own films. Film and questions stay on this computer.",
                     f"Qt {qVersion()}, {parts}", _CREDITS, f"Log: {folder()}"):  # fmt: skip
            column.addWidget(_wrapped(text))
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        log = QPushButton("Open the log's folder")
        buttons.addButton(log, QDialogButtonBox.ButtonRole.ActionRole)
        log.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder()))))
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 24, 24, 16)
        whole.addLayout(head)
        whole.addSpacing(8)
        whole.addWidget(buttons)
        self.setFixedWidth(520)


def version_of(name: str) -> str:
    """The installed version, or a word that it is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # 40 ms that no start of the window needs

    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    mark(label, kind="small", tone="2")
    return label
