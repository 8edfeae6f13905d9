"""Words of the command line in, options out: one parser a command."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from engine.settings import Settings

EIGHT_BITS = "keep the index in 8 bits: less room, inexact (bundled model: rank correlation of scores 0.999)"
CLOCK = re.compile(r"\d+(?::[0-5]?\d){0,2}(?:\.\d+)?")  # 12.5, 1:02, 90:00, 1:02:03.5


class Parser(argparse.ArgumentParser):
    """argparse, but a wrong call is answered with one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}; see {self.prog} --help.\n")


def window_parser() -> Parser:
    """`main.py` without a command."""
    parser = Parser(
        prog="main.py",
        description="Ask questions of your own films.",
        epilog="To ask without a window: main.py ask VIDEO QUESTION; see main.py ask --help.",
    )
    parser.add_argument("film", nargs="?", metavar="FILM", help="open the window on this film")
    parser.add_argument("--sample", action="store_true", help="open the sample film with a suggested question typed in")
    _add_debug(parser)
    return parser


def ask_parser() -> Parser:
    """`main.py ask`: one question."""
    parser = Parser(prog="main.py ask", description="Print the answer to one question about one film.")
    parser.add_argument("video", metavar="VIDEO", help="the film")
    parser.add_argument("question", metavar="QUESTION", help="what you want to know")
    _add_sampling(parser)
    parser.add_argument("--budget", type=int, metavar="N", help="memory tokens for the whole film")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    _add_debug(parser)
    return parser


def index_parser() -> Parser:
    """`main.py index`: do the work that no question is needed for."""
    parser = Parser(prog="main.py index", description="Get a film ready for questions, or look after what is ready.")
    parser.add_argument("video", metavar="VIDEO", nargs="?", help="the film")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="list what is kept on disk")
    instead.add_argument("--clear", action="store_true", help="delete what is kept on disk: of VIDEO, or all of it")
    _add_sampling(parser)
    _add_debug(parser)
    return parser


def models_parser() -> Parser:
    """`main.py models`: look after the models."""
    parser = Parser(prog="main.py models", description="List the known models, get one, see whether it fits.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="what is known and what is here")
    fetched = actions.add_parser("download", help="fetch one; goes on where it stopped")
    fetched.add_argument("--accept-licence", action="store_true", help="agree to the model's licence without asking")
    planned = actions.add_parser("plan", help="what it would take in memory here, at every precision")
    planned.add_argument("video", metavar="VIDEO", nargs="?", help="for this film; else for the longest it can read")
    planned.add_argument("--budget", type=int, metavar="N", help="memory tokens for the whole film")
    _add_sampling(planned)
    removed = actions.add_parser("remove", help="delete one that was downloaded")
    for one in (fetched, removed):
        one.add_argument("model", metavar="NAME", help="as `list` names it")
    for one in (listed, fetched, planned, removed):
        _add_debug(one)
    return parser


def _add_sampling(parser: Parser) -> None:
    parser.add_argument("--model", metavar="NAME_OR_DIR", help="a known model, or the folder of a Tempo checkpoint")
    parser.add_argument("--device", metavar="NAME", help="auto, cuda, xpu, mps or cpu")
    parser.add_argument("--precision", metavar="NAME", help="auto, fp32, bf16, int8 or nf4 (4 bits)")
    parser.add_argument("--frames", type=int, metavar="N", help="sample at most N frames")
    parser.add_argument("--fps", type=float, metavar="F", help="sample F frames a second")
    parser.add_argument("--keyframes", action="store_true", help="read the nearest keyframes instead: faster, inexact")
    parser.add_argument("--prefix8", action="store_const", const=8, help=EIGHT_BITS)
    for tier, what in (
        ("device", "on the device"),
        ("host", "in host memory"),
        ("disk", "on disk, all films together"),
    ):
        parser.add_argument(f"--{tier}-mb", type=int, metavar="N", help=f"keep at most N MB of indexes {what}")
    parser.add_argument("--range", type=time_range, metavar="A-B", help="only this part: 12-34, or 0:12-1:02:03.5")


def _add_debug(parser: Parser) -> None:
    parser.add_argument("--debug", action="store_true", help="show log messages and tracebacks")


def settings_of(options: argparse.Namespace) -> Settings:
    """What was asked for on the command line, as settings. Raises `QuestionError` for a value out of bounds."""
    names = {
        "model": "model",
        "device": "device",
        "precision": "precision",
        "frames": "max_frames",
        "fps": "sample_fps",
        "budget": "budget",
        "range": "range_seconds",
        "keyframes": "nearest_keyframe",
        "prefix8": "prefix_bits",
        "device_mb": "device_megabytes",
        "host_mb": "host_megabytes",
        "disk_mb": "disk_megabytes",
    }
    given = {field: getattr(options, name, None) for name, field in names.items()}
    return Settings(**{field: value for field, value in given.items() if value is not None})


def time_range(text: str) -> tuple[float, float]:
    """12-34 or 0:12-1:02:03.5 as two numbers of seconds."""
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
