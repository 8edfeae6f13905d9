"""Training films put together from the pool: which segments, under which times, with which questions.

`draft_film(rng, pool, segments)` gives a film; `draft_question(rng, film)` a question with its true answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import ModelError
from engine.training.films import SEGMENT_SECONDS
from engine.training.pool import FRAMES, Pool
from engine.training.questions import KINDS, Asked, answer, wording
from engine.training.things import NAMES

HALF = FRAMES // 2
OFFSETS = (0.35, 0.55, 0.1)  # a film as it is, one that begins within a minute, one that begins anywhere
SHARES = (0.4, 0.2, 0.4)  # of the kinds "when", "whether", "what"
CROWDED = (1 / 6, 1 / 2, 1.0)  # how readily a scene of one, two, three things is taken where crowded ones are wanted


@dataclass(frozen=True, slots=True)
class DraftFilm:
    """A film of pooled segments. Times are text as the prompts print them."""

    rows: tuple[int, ...]  # the pool's segment at each place
    things: tuple[tuple[int, ...], ...]  # what each segment shows
    pair_times: tuple[tuple[str, str], ...]  # "12.3" for each pair of frames
    centre_times: tuple[str, ...]
    offset_seconds: int  # when the first segment starts (a range of a longer film does not start at 0)


def draft_film(rng: np.random.Generator, pool: Pool, segments: int, *, crowded: bool = False) -> DraftFilm:
    """Scenes drawn at random until the film is full; no thing comes twice. `crowded` prefers many things at once."""
    rows: list[int] = []
    things: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for choice in rng.permutation(len(pool.scenes)) if len(pool.scenes) < 1000 else _endless(rng, len(pool.scenes)):
        scene = pool.scenes[int(choice)]
        if seen & set(scene.things) or (crowded and rng.random() > CROWDED[len(scene.things) - 1]):
            continue
        seen |= set(scene.things)
        count = min(scene.count, segments - len(rows))
        rows += range(scene.first, scene.first + count)
        things += [scene.things] * count
        if len(rows) == segments:
            break
    else:
        raise ModelError(f"The pool holds too few scenes for a film of {segments} segments.")
    offset = 2 * int(rng.integers((1, 25, 260)[int(rng.choice(3, p=OFFSETS))]))
    seconds = offset + sample_times(segments, frame_rate=int(rng.choice([24, 25, 30])))
    pairs = seconds.reshape(segments, HALF, 2).mean(2)
    return DraftFilm(
        rows=tuple(rows),
        things=tuple(things),
        pair_times=tuple((f"{a:.1f}", f"{b:.1f}") for a, b in pairs),
        centre_times=tuple(f"{second:.1f}" for second in seconds.reshape(segments, FRAMES)[:, HALF]),
        offset_seconds=offset,
    )


def _endless(rng: np.random.Generator, count: int) -> Iterator[int]:
    """Random numbers below `count`: cheaper than a permutation where few of many are taken."""
    while True:
        yield int(rng.integers(count))


def sample_times(segments: int, *, frame_rate: int) -> np.ndarray:
    """Presentation times of the frames the published sampling takes from a film of `segments`: [4 * segments]."""
    frames = round(segments * SEGMENT_SECONDS * frame_rate)
    return np.round(np.linspace(0, frames - 1, FRAMES * segments)) / frame_rate


def draft_question(
    rng: np.random.Generator, film: DraftFilm, *, shares: tuple[float, ...] = SHARES
) -> tuple[Asked, str]:
    """A question and the true answer in the times of the film. A fifth of "when" and half of "whether" have none."""
    kind = str(rng.choice(KINDS, p=shares))
    if kind == "what":
        place = int(rng.integers(len(film.rows)))
        at = film.offset_seconds + 2 * place + int(rng.integers(2))
        names = tuple(NAMES[thing] for thing in film.things[place])
        asked = Asked(kind, wording(rng, kind, t=at), names, (place,), at)
        return asked, answer(asked, ())
    absent = rng.random() < (0.5 if kind == "whether" else 0.2)
    present = sorted({thing for shown in film.things for thing in shown})
    eligible = np.setdiff1d(np.arange(len(NAMES)), present) if absent else present
    thing = int(rng.choice(eligible))
    places = tuple(place for place, shown in enumerate(film.things) if thing in shown)
    asked = Asked(kind, wording(rng, kind, x=NAMES[thing]), (NAMES[thing],), places)
    return asked, answer(asked, tuple(film.centre_times[place] for place in places))


def draft_routing(rng: np.random.Generator, film: DraftFilm, place: int, *, kind: str = "") -> tuple[str, bool]:
    """A question about one segment and whether the segment bears on it, half and half (for the small VLM alone)."""
    kind, relevant = kind or str(rng.choice(KINDS)), bool(rng.integers(2))
    if kind == "what":
        start = film.offset_seconds + 2 * place
        at = start + int(rng.integers(2))
        if not relevant:
            near = start + int(rng.choice([-6, -5, -4, -3, -2, -1, 2, 3, 4, 5, 6, 7]))
            anywhere = film.offset_seconds + int(rng.integers(2 * len(film.rows)))
            at = near if near >= 0 and (rng.random() < 0.6 or anywhere // 2 == start // 2) else anywhere
            relevant = start <= at < start + 2
        return wording(rng, kind, t=at), relevant
    shown = film.things[place]
    thing = int(rng.choice(shown)) if relevant else int(rng.choice(np.setdiff1d(np.arange(len(NAMES)), shown)))
    return wording(rng, kind, x=NAMES[thing]), relevant
