"""A file for the person: where it goes, asked first; its content, made and written whole where nobody waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.task import Pool, Task
from engine.errors import TempoError
from engine.whole_file import write_whole

log = logging.getLogger(__name__)

_LAST_FOLDER = "last_folder"  # a property of the main window


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file."""

    suffix: str
    name: str

    @property
    def filter(self) -> str:
        """As a file dialog lists it."""
        return f"{self.name} (*{self.suffix})"


K = TypeVar("K", bound=Kind)


def ask_where(parent: QWidget, title: str, proposed: Path, kinds: Sequence[Kind]) -> Path | None:
    """Let the person choose a file of one of the kinds; None if they changed their mind.

    The dialog asks before it replaces what was typed; where an ending is added to that, it is asked here."""
    filters = [kind.filter for kind in kinds]
    while True:
        typed, chosen = QFileDialog.getSaveFileName(parent, title, str(proposed), ";;".join(filters))
        if not typed:
            return None
        path = with_suffix(Path(typed), kinds[filters.index(chosen) if chosen in filters else 0], kinds)
        if path == Path(typed) or not path.exists() or _may_replace(parent, path):
            _main_window(parent).setProperty(_LAST_FOLDER, str(path.parent))
            return path
        proposed = path


def with_suffix(path: Path, kind: Kind, kinds: Sequence[Kind]) -> Path:
    """The path as typed if its ending names a kind, else with the chosen one's."""
    return path if kind_of(path, kinds) else path.with_name(path.name + kind.suffix)


def kind_of(path: Path, kinds: Sequence[K]) -> K | None:
    """The kind that a file's ending names."""
    return next((kind for kind in kinds if kind.suffix == path.suffix.lower()), None)


def last_folder(parent: QWidget) -> Path | None:
    """Where a file of this window was put last; None if nowhere, or if the folder is gone."""
    kept = _main_window(parent).property(_LAST_FOLDER)
    folder = Path(kept) if kept else None
    return folder if folder is not None and folder.is_dir() else None


def save(path: Path, make: Callable[[], bytes], what: str, told: str = "") -> tuple[str, bool]:
    """Write the file whole or not at all; returns what to tell the person, and whether it is good news."""

    def write(part: Path) -> str:
        part.write_bytes(make())
        return told

    return save_with(write, path, what)


def save_with(write: Callable[[Path], str], path: Path, what: str) -> tuple[str, bool]:
    """`save` for what is too large for memory: `write` fills a part of the file, and may have a sentence to tell."""
    said: list[str] = []
    try:
        write_whole(path, lambda part: said.append(write(part)), must_replace=True)
    except OSError as error:
        return f"{what} could not be saved: {error.strerror or error}.", False
    except TempoError as error:
        return f"{what} could not be saved. {error.message} {error.advice}".strip(), False
    except Exception as error:
        log.exception("%s could not be written", path)
        return f"{what} could not be saved ({type(error).__name__}); the log has the details.", False
    return said[-1] or f"Saved {path.name}.", True


class Saver(QObject):
    """Writes files, one after the other, on a thread of its own."""

    said = Signal(str, bool)  # what to tell the person, and whether it is good news

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = Pool(threads=1)

    def start(self, path: Path, make: Callable[[], bytes], what: str, told: str = "") -> None:
        """Begin to make and write; `said` tells how it ended."""
        self._pool.start(Task(lambda: self._tell(*save(path, make, what, told))))

    def start_with(self, write: Callable[[Path], str], path: Path, what: str) -> None:
        """The same with `save_with`."""
        self._pool.start(Task(lambda: self._tell(*save_with(write, path, what))))

    def _tell(self, text: str, good: bool) -> None:
        """On a thread of the pool."""
        try:
            self.said.emit(text, good)
        except RuntimeError:  # the window is gone
            log.info("nobody is there to be told: %s", text)

    def wait(self, milliseconds: int) -> bool:
        """True once all is written, False if it takes longer."""
        return self._pool.waitForDone(milliseconds)

    def shutdown(self, milliseconds: int = 1000) -> bool:
        """Wait for what is being written. False if it did not end in time."""
        return self._pool.ended(milliseconds, "a file was still being written")


def _may_replace(parent: QWidget, path: Path) -> bool:
    box = QMessageBox(QMessageBox.Icon.Warning, "Tempo Desk", f"{path.name} is there already.", parent=parent)
    box.setInformativeText("Replacing it loses what it holds.")
    replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    agreed = box.clickedButton() is replace
    box.deleteLater()
    return agreed


def _main_window(widget: QWidget) -> QWidget:
    """The window that all dialogs over it belong to."""
    window = widget.window()
    above = window.parentWidget()
    return window if above is None else _main_window(above)
