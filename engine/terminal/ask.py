"""`main.py ask`: one question about one film, its answer on stdout, what else there is to say on stderr."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.record_text import to_figures, to_text
from engine.terminal.interrupt import stopped_by_ctrl_c
from engine.terminal.options import settings_of
from engine.terminal.watcher import Watcher

if TYPE_CHECKING:
    from engine.records import Answer
    from engine.settings import Settings


def ask(options: argparse.Namespace) -> int:
    """Answer and print. Raises `TempoError`."""
    settings = settings_of(options)
    out = sys.stdout
    with redirect_stdout(sys.stderr):  # whatever a package prints, stdout holds the answer alone
        answer = _answer(options, settings, None if options.json else out)
    if options.json:
        from engine.record_json import to_json

        json.dump(to_json(answer), out, indent=2)
        out.write("\n")
    else:
        _report(answer, out)
    out.flush()
    return 0


def _answer(options: argparse.Namespace, settings: Settings, words: TextIO | None) -> Answer:
    from engine.session import Session

    with ExitStack() as stack:
        cancel = stack.enter_context(stopped_by_ctrl_c())
        session = Session(settings)
        stack.callback(session.close)
        show = stack.enter_context(Watcher(words))
        session.open(Path(options.video), show, cancel=cancel)
        return session.ask(options.question, emit=show, cancel=cancel)


def _report(answer: Answer, out: TextIO) -> None:
    """Print what stands below the words of the answer: times on `out`, figures and notes on stderr."""
    out.write(("\n" if answer.text else "") + to_text(answer))
    for note in answer.notes:
        sys.stderr.write(f"Note: {note}\n")
    sys.stderr.write(to_figures(answer) + "\n")
