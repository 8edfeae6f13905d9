"""The command line: the window by default, one question and its answer with `ask`.

    python main.py [FILM]                 open the window, on FILM if given
    python main.py --sample               open the window on the sample film, a question typed in
    python main.py ask VIDEO QUESTION     print the answer with its times; Qt is never imported

Exit 0 when answered, 2 for a wrong call, 3 for a film that cannot be read, 4 for a model that cannot be had, 130 when
stopped, each but the first with one plain sentence on stderr.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
import warnings
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from engine.errors import TempoError
from engine.record_text import printable, to_figures, to_text
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.events import Event
    from engine.records import Answer

CLOCK = re.compile(r"\d+(?::[0-5]?\d){0,2}(?:\.\d+)?")  # 12.5, 1:02, 90:00, 1:02:03.5
QUIET = {  # chatter of other people's packages does not belong on the user's terminal
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class Parser(argparse.ArgumentParser):
    """argparse, but a wrong call is answered with one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}; see {self.prog} --help.\n")


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    wants_ask = arguments[:1] == ["ask"]
    options = (_ask_parser() if wants_ask else _window_parser()).parse_args(arguments[wants_ask:])
    _keep_quiet(debug=options.debug)
    try:
        return _ask(options) if wants_ask else _window(options)
    except BrokenPipeError:  # the reader of our output left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _complain("Stopped.", 130)
    except TempoError as error:
        if options.debug:
            raise
        return _complain(f"{error.message} {error.advice}".strip(), error.exit_code)
    except Exception as error:
        if options.debug:
            raise
        told = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(". ")
        return _complain(f"Something unexpected went wrong ({told}); --debug shows where.", 1)


def _window_parser() -> Parser:
    parser = Parser(
        prog="main.py",
        description="Ask questions of your own films.",
        epilog="To ask without a window: main.py ask VIDEO QUESTION; see main.py ask --help.",
    )
    parser.add_argument("film", nargs="?", metavar="FILM", help="open the window on this film")
    parser.add_argument("--sample", action="store_true", help="open the sample film with a suggested question typed in")
    parser.add_argument("--debug", action="store_true", help="show log messages and tracebacks")
    return parser


def _ask_parser() -> Parser:
    parser = Parser(prog="main.py ask", description="Print the answer to one question about one film.")
    parser.add_argument("video", metavar="VIDEO", help="the film")
    parser.add_argument("question", metavar="QUESTION", help="what you want to know")
    parser.add_argument("--model", metavar="NAME_OR_DIR", help="a known model, or the folder of a Tempo checkpoint")
    parser.add_argument("--frames", type=int, metavar="N", help="sample at most N frames")
    parser.add_argument("--fps", type=float, metavar="F", help="sample F frames a second")
    parser.add_argument("--budget", type=int, metavar="N", help="memory tokens for the whole film")
    parser.add_argument("--range", type=_range, metavar="A-B", help="only this part: 12-34, or 0:12-1:02:03.5")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--debug", action="store_true", help="show log messages and tracebacks")
    return parser


def _range(text: str) -> tuple[float, float]:
    start, _, end = text.partition("-")
    try:
        return _seconds(start), _seconds(end)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no range such as 12-34 or 0:12-0:34") from None


def _seconds(text: str) -> float:
    if CLOCK.fullmatch(text.strip()) is None:
        raise ValueError(text)
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def _keep_quiet(*, debug: bool) -> None:
    if debug:
        logging.basicConfig(level=logging.INFO, format="%(relativeCreated)8.0f ms  %(name)s: %(message)s")
        return
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")


def _window(options: argparse.Namespace) -> int:
    if options.film and options.sample:
        return _complain("Give a film or --sample, not both.", 2)
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        return _complain("There is no screen to open a window on; main.py ask answers without one.", 1)
    try:
        from app.application import run
    except ImportError as error:
        return _complain(f"The window cannot open, because a library is missing: {error}. The README says how.", 1)
    return run(film=options.film, sample=options.sample)


def _ask(options: argparse.Namespace) -> int:
    given = {
        "model": options.model,
        "max_frames": options.frames,
        "sample_fps": options.fps,
        "budget": options.budget,
        "range_seconds": options.range,
    }
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
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
    from engine.cancel import CancelToken
    from engine.session import Session

    with ExitStack() as stack:
        session = Session(settings)
        stack.callback(session.close)
        show = stack.enter_context(Watcher(words))
        session.open(Path(options.video), show)
        return session.ask(options.question, emit=show, cancel=CancelToken())


class Watcher:
    """Shows what happens: progress on stderr if that is a terminal, the answer's words as they come."""

    def __init__(self, words: TextIO | None) -> None:
        self._words = words
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Watcher:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True, redirect_stdout=False)
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def __call__(self, event: Event) -> None:
        """Take one event of the engine."""
        from engine.events import FramesRead, SegmentIndexed, SegmentScored, TokenDecoded

        match event:
            case FramesRead(done, total):
                self._advance("Reading", done, total)
            case SegmentIndexed(_, done, total):
                self._advance("Indexing", done, total)
            case SegmentScored(_, _, done, total):
                self._advance("Scoring", done, total)
            case TokenDecoded(text):
                self.__exit__()
                if self._words is not None:
                    self._words.write(printable(text))
                    self._words.flush()

    def _advance(self, stage: str, done: int, total: int) -> None:
        if self._progress is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._progress.add_task(stage, total=total)
            self._progress.update(self._tasks[stage], completed=done, total=total)


def _report(answer: Answer, out: TextIO) -> None:
    """Print what stands below the words of the answer: times on `out`, figures and notes on stderr."""
    out.write(("\n" if answer.text else "") + to_text(answer))
    for note in answer.notes:
        sys.stderr.write(f"Note: {note}\n")
    sys.stderr.write(to_figures(answer) + "\n")


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
