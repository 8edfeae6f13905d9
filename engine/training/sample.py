"""The sample film of the first start, and what is true about it.

Its seed is apart from every training pool (those draw from seed 1); nobody chose it by looking at answers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.training.architecture import write_json
from engine.training.drawing import sample_scene
from engine.training.films import SEGMENT_SECONDS, DrawnFilm, write_film
from engine.training.things import NAMES

SEED = 20_261_123
SCENES = (3, 2, 3, 2, 2, 3, 3, 2, 3, 3, 2, 2)  # segments each: 30 in all, one minute
THINGS = (1, 2, 1, 2, 1, 1, 2, 1, 2, 1, 2, 1)


def sample_plan() -> DrawnFilm:
    """One minute of twelve scenes at 25 frames a second."""
    rng = np.random.default_rng(SEED)
    unused = [str(name) for name in rng.permutation(NAMES)]
    scenes = tuple(
        sample_scene(rng, [unused.pop() for _ in range(things)], segments * SEGMENT_SECONDS)
        for segments, things in zip(SCENES, THINGS, strict=True)
    )
    return DrawnFilm(scenes=scenes, frame_rate=25)


def sample_questions(film: DrawnFilm) -> list[dict[str, object]]:
    """Six questions with their truth: two "when", two "what", a "whether" that is true and one that is not."""
    things, spans = list(film.spans), film.spans
    absent = next(name for name in NAMES if name not in spans)
    second, fifth, eighth, ninth = (film.scenes[number].things[0] for number in (1, 4, 7, 8))
    moments = [spans[film.scenes[number].things[0]][0] + 2 for number in (3, 9)]
    asked: list[dict[str, object]] = [
        {"question": f"When does the {name} appear?", "kind": "when", "things": [name], "span": list(spans[name])}
        for name in (second, eighth)
    ]
    for moment in moments:
        shown = film.scene_at(moment)
        question = f"What appears at {moment:.0f} seconds?"
        span = list(spans[shown.things[0]])
        asked.append({"question": question, "kind": "what", "things": list(shown.things), "span": span})
    yes, no = (fifth, ninth)[len(things) % 2], absent
    asked.append(
        {"question": f"Does the film show the {yes}?", "kind": "whether", "things": [yes], "span": list(spans[yes])}
    )
    asked.append({"question": f"Does the film show the {no}?", "kind": "whether", "things": [no], "span": None})
    return asked


def write_sample(folder: Path) -> None:
    """`sample.mp4` and `sample.json` in `folder`."""
    film = sample_plan()
    folder.mkdir(parents=True, exist_ok=True)
    write_film(film, folder / "sample.mp4", scale=2, crf=24)
    asked = sample_questions(film)
    truth = {name: list(span) for name, span in film.spans.items()}
    write_json(
        folder / "sample.json", {"questions": [row["question"] for row in asked], "truth": asked, "spans": truth}
    )
