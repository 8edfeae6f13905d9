"""What is asked before something is deleted, and where a film may be that is not where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from app.history.recent_list import RecentList
from app.history.records import FilmCard
from app.history.words import count
from app.opening import FILMS
from app.style import mark

Answers = dict[str, Callable[[], object]]


class Asking:
    """Asks in front of one window, without holding it up; the list does what is answered."""

    def __init__(self, window: QWidget, recent: RecentList) -> None:
        self._window, self._recent = window, recent
        recent.film_gone.connect(self.where_is)
        recent.other_film.connect(self.take_other)
        self.box: QMessageBox | None = None

    def before_forgetting(self, card: FilmCard | None) -> None:
        """A film and its questions, or with None everything."""
        if card is None:
            text = "Delete the whole history: all films in the list and all questions and answers?"
            keep = "The films themselves stay where they are. This cannot be undone."
        else:
            text = f"Forget {card.path.name} and {_its(card.questions)}?"
            keep = "The film itself stays where it is. This cannot be undone."
        word = "Delete" if card is None else "Forget"
        self._ask(text, keep, deletes=True, answers={word: lambda: self._recent.forget(card.content if card else None)})

    def where_is(self, card: FilmCard) -> None:
        """It is not where it was."""
        self._ask(
            f"{card.path.name} is not where it was.",
            f"It was last opened from {card.path.parent}. Moved or renamed, it is recognised by what it holds.",
            {"Find it …": lambda: self.search(card), "Remove from the list": lambda: self._recent.unlist(card.content)},
        )

    def search(self, card: FilmCard) -> None:
        """Let the person point to it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, f"Find {card.path.name}", str(card.path.parent), FILMS)
        if chosen:
            self._recent.found(card, Path(chosen))

    def take_other(self, card: FilmCard, path: Path) -> None:
        """What was pointed to holds something else."""
        self._ask(
            f"{path.name} is another film than {card.path.name}.",
            f"The questions asked about {card.path.name} stay with that film.",
            {
                "Choose another file …": lambda: self.search(card),
                "Open it as a new film": lambda: self._recent.film_wanted.emit(path),
            },
        )

    def _ask(self, text: str, more: str, answers: Answers, *, deletes: bool = False) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle("Tempo Desk")
        box.setText(text)
        box.setInformativeText(more)
        chosen = {_button(box, word): act for word, act in answers.items()}
        cancel = _button(box, "Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel if deletes else next(iter(chosen)))
        box.setEscapeButton(cancel)
        box.finished.connect(lambda _: self._answered(box, chosen))
        self.box = box
        box.open()

    def _answered(self, box: QMessageBox, answers: dict[QPushButton, Callable[[], object]]) -> None:
        self.box = None
        act = answers.get(box.clickedButton())
        box.deleteLater()
        if act is not None:
            act()


def _button(
    box: QMessageBox, word: str, role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.ActionRole
) -> QPushButton:
    button = box.addButton(word, role)
    mark(button, button="plain")
    return button


def _its(questions: int) -> str:
    return "its place in the list" if not questions else f"the {count(questions, 'question')} asked about it"
