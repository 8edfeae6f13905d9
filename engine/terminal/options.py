"""Words of the command line in, options out: one parser a command."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from engine.errors import QuestionError
from engine.knobs import Knob
from engine.settings import ANSWER, KNOBS, MEMORY, MODEL, READING, TOKENS, Settings


class Parser(argparse.ArgumentParser):
    """argparse, but a wrong call is answered with one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}; see {self.prog} --help.\n")


class AskParser(Parser):
    """Questions may stand before, between and behind options."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        return self.parse_intermixed_args(args, namespace)


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
    """`main.py ask`: one question, or several."""
    parser = AskParser(
        prog="main.py ask", description="Print the answer to one question about one film, or to several."
    )
    parser.add_argument("video", metavar="VIDEO", help="the film")
    parser.add_argument("question", metavar="QUESTION", nargs="*", help="what you want to know")
    parser.add_argument("--questions", metavar="FILE", help="ask each line of this text file too; - for standard input")
    _add_knobs(parser, (MODEL, READING, TOKENS, ANSWER, MEMORY))
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else; of several questions one a line"
    )
    _add_debug(parser)
    return parser


def index_parser() -> Parser:
    """`main.py index`: do the work that no question is needed for."""
    parser = Parser(prog="main.py index", description="Get a film ready for questions, or look after what is ready.")
    parser.add_argument("video", metavar="VIDEO", nargs="?", help="the film")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="list what is kept on disk")
    instead.add_argument("--clear", action="store_true", help="delete what is kept on disk: of VIDEO, or all of it")
    _add_knobs(parser, (MODEL, READING, MEMORY))
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
    _add_knobs(planned, (MODEL, READING, MEMORY), also=("budget", "max_new_tokens"))
    removed = actions.add_parser("remove", help="delete one that was downloaded")
    for one in (fetched, removed):
        one.add_argument("model", metavar="NAME", help="as `list` names it")
    for one in (listed, fetched, planned, removed):
        _add_debug(one)
    return parser


def _add_knobs(parser: Parser, groups: Sequence[str], *, also: Sequence[str] = ()) -> None:
    """The settings of some groups, and others by name, each as `engine.settings` tells of it."""
    wanted = [knob for knob in KNOBS.values() if knob.group in groups or knob.name in also]
    for title in dict.fromkeys(knob.group for knob in wanted):
        group = parser.add_argument_group(title)
        for knob in wanted:
            if knob.group == title:
                _add_knob(group, knob)


def _add_knob(group: argparse._ArgumentGroup, knob: Knob) -> None:
    told = knob.help.rstrip(".").replace("%", "%%")
    told = told if told[:1].isdigit() else f"{told[:1].lower()}{told[1:]}"
    if knob.const is not None:
        told = told if knob.const is not False else f"do not {knob.label[:1].lower()}{knob.label[1:]}"
        group.add_argument(knob.flag, dest=knob.name, action="store_const", const=knob.const, help=told)
        return
    bounds = "{:.10g} to {:.10g}, ".format(*knob.bounds) if knob.bounds else ""
    bounds = f"{' or '.join(knob.choices)}, " if knob.choices else bounds
    default = f"{bounds}default {knob.unset or knob.text(knob.default)}"
    kind: dict[str, Any] = {"choices": tuple(knob.choices)} if knob.choices else {"type": _reader(knob)}
    group.add_argument(knob.flag, dest=knob.name, metavar=knob.letter, help=f"{told} ({default})", **kind)


def _reader(knob: Knob) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return knob.parse(text)
        except QuestionError as error:
            raise argparse.ArgumentTypeError(error.message) from None

    return read


def _add_debug(parser: Parser) -> None:
    parser.add_argument("--debug", action="store_true", help="show log messages and tracebacks")


def settings_of(options: argparse.Namespace) -> Settings:
    """What was asked for on the command line, as settings. Raises `QuestionError` for a value out of bounds."""
    given = {name: getattr(options, name, None) for name in KNOBS}
    return Settings(**{name: value for name, value in given.items() if value is not None})
