"""Everything that a film shows, told in order of time: dense captions, asked for in training only.

A question wants a word or two of one segment, and a step reads few questions; a caption of the whole wants every name,
number, colour, movement and text of every segment, under its time.
"""

from __future__ import annotations

from itertools import groupby

from engine.training.asking.asked import Asked, Desk
from engine.training.asking.moments import MOVES
from engine.training.asking.truth import SEGMENT, segments
from engine.training.asking.wordings import STORIES
from engine.training.world.language import NUMBERS, agrees, listed, plural
from engine.training.world.places import WHERE
from engine.training.world.plan import STILL, Actor, Film
from engine.training.world.things import ALL_THINGS

LONGEST = 8  # segments


def story(desk: Desk) -> Asked | None:
    """Describe all that is shown."""
    count = desk.film.seconds // SEGMENT
    if count > LONGEST:
        return None
    told = [describe(desk.film.part(SEGMENT * n, SEGMENT * (n + 1)), moving=True) for n in range(count)]
    parts = []
    for content, places in groupby(range(count), key=lambda n: told[n]):
        same = list(places)
        when = desk.clock.told((SEGMENT * same[0], SEGMENT * (same[-1] + 1)))
        parts.append(f"{when[0].upper()}{when[1:]}: {content}.")
    everywhere = segments([(0, desk.film.seconds)])
    return Asked("story", desk.pick(STORIES) or "", " ".join(parts), segments=everywhere, ordered=True)


def describe(part: Film, *, moving: bool = False) -> str:
    """Everything that can be said about a segment, in a fixed order; how things move only if `moving`."""
    actors = list({actor.thing: actor for second in range(part.seconds) for actor in part.actors_at(second)}.values())
    actors.sort(key=lambda actor: ALL_THINGS.index(actor.thing))
    told = [_told(actor, moving=moving) for actor in actors]
    scene = part.scenes[0]
    where = WHERE[scene.place] if scene.place else f"in front of {scene.colour}"
    text = next((text for second in range(part.seconds) if (text := part.text_at(second))), "")
    return f"{listed(told) if told else 'nothing'} {where}" + (f", the text says {text}" if text else "")


def _told(actor: Actor, *, moving: bool) -> str:
    tint = f"{actor.tint} " if actor.tint else ""
    name = f"{NUMBERS[actor.count]} {tint}{plural(actor.thing)}" if actor.count > 1 else f"the {actor.name}"
    if not moving or actor.motion == STILL:
        return name
    one, many = MOVES[actor.motion]
    return f"{name} {many if actor.count > 1 else agrees(actor.thing, one, many)}"
