"""The nouns of the drawn world: what a film holds, and when. The truth about a film is all here.

Time inside a scene counts in whole seconds: cuts, entries and exits lie on that grid. Lengths are in canvas units, of
which a picture is 320 wide and 192 high whatever its pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

WIDTH, HEIGHT = 320.0, 192.0
STILL, LEFT, RIGHT, UP, DOWN, GROWS, SHRINKS, TURNS = MOTIONS = (
    "still", "left", "right", "up", "down", "grows", "shrinks", "turns",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """A thing on screen, or several of it side by side."""

    thing: str
    look: str  # who drew it, with "+ink" where outlined
    tint: str  # a named colour, or "" where it has its own
    count: int
    size: float  # of each, longer side
    x: float  # centre of the whole group when it enters
    y: float
    motion: str
    speed: float  # canvas units, doublings or degrees a second, as the motion wants
    enters: int  # second of the scene
    leaves: int
    slides: bool  # comes in and goes out over the edge of the picture
    mirrored: bool
    seed: int
    free: bool = False  # in other colours and proportions than its artist's

    @property
    def name(self) -> str:
        """What it is called: "red balloon" where its colour was chosen."""
        return f"{self.tint} {self.thing}" if self.tint else self.thing

    def shown(self, second: int) -> bool:
        """Whether it is on screen in this second of its scene."""
        return self.enters <= second < self.leaves


@dataclass(frozen=True, slots=True)
class Caption:
    """Text on screen."""

    text: str
    font: str
    colour: str
    band: str  # colour behind it, "" where it stands free
    top: bool
    enters: int
    leaves: int

    def shown(self, second: int) -> bool:
        """Whether it is on screen in this second of its scene."""
        return self.enters <= second < self.leaves


@dataclass(frozen=True, slots=True)
class Scene:
    """What is between two cuts."""

    seconds: int
    place: str  # a drawn place, or "" in front of a plain background
    colour: str  # of the plain background, or ""
    seed: int  # of everything that nobody is asked about
    actors: tuple[Actor, ...]
    caption: Caption | None = None

    @property
    def setting(self) -> str:
        """Place or colour."""
        return self.place or self.colour

    def part(self, low: int, high: int) -> Scene:
        """Seconds `low` to `high`, as far as the truth goes: pictures are painted from whole scenes."""
        actors = tuple(
            replace(one, enters=max(one.enters, low) - low, leaves=min(one.leaves, high) - low)
            for one in self.actors
            if one.enters < high and one.leaves > low
        )
        caption = self.caption
        if caption is not None:
            shown = caption.enters < high and caption.leaves > low
            caption = replace(caption, enters=max(caption.enters, low) - low, leaves=min(caption.leaves, high) - low)
            caption = caption if shown else None
        return replace(self, seconds=high - low, actors=actors, caption=caption)


@dataclass(frozen=True)
class Film:
    """Scenes in order."""

    scenes: tuple[Scene, ...]

    @property
    def seconds(self) -> int:
        """Length of the film."""
        return self.starts[-1] + self.scenes[-1].seconds

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The second at which each scene starts."""
        return (0, *accumulate(scene.seconds for scene in self.scenes[:-1]))

    @cached_property
    def scene_of(self) -> tuple[int, ...]:
        """The scene on screen in each second."""
        return tuple(number for number, scene in enumerate(self.scenes) for _ in range(scene.seconds))

    def at(self, second: int) -> tuple[Scene, int]:
        """The scene on screen, and its own second."""
        number = self.scene_of[second]
        return self.scenes[number], second - self.starts[number]

    def part(self, start: int, end: int) -> Film:
        """What is between two seconds, the last one excluded."""
        scenes = []
        for scene, first in zip(self.scenes, self.starts, strict=True):
            low, high = max(start - first, 0), min(end - first, scene.seconds)
            if low < high:
                scenes.append(scene.part(low, high))
        return Film(tuple(scenes))

    def actors_at(self, second: int) -> tuple[Actor, ...]:
        """Who is on screen."""
        scene, inside = self.at(second)
        return tuple(actor for actor in scene.actors if actor.shown(inside))

    def text_at(self, second: int) -> str:
        """The text on screen, "" if none."""
        scene, inside = self.at(second)
        return scene.caption.text if scene.caption and scene.caption.shown(inside) else ""
