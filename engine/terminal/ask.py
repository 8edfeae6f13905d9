"""`main.py ask`: one question about one film, or several, answers on stdout, what else there is to say on stderr."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.errors import QuestionError
from engine.record_text import printable, to_figures, to_text
from engine.terminal.interrupt import stopped_by_ctrl_c
from engine.terminal.options import settings_of
from engine.terminal.watcher import Watcher

if TYPE_CHECKING:
    from engine.records import Answer

STDIN = "-"


def ask(options: argparse.Namespace) -> int:
    """Answer and print, each as soon as it is known. Raises `TempoError`."""
    from engine.session import Session

    settings, questions = settings_of(options), _questions(options)
    out, several = sys.stdout, len(questions) > 1
    lines = several or options.questions is not None  # an object a line, for whatever reads them one by one
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(sys.stderr))  # whatever a package prints, stdout holds the answers alone
        cancel = stack.enter_context(stopped_by_ctrl_c())
        session = Session(settings)
        stack.callback(session.close)
        with Watcher(None) as show:
            session.open(Path(options.video), show, cancel=cancel)
        for number, question in enumerate(questions):
            if several and not options.json:
                out.write(("\n" if number else "") + f"{printable(question)}\n\n")
            with Watcher(None if options.json else out) as show:
                answer = session.ask(question, emit=show, cancel=cancel)
            if options.json:
                _write_json(answer, out, indent=None if lines else 2)
            else:
                _report(answer, out)
            out.flush()
    return 0


def _questions(options: argparse.Namespace) -> list[str]:
    """Those of the call, then the lines of the file. Raises `QuestionError`."""
    asked = list(options.question)
    if options.questions is not None:
        asked += [line.strip() for line in _read(options.questions).splitlines() if line.strip()]
    if not asked:
        raise QuestionError(
            "There is no question.", advice="Give one after the film, or a file of them to --questions."
        )
    if not all(question.strip() for question in asked):
        raise QuestionError("A question is empty.")
    return asked


def _read(file: str) -> str:
    """A text in UTF-8. Raises `QuestionError`."""
    name = "standard input" if file == STDIN else file
    try:
        if file == STDIN and sys.stdin is None:
            raise QuestionError("There is no standard input to read questions from.")
        content = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise QuestionError(f"The questions in {name} could not be read: {why}.") from error


def _write_json(answer: Answer, out: TextIO, *, indent: int | None) -> None:
    from engine.record_json import to_json

    json.dump(to_json(answer), out, indent=indent)
    out.write("\n")


def _report(answer: Answer, out: TextIO) -> None:
    """Print what stands below the words of the answer: times on `out`, figures and notes on stderr."""
    out.write(("\n" if answer.text else "") + to_text(answer))
    for note in answer.notes:
        sys.stderr.write(f"Note: {note}\n")
    sys.stderr.write(to_figures(answer) + "\n")
