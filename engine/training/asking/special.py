"""Questions with letters to choose from, about what does not appear, and about what this world does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.training.asking import moments, relations
from engine.training.asking.asked import Asked, Desk
from engine.training.asking.nouns import UNKNOWN, UNKNOWN_IN_TEST
from engine.training.asking.wordings import CHOICES, HELD_OUT_CHOICES, NOT_THERE, UNKNOWN_TO_ALL
from engine.training.world.language import NUMBERS, TIMES, agrees, listed, the
from engine.training.world.lettering import WORDS
from engine.training.world.palette import NAMED
from engine.training.world.places import PLACES, WHERE
from engine.training.world.plan import MOTIONS
from engine.training.world.things import MASS, PLURAL

LETTERS = "ABCD"
NOT_MY_WORLD = "That is not in my world, so I cannot tell."
Builder = Callable[[Desk], Asked | None]
CHOSEN_FROM: dict[str, Builder] = {
    "what": moments.what, "colour": moments.colour, "count": moments.count, "motion": moments.motion,
    "text": moments.text, "where": moments.where, "often": relations.often, "after": relations.after,
    "before": relations.before, "first": relations.first, "last": relations.last, "earlier": relations.earlier,
    "longer": relations.longer,
}  # fmt: skip


def choice(desk: Desk) -> Asked | None:
    """A question with four options, as benchmarks ask."""
    kinds = list(CHOSEN_FROM)
    asked = CHOSEN_FROM[kinds[int(desk.rng.integers(len(kinds)))]](desk)
    if asked is None:
        return None
    right, wrong = _options(desk, asked)
    if len(wrong) < len(LETTERS) - 1:
        return None
    place = int(desk.rng.integers(len(LETTERS)))
    options = [*wrong[:place], right, *wrong[place : len(LETTERS) - 1]]
    listing = "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=True))
    frame = desk.pick(HELD_OUT_CHOICES if desk.held_out else CHOICES) or ""
    question = frame.format(question=asked.question, options=listing)
    letter = LETTERS[place]
    return replace(
        asked, kind="choice", question=question, answer=f"{letter}.", value=letter, names=(), spans=(),
        about=asked.kind, accepted=(right,),
    )  # fmt: skip


def _options(desk: Desk, asked: Asked) -> tuple[str, list[str]]:
    """The right option and three wrong ones."""
    if asked.kind in ("what", "after", "before", "first", "last"):
        return _things(desk, asked.names)
    if asked.kind in ("earlier", "longer"):
        one, other = asked.names[0], asked.about
        seen = [name for name in desk.truth.cast if name not in (one, other)][:2]
        return f"the {one}", _shuffled(desk, [f"the {name}" for name in (other, *seen)])
    pools = {
        "colour": NAMED, "count": NUMBERS[1:6], "where": tuple(PLACES), "often": TIMES[1:6], "motion": MOTIONS,
        "text": (*desk.truth.texts, *WORDS),
    }  # fmt: skip
    others = [value for value in pools[asked.kind] if value != asked.value]
    picked = _shuffled(desk, others[:3] if asked.kind == "text" and len(desk.truth.texts) > 3 else others)[:3]
    return _worded(asked, asked.value), [_worded(asked, value) for value in picked]


def _worded(asked: Asked, value: str) -> str:
    if asked.kind == "where":
        return WHERE[value]
    if asked.kind == "motion":
        return f"it {moments.MOVES[value][0]}"
    return value


def _things(desk: Desk, right: tuple[str, ...]) -> tuple[str, list[str]]:
    """Lists of as many things, from the film itself where it has enough, so that being in the film does not give a
    thing away."""
    elsewhere = [name for name in desk.truth.cast if name not in right]
    elsewhere = _shuffled(desk, elsewhere) + [desk.absent() for _ in range(3 * len(right))]
    size = len(right)
    wrong = [elsewhere[number * size : (number + 1) * size] for number in range(3)]
    return listed(the(right)), [listed(the(names)) for names in wrong]


def _shuffled(desk: Desk, items: list[str]) -> list[str]:
    return [items[int(place)] for place in desk.rng.permutation(len(items))]


def absent(desk: Desk) -> Asked | None:
    """A question about a thing that the film does not show."""
    kind = desk.pick(NOT_THERE) or ""
    thing = desk.absent()
    if kind == "count" and (thing in PLURAL or thing in MASS):
        kind = "when"
    answer = f"The {thing} {agrees(thing, 'does', 'do')} not appear."
    return Asked("absent", desk.phrased(kind, x=thing), answer, (thing,), absent=True, about=kind)


def unknown(desk: Desk) -> Asked | None:
    """A question about a thing that this world does not hold."""
    kind = desk.pick(UNKNOWN_TO_ALL) or ""
    noun = desk.pick(UNKNOWN_IN_TEST if desk.held_out else UNKNOWN) or ""
    return Asked("unknown", desk.phrased(kind, x=noun), NOT_MY_WORLD, absent=True, unknown=True, about=kind)
