"""`main.py index`: get a film ready for questions, list what is ready, or delete it."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from engine.errors import QuestionError
from engine.record_text import printable
from engine.terminal.interrupt import stopped_by_ctrl_c
from engine.terminal.options import settings_of
from engine.terminal.watcher import Watcher

if TYPE_CHECKING:
    from engine.memory.store import Entry, Store

UNITS = ("bytes", "kB", "MB", "GB", "TB")


def index(options: argparse.Namespace) -> int:
    """Do what the options say. Raises `TempoError`."""
    from engine.store_place import the_store

    store = the_store(settings_of(options))
    if options.list:
        sys.stdout.write(listing(store))
    elif options.clear:
        sys.stdout.write(_clear(store, options.video))
    elif options.video is None:
        raise QuestionError("Index what?", advice="Give a film, --list or --clear.")
    else:
        _make_ready(options, store)
    return 0


def listing(store: Store) -> str:
    """One line an index, the last used first."""
    entries = store.entries()
    lines = [f"{_line(entry)}\n" for entry in entries]
    total = sum(entry.nbytes for entry in entries)
    return "".join([*lines, f"{amount(total)} of {amount(store.limit_bytes)} in {store.folder}\n"])


def amount(nbytes: int) -> str:
    """A size as people say it: 1.2 GB."""
    size, unit = float(nbytes), 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {UNITS[unit]}" if unit == 0 else f"{size:.1f} {UNITS[unit]}"


def _line(entry: Entry) -> str:
    used = datetime.fromtimestamp(entry.used_at).strftime("%Y-%m-%d %H:%M") if entry.used_at else f"{'-':16}"
    ready = entry.prefixes + entry.features
    halfway = f", {entry.features} of them as features" if entry.features else ""
    return (
        f"{used}  {amount(entry.nbytes):>9}  {ready} of {entry.about.segments} segments{halfway}  "
        f"{entry.about.model}  {printable(entry.about.film)}"
    )


def _clear(store: Store, film: str | None) -> str:
    if film is None:
        return f"{amount(store.clear())} freed.\n"
    path = str(Path(film).resolve())
    freed = sum(store.clear(entry.key) for entry in store.entries() if entry.about.film == path)
    return f"{amount(freed)} freed.\n"


def _make_ready(options: argparse.Namespace, store: Store) -> None:
    from engine.session import Session

    began = perf_counter()
    with ExitStack() as stack:
        cancel = stack.enter_context(stopped_by_ctrl_c())
        session = Session(settings_of(options), store=store)
        stack.callback(session.close)
        show = stack.enter_context(Watcher(None))
        session.open(Path(options.video), show, cancel=cancel)
        done = list(session.index(emit=show, cancel=cancel))
        notes = session.index_notes
    path = str(Path(options.video).resolve())
    kept = [entry for entry in store.entries() if entry.about.film == path]
    size = amount(kept[0].nbytes) if kept else "nothing"
    for note in notes:
        sys.stderr.write(f"Note: {note}\n")
    new = f"{len(done)} batches" if done else "nothing was missing"
    ready = f"{kept[0].prefixes + kept[0].features} of {kept[0].about.segments}" if kept else "no"
    sys.stdout.write(f"{ready} segments ready ({new}), {size} on disk, {perf_counter() - began:.1f} s.\n")
