"""The command line: the window by default; `ask` and `index` without one.

    python main.py [FILM]                 open the window, on FILM if given
    python main.py --sample               open the window on the sample film, a question typed in
    python main.py ask VIDEO QUESTION     print the answer with its times; Qt is never imported
    python main.py index VIDEO            get a film ready for questions; --list and --clear what is ready
    python main.py models list            the models: `list`, `download`, `plan`, `remove`

Exit 0 when done, 2 for a wrong call, 3 for a film that cannot be read, 4 for a model that cannot be had, 130 when
stopped, each but the first with one plain sentence on stderr.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable

from engine.errors import TempoError
from engine.terminal.ask import ask
from engine.terminal.index import index
from engine.terminal.models import models
from engine.terminal.options import Parser, ask_parser, index_parser, models_parser, window_parser

COMMANDS: dict[str, tuple[Callable[[], Parser], Callable[[argparse.Namespace], int]]] = {
    "ask": (ask_parser, ask),
    "index": (index_parser, index),
    "models": (models_parser, models),
}
QUIET = {  # chatter of other people's packages does not belong on the user's terminal
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    command = arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else []
    parser, run = COMMANDS[command[0]] if command else (window_parser, _window)
    options = parser().parse_args(arguments[len(command) :])
    _keep_quiet(debug=options.debug)
    try:
        return run(options)
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


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
