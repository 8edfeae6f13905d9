"""Scenes by chance: a setting and a thing that must be there in, a scene with a layout out.

A `Stagehand` belongs to one film: it knows its split, its artists and what was shown before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.training.world.combination import TRAIN, split_of
from engine.training.world.lettering import NUMBERS, WORDS
from engine.training.world.motion import HEADINGS, extent, grid
from engine.training.world.palette import NAMED, SHAPES
from engine.training.world.places import PLACES
from engine.training.world.plan import (
    DOWN,
    GROWS,
    HEIGHT,
    LEFT,
    RIGHT,
    SHRINKS,
    STILL,
    TURNS,
    UP,
    WIDTH,
    Actor,
    Caption,
    Scene,
)  # fmt: skip
from engine.training.world.sprites import INK, things_of
from engine.training.world.things import ALL_THINGS, TINTABLE

LENGTHS, LENGTH_ODDS = (1, 2, 3, 4, 5, 6, 8), (0.01, 0.33, 0.03, 0.38, 0.02, 0.17, 0.06)
CAST_ODDS = (0.30, 0.36, 0.24, 0.10)  # one to four things
COUNT_ODDS = (0.76, 0.08, 0.06, 0.06, 0.04)  # one to five of a thing
MOTION_ODDS = {STILL: 0.34, LEFT: 0.14, RIGHT: 0.14, UP: 0.07, DOWN: 0.07, GROWS: 0.08, SHRINKS: 0.08, TURNS: 0.08}
CAPTIONED, TINTED, PARTLY, INKED, FREE, GUEST_ARTIST = 0.36, 0.5, 0.25, 0.2, 0.15, 0.25
BAND = 52.0  # canvas units that a caption takes
TRIES = 24  # places tried for an actor before it stands still, and again before it stays away
OVERLAP = 0.1  # of the smaller of two
FAVOUR = 3.0
SETTINGS = (*PLACES, *NAMED)


@dataclass
class Stagehand:
    """Makes the scenes of one film."""

    rng: np.random.Generator
    split: str
    artists: Sequence[str]  # styles to draw in; the first draws most of a film
    fonts: Sequence[str]
    names: Sequence[str] = ALL_THINGS
    used: set[str] = field(default_factory=set)  # things shown and words read so far
    favoured: Collection[str] = ()  # things that are taken first, `FAVOUR` times as often as they would be

    def scene(self, setting: str, *, star: str = "", seconds: int) -> Scene:
        """A scene in `setting`, with `star` in it if one is named, and otherwise only things that are new."""
        rng = self.rng
        caption = self.caption(seconds)
        actors: list[Actor] = []
        for thing in self.cast(setting, star, 1 + int(rng.choice(len(CAST_ODDS), p=CAST_ODDS))):
            placed = self._placed(self.actor(thing, setting, seconds, whole=not actors), actors, caption)
            if placed is not None:
                actors.append(placed)
        self.used |= {actor.thing for actor in actors} | ({caption.text} if caption else set())
        return self.staged(setting, seconds, actors, caption)

    def staged(self, setting: str, seconds: int, actors: Sequence[Actor], caption: Caption | None) -> Scene:
        """A scene of these, in any order of depth."""
        place, colour = (setting, "") if setting in PLACES else ("", setting)
        order = self.rng.permutation(len(actors))
        return Scene(seconds, place, colour, int(self.rng.integers(2**31)), tuple(actors[i] for i in order), caption)

    def fits(self, thing: str, setting: str) -> bool:
        """Whether the thing may be shown in the setting in a film of this split."""
        return (split_of(thing, setting) == TRAIN) if self.split == TRAIN else split_of(thing, setting) == self.split

    def cast(self, setting: str, star: str, count: int) -> list[str]:
        """At most `count` things that were not shown yet and may be shown together, the star first."""
        cast = [star] if star else []
        free = [name for name in self._in_any_order() if name not in self.used]
        if self.split != TRAIN:  # at least one combination that training never met
            first = next((name for name in free if self.fits(name, setting)), free[0])
            free = [first, *(name for name in free if name != first)]
        for name in free:
            if len(cast) >= count:
                break
            if name == star:
                continue
            if self.split != TRAIN or all(split_of(name, other) == TRAIN for other in (*cast, setting)):
                cast.append(name)
        return cast

    def _in_any_order(self) -> list[str]:
        if not self.favoured:
            return list(self.rng.permutation(self.names).tolist())
        weights = np.array([FAVOUR if name in self.favoured else 1.0 for name in self.names])
        waited = self.rng.exponential(1 / weights)  # the sooner, the heavier
        return [self.names[place] for place in np.argsort(waited)]

    def actor(self, thing: str, setting: str, seconds: int, *, whole: bool) -> Actor:
        """An actor that has no place yet; `whole` is on screen for the whole scene."""
        rng = self.rng
        count = 1 + int(rng.choice(len(COUNT_ODDS), p=COUNT_ODDS))
        enters, leaves = 0, seconds
        if not whole and seconds >= 4 and rng.random() < PARTLY:
            enters, leaves = (2, seconds) if rng.random() < 0.5 else (0, seconds - 2)
        motions = [m for m in MOTION_ODDS if count == 1 or m in (STILL, LEFT, RIGHT)]
        odds = np.array([MOTION_ODDS[motion] for motion in motions])
        return Actor(
            thing=thing,
            look=self.look(thing, self._artist()),
            tint=self.tint(thing, setting),
            count=count,
            size=float(rng.uniform(72, 116) if count == 1 else rng.uniform(50, 66)),
            x=0.0,
            y=0.0,
            motion=str(rng.choice(motions, p=odds / odds.sum())),
            speed=0.0,
            enters=enters,
            leaves=leaves,
            slides=bool(rng.integers(2)) and leaves - enters >= 2,
            mirrored=bool(rng.integers(2)),
            seed=int(rng.integers(2**31)),
            free=self.free(thing, FREE),
        )

    def free(self, thing: str, odds: float) -> bool:
        """Whether a thing is drawn with liberties: in training only, and no thing that is called by its colour."""
        tinted = thing in SHAPES or thing in TINTABLE
        return self.split == TRAIN and bool(self.rng.random() < odds) and not tinted

    def _artist(self) -> str:
        return self.artists[0] if self.rng.random() > GUEST_ARTIST else str(self.rng.choice(self.artists))

    def look(self, thing: str, artist: str, *, inked: float = INKED) -> str:
        """How the artist draws the thing, or the first who does; outlined so often."""
        if thing not in SHAPES and thing not in things_of(artist):
            artist = next(one for one in self.artists if thing in things_of(one))
        return artist + (INK if self.split == TRAIN and self.rng.random() < inked else "")

    def tint(self, thing: str, setting: str, odds: float = TINTED) -> str:
        """A colour for the thing, or "": as artists draw it. Shapes always have one, what can be dyed this often."""
        if thing not in SHAPES and (thing not in TINTABLE or self.rng.random() > odds):
            return ""
        fitting = [c for c in NAMED if c != setting and (split_of(thing, c) == TRAIN) == (self.split == TRAIN)]
        return str(self.rng.choice(fitting or [colour for colour in NAMED if colour != setting]))

    def caption(self, seconds: int) -> Caption | None:
        """Text for the scene, or none."""
        rng = self.rng
        if rng.random() > CAPTIONED:
            return None
        text = self._text()
        enters, leaves = 0, seconds
        if seconds >= 4 and rng.random() < PARTLY:
            enters, leaves = (2, seconds) if rng.random() < 0.5 else (0, seconds - 2)
        band = str(rng.choice(("black", "white", "blue", "red", "yellow"))) if rng.random() < 0.5 else ""
        colour = str(rng.choice(("white", "black", "yellow", "red", "blue"))) if not band else _readable(band)
        font = str(rng.choice(self.fonts))
        return Caption(text, font, colour, band, bool(rng.integers(2)), enters, leaves) if text else None

    def _text(self) -> str:
        for _ in range(TRIES):
            word, number = str(self.rng.choice(WORDS)), str(self.rng.integers(1, NUMBERS))
            kind = self.rng.random()
            if kind < 0.4 and (split_of(word, number) == TRAIN) != (self.split == TRAIN):
                continue
            text = f"{word} {number}" if kind < 0.4 else number if kind > 0.85 else word
            if text not in self.used:
                return text
        return ""

    def _placed(self, actor: Actor, others: Collection[Actor], caption: Caption | None) -> Actor | None:
        """The actor where it is in nobody's way; None if there is no such place."""
        for attempt in range(2 * TRIES):
            if attempt == TRIES:
                actor = replace(actor, motion=STILL, size=actor.size * 0.85)
            tried = _moved(self.rng, actor, caption)
            if tried is not None and not any(_clash(tried, other) for other in others):
                return tried
        return None


def _moved(rng: np.random.Generator, actor: Actor, caption: Caption | None) -> Actor | None:
    """The actor with a place and a speed that keep it on the canvas and off the caption."""
    columns, rows = grid(actor.count)
    wide, high = columns * actor.size, rows * actor.size
    top, bottom = (BAND if caption and caption.top else 0.0), HEIGHT - (BAND if caption and not caption.top else 0.0)
    seconds = actor.leaves - actor.enters
    speed = 0.0
    left, right = wide / 2, WIDTH - wide / 2
    low, lowest = top + high / 2, bottom - high / 2
    if actor.motion in (GROWS, SHRINKS):
        speed = float(rng.uniform(0.22, 0.4))
        largest = actor.size * 2 ** (speed * seconds) if actor.motion == GROWS else actor.size
        smallest = actor.size if actor.motion == GROWS else actor.size * 2 ** (-speed * seconds)
        if largest > 128 or smallest < 42:
            actor = replace(actor, size=50.0 if actor.motion == GROWS else 112.0)
            largest = 50.0 * 2 ** (speed * seconds) if actor.motion == GROWS else 112.0
            if largest > 140 or 112.0 * 2 ** (-speed * seconds) < 36:
                return None
        left, right, low, lowest = largest / 2, WIDTH - largest / 2, top + largest / 2, bottom - largest / 2
    elif actor.motion == TURNS:
        speed = float(rng.uniform(55, 120))
    elif actor.motion in HEADINGS:
        room = (right - left) if actor.motion in (LEFT, RIGHT) else (lowest - low)
        slowest, fastest = (18.0, 70.0) if actor.motion in (LEFT, RIGHT) else (13.0, 45.0)
        if room < slowest * seconds:
            return None
        speed = float(rng.uniform(slowest, min(fastest, room / seconds)))
        way = speed * seconds
        left, right = left + way * (actor.motion == LEFT), right - way * (actor.motion == RIGHT)
        low, lowest = low + way * (actor.motion == UP), lowest - way * (actor.motion == DOWN)
    if right < left or lowest < low:
        return None
    return replace(actor, x=float(rng.uniform(left, right)), y=float(rng.uniform(low, lowest)), speed=speed)


def _clash(one: Actor, other: Actor) -> bool:
    """Whether two actors hide each other while both are on screen."""
    for moment in np.arange(max(one.enters, other.enters), min(one.leaves, other.leaves), 0.5):
        a, b = extent(one, float(moment)), extent(other, float(moment))
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if wide > 0 and high > 0:
            smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
            if wide * high > OVERLAP * smaller:
                return True
    return False


def _readable(band: str) -> str:
    return "black" if band in ("white", "yellow") else "white"
