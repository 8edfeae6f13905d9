"""Where one shot ends and the next begins: a film in, the moments of its hard cuts out, as they are found.

Most of the film is not decoded. Keyframes are read by seeking and compared; a stretch between two of them is decoded
only if they differ or if the sizes of its pictures betray a cut (one coded without its predecessors is large), and not
even then if the encoder itself began anew, out of its rhythm, at a picture that looks different and stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.cancel import CancelToken
from engine.ingest.glimpses import Glimpses
from engine.ingest.steps import AROUND, LASTS, STANDS_OUT, Small, difference, steps
from engine.ingest.video import Film

ALIKE = 6.0  # levels of 255: keyframes that differ by less, on average, are of one shot
UNLIKE = 20.0  # a picture that begins anew and differs by more begins a shot
POSTS_APART_SECONDS = 0.4  # where every picture is a keyframe, not every one is looked at
TOO_LONG_SECONDS = 12.0  # between keyframes: much can happen and be over
LARGE = (0.2, 4.0)  # of the keyframe before, and times the usual picture: coded as if anew
REPORT_EVERY = 250  # pictures
OFTEN = 0.4  # keyframes as far apart as so many others keep a rhythm


@dataclass(frozen=True, slots=True)
class Found:
    """The search went on to `seconds`; `cuts` are those found since the last word, each the first moment of a shot."""

    seconds: float
    cuts: tuple[float, ...]


def find_cuts(film: Film, *, cancel: CancelToken) -> Iterator[Found]:
    """Search from the beginning to the end. Raises `VideoError` if the file is gone, `Cancelled` within a picture."""
    with closing(Glimpses(film, cancel)) as eye:
        if not eye.seeks or len(film.keyframes) < 2:
            yield from _straight_through(film, eye)
        else:
            yield from _by_keyframes(film, eye)
    yield Found(film.info.duration_seconds, ())


def _straight_through(film: Film, eye: Glimpses) -> Iterator[Found]:
    for number, new in steps(eye.pictures(0, len(film.seconds) - 1)):
        if new or number % REPORT_EVERY == 0:
            seconds = float(film.seconds[number])
            yield Found(seconds, (seconds,) if new else ())


def _by_keyframes(film: Film, eye: Glimpses) -> Iterator[Found]:
    posts, count = _posts(film), len(film.seconds)
    anew = set(_out_of_rhythm(film.keyframes).tolist())
    earlier: Small | None = None
    before = eye.look(posts[0])
    for first, following in zip(posts, [*posts[1:], count], strict=True):
        after = eye.look(following) if following < count else None
        apart = None if before is None or after is None else difference(before, after)
        numbers: list[int] = []
        if not _may_hide_one(film, first, following) and (following == count or apart is not None):
            if apart is not None and apart >= ALIKE:
                begins = _begins(eye, before, following, apart) if following in anew else None
                numbers = _decoded(eye, first, following, earlier) if begins is None else [following] * begins
        else:
            numbers = _decoded(eye, first, following, earlier)
        reached = float(film.seconds[min(following, count - 1)])
        yield Found(reached, tuple(float(film.seconds[number]) for number in numbers))
        earlier, before = before, after


def _may_hide_one(film: Film, first: int, following: int) -> bool:
    """Whether a cut may lie between two posts though the posts look alike."""
    if following - first < 2:
        return False
    end = min(following, len(film.seconds) - 1)
    too_long = float(film.seconds[end] - film.seconds[first]) > TOO_LONG_SECONDS
    return too_long or _betrayed(film.sizes[first:following])


def _begins(eye: Glimpses, before: Small | None, keyframe: int, apart: float) -> bool | None:
    """Whether a shot begins at a keyframe that is out of rhythm; None: it moves too much to say without looking.

    Encoders begin anew at a flash as well: what the keyframe shows must still be there some pictures later.
    """
    pictures = [small for _, small in eye.pictures(keyframe, keyframe + AROUND)]
    if before is None or len(pictures) < 2 or apart < UNLIKE:
        return None
    if max(difference(*pair) for pair in pairwise(pictures)) * STANDS_OUT > apart:
        return None
    return difference(before, pictures[-1]) >= LASTS * apart


def _decoded(eye: Glimpses, first: int, following: int, earlier: Small | None) -> list[int]:
    """Cuts after the post `first`, up to the next one. `earlier` is the post before."""
    head: dict[int, Small] = {}

    def noted() -> Iterator[tuple[int, Small]]:
        for number, small in eye.pictures(first, following + AROUND):
            if number <= first + AROUND:
                head[number] = small
            yield number, small

    found = [number for number, new in steps(noted()) if new and first < number <= following]
    return [number for number in found if not _ends_a_flash(head, number, first, earlier)]


def _ends_a_flash(head: dict[int, Small], number: int, first: int, earlier: Small | None) -> bool:
    """Whether a step right after a post leads back to what was there before the post."""
    if earlier is None or number not in head or first not in head:
        return False
    return difference(earlier, head[number]) < LASTS * difference(head[first], head[number])


def _betrayed(sizes: np.ndarray) -> bool:
    """Whether some picture after the first, a keyframe, takes so many bytes that it may show something new."""
    rest = sizes[1:]
    return len(rest) > 0 and bool(np.any((rest > LARGE[0] * sizes[0]) & (rest > LARGE[1] * np.median(rest))))


def _posts(film: Film) -> list[int]:
    """Keyframes to look at, the first of each stretch of `POSTS_APART_SECONDS`."""
    posts: list[int] = []
    for number in film.keyframes.tolist():
        if not posts or film.seconds[number] - film.seconds[posts[-1]] >= POSTS_APART_SECONDS:
            posts.append(number)
    return posts


def _out_of_rhythm(keyframes: np.ndarray) -> np.ndarray:
    """Keyframes at another distance than usual or than the longest from the one before, and not at its multiples."""
    lengths, counts = np.unique(np.diff(keyframes), return_counts=True)
    if not len(lengths) or lengths[-1] == 1:
        return keyframes[:0]
    usual = [*lengths[counts >= OFTEN * counts.sum()].tolist(), *lengths[-1:][counts[-1:] > 1].tolist()]
    regular: np.ndarray = np.append(True, np.isin(np.diff(keyframes), usual))
    if np.isin(np.arange(0, keyframes[-1], lengths[-1]), keyframes).all():
        regular |= keyframes % lengths[-1] == 0
    irregular: np.ndarray = keyframes[~regular]
    return irregular
