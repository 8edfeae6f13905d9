"""Drawn films as files with questions beside them: what anybody may train or test on.

`films.jsonl` has a line for every question, `{"video", "question", "answer", "kind", ...}`; videos lie beside it and
are named relative to it. The same lines about real films train a model of one's own (`video_data.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from engine.training.asking.asked import Asked
from engine.training.asking.kinds import KINDS, ask_kind, desk_for
from engine.training.asking.truth import Clock
from engine.training.clips import sample_times, timed
from engine.training.world.combination import SPLITS, TEST
from engine.training.world.composing import sample_film
from engine.training.world.films import Coding, sample_coding, write_film
from engine.training.world.plan import Film

FILE_SEED = 70_000  # apart from the seeds of the pools


def write_films(
    folder: Path, *, films: int, segments: int, split: str, seed: int = 0, held_out_style: bool = False, each: int = 1,
    artists: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Draw films, `each` questions of every kind about each; returns the file of questions."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "films.jsonl"
    with target.open("w", encoding="utf-8") as out:
        for number in range(films):
            rng = np.random.default_rng((FILE_SEED, SPLITS.index(split), seed, segments, held_out_style, number))
            film = sample_film(rng, segments=segments, split=split, held_out_style=held_out_style, artists=artists)
            coding = sample_coding(rng, plain=True)
            path = folder / f"{number:04}{coding.suffix}"
            write_film(film, path, coding)
            for asked in questions(rng, film, coding, each=each, held_out=split == TEST):
                out.write(json.dumps({"video": path.name, **asdict(asked)}, ensure_ascii=False) + "\n")
    return target


def questions(
    rng: np.random.Generator, film: Film, coding: Coding, *, each: int = 1, held_out: bool = False
) -> list[Asked]:
    """`each` questions of every kind that the film can answer, in the times at which it will be read."""
    times = timed(sample_times(film.seconds // 2, frame_rate=coding.rate), np.zeros(film.seconds))
    desk = desk_for(rng, film, Clock(times.centre_times), held_out=held_out)
    asked = [ask_kind(desk, kind) for kind in KINDS for _ in range(each)]
    return [one for one in asked if one is not None]
