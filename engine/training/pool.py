"""A pool of drawn scenes, from which training films are put together, and the pictures of any of them.

Scenes come in families: one setting, one star that half of them show. The compressor reads segments one by one, so a
film for training is a list of scenes under the times of their place in the film; what the frozen tower makes of each
pair of pictures is computed once. `grow_pool` adds shards, each a pure function of seed and number:

    000.json   families of scenes       000.npy   [pairs, levels, 15, width] uint16, bfloat16 by its bits
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cache, cached_property
from pathlib import Path

import cv2
import numpy as np

from engine.training.ahead import drawn_ahead
from engine.training.clips import COLUMNS, ROWS
from engine.training.world.combination import TRAIN
from engine.training.world.lettering import fonts_here
from engine.training.world.painting import paint
from engine.training.world.plan import Actor, Caption, Scene
from engine.training.world.scenes import LENGTH_ODDS, LENGTHS, SETTINGS, Stagehand
from engine.training.world.sprites import styles_here
from engine.training.world.styles import world_folder
from engine.whole_file import write_whole

FAMILIES = 40  # a shard
SCENES = 6  # a family
DRIFT = 0.46  # seconds by which samples drift behind the grid in the course of a film
# Sizes at which pictures are drawn before they become the model's: small ones directly, larger ones as a film is read.
DRAWN, DRAWN_ODDS = ((160, 96), (320, 192), (480, 288), (640, 384)), (0.5, 0.34, 0.08, 0.08)
MOSTLY_SMALL = (0.74, 0.2, 0.03, 0.03)  # these odds cost a third less to draw
FEWEST_STYLES = 3
Family = tuple[Scene, ...]
Tower = Callable[[np.ndarray], np.ndarray]  # [pairs, 2, 96, 160, 3] uint8 -> [pairs, levels, 15, width] uint16


def grow_pool(
    folder: Path, tower: Tower, *, shards: int, seed: int, families: int = FAMILIES, split: str = TRAIN
) -> Iterator[int]:
    """Add what is missing of `shards`, as many at once as there are cores; yields how many are there."""
    folder.mkdir(parents=True, exist_ok=True)

    def grow(number: int) -> int:
        rng = np.random.default_rng((seed, number))
        drawn = [sample_family(rng, split=split) for _ in range(families)]
        shots = (shoot(rng, scene, range(scene.seconds)) for family in drawn for scene in family)
        tokens = tower(np.stack([pair for shot in shots for pair in shot]))
        write_whole(folder / f"{number:03}.npy", lambda part: _save(part, tokens))
        told = json.dumps([[asdict(scene) for scene in family] for family in drawn])
        write_whole(folder / f"{number:03}.json", lambda part: part.write_text(told))
        return number

    missing = missing_shards(folder, shards)
    cores = min(os.cpu_count() or 1, len(missing))
    for done, _ in enumerate(drawn_ahead(grow, missing, processes=cores), shards - len(missing) + 1):
        yield done


def missing_shards(folder: Path, shards: int) -> list[int]:
    """Numbers of the shards that are not there: drawn by several processes, any may be the one that was broken off."""
    return [number for number in range(shards) if not (folder / f"{number:03}.json").exists()]


def sample_family(rng: np.random.Generator, *, split: str = TRAIN) -> Family:
    """Scenes in one setting that share a star and nothing else."""
    hand = new_hand(rng, split)
    setting = str(rng.choice(SETTINGS))
    star = next(name for name in rng.permutation(hand.names).tolist() if hand.fits(name, setting))
    hand.used.add(star)
    lengths = rng.choice(LENGTHS, SCENES, p=LENGTH_ODDS)
    return tuple(
        hand.scene(setting, star=star if number % 2 == 0 else "", seconds=int(length))
        for number, length in enumerate(lengths)
    )


def new_hand(rng: np.random.Generator, split: str, *, known: float = 1.0) -> Stagehand:
    """A stagehand with all artists of the training, in random order, or with this share of artists and things."""
    styles, fonts = _equipment(world_folder())
    names = _in_any_order()
    styles = styles[: max(FEWEST_STYLES, round(known * len(styles)))]
    artists = tuple(map(str, rng.permutation(np.array(styles))))
    return Stagehand(rng=rng, split=split, artists=artists, fonts=fonts, names=names[: round(known * len(names))])


@cache
def _in_any_order() -> tuple[str, ...]:
    return tuple(np.random.default_rng(0).permutation(Stagehand.names).tolist())


@cache
def _equipment(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The styles and fonts that lie in the world's folder, looked for once."""
    return styles_here(), fonts_here()


def shoot(
    rng: np.random.Generator, scene: Scene, seconds: Iterable[int], *, odds: Sequence[float] = DRAWN_ODDS
) -> Iterator[np.ndarray]:
    """The pair of pictures of each of these seconds, as the model would see them: [2, 96, 160, 3] uint8."""
    width, height = DRAWN[int(rng.choice(len(DRAWN), p=odds))]
    quality, drift = int(rng.integers(45, 96)), rng.uniform(0, DRIFT)
    for second in seconds:
        yield np.stack([snap(scene, second + drift + half, width, height, quality) for half in (0.0, 0.5)])


def snap(scene: Scene, seconds: float, width: int, height: int, quality: int) -> np.ndarray:
    """A picture of any size, worn by a codec (JPEG stands for it), fitted to the model's: [96, 160, 3] uint8."""
    _, coded = cv2.imencode(
        ".jpg", paint(scene, seconds, width=width, height=height), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    worn = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    if worn is None:
        raise RuntimeError("OpenCV cannot read back the JPEG that it wrote")
    size = (COLUMNS * 32, ROWS * 32)
    fitted: np.ndarray = worn if worn.shape[1] == size[0] else cv2.resize(worn, size, interpolation=cv2.INTER_AREA)
    return fitted


class Pool:
    """An opened pool; tokens stay on disk (memory maps)."""

    def __init__(self, folder: Path, shards: int | None = None) -> None:
        """All shards, or the first of them."""
        self.families: list[tuple[Family, tuple[int, ...]]] = []  # with the first pair of each scene
        self._shards: list[np.ndarray] = []
        self._firsts = [0]
        for path in sorted(folder.glob("*.json"))[:shards]:
            self._shards.append(np.load(path.with_suffix(".npy"), mmap_mode="r"))
            pair = self._firsts[-1]
            for told in json.loads(path.read_text()):
                family = tuple(map(_scene, told))
                firsts = np.cumsum([pair, *(scene.seconds for scene in family)]).tolist()
                self.families.append((family, tuple(firsts[:-1])))
                pair = firsts[-1]
            if pair - self._firsts[-1] != len(self._shards[-1]):
                raise ValueError(f"{path} does not belong to the tokens beside it")
            self._firsts.append(pair)

    @cached_property
    def by_setting(self) -> dict[str, list[tuple[Family, tuple[int, ...]]]]:
        """Families by where they play."""
        found: dict[str, list[tuple[Family, tuple[int, ...]]]] = {}
        for family, firsts in self.families:
            found.setdefault(family[0].setting, []).append((family, firsts))
        return found

    @property
    def pairs(self) -> int:
        """Seconds in the pool."""
        return self._firsts[-1]

    def tokens(self, rows: np.ndarray) -> np.ndarray:
        """[rows, levels, 15, width] uint16."""
        shards = np.searchsorted(self._firsts, rows, side="right") - 1
        return np.stack([self._shards[s][row - self._firsts[s]] for s, row in zip(shards, rows.tolist(), strict=True)])


def _scene(told: dict[str, object]) -> Scene:
    actors = tuple(Actor(**one) for one in told.pop("actors"))  # type: ignore[attr-defined]
    caption = told.pop("caption")
    return Scene(**told, actors=actors, caption=Caption(**caption) if caption else None)  # type: ignore[arg-type]


def _save(path: Path, array: np.ndarray) -> None:
    with path.open("wb") as out:
        np.save(out, array)
