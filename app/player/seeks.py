"""Wishes for pictures in, the next one to go to out: at most one is under way, at most one waits. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.player.pictures import Pictures

_STALE_SECONDS = 0.4  # so long after a seek began, pictures from before it may still come
_GRAIN = 0.002  # seconds: Qt and containers count milliseconds


@dataclass(frozen=True, slots=True)
class Wish:
    """A moment of the film, and the picture that is to be shown for it."""

    moment: float
    picture: float


class Seeks:
    """The wish under way and the one that waits; the last one wins."""

    def __init__(self) -> None:
        self._under_way: Wish | None = None
        self._waiting: Wish | None = None
        self._began = 0.0

    @property
    def settled(self) -> bool:
        """True if nothing is under way and nothing waits."""
        return self._under_way is None and self._waiting is None

    @property
    def under_way(self) -> bool:
        """True while a picture is being fetched."""
        return self._under_way is not None

    @property
    def last(self) -> Wish | None:
        """What will be on screen once all seeks are done; None if nothing is wished for."""
        return self._waiting or self._under_way

    def want(self, wish: Wish, *, now: float, ready: bool = True) -> Wish | None:
        """Take a wish; returns it if it can be fetched now. Without `ready` it waits for `next`."""
        if self._under_way is not None or not ready:
            self._waiting = wish
            return None
        return self._begin(wish, now)

    def next(self, *, now: float) -> Wish | None:
        """The one under way is done: the one to fetch now."""
        wish, self._waiting, self._under_way = self._waiting, None, None
        return self._begin(wish, now) if wish is not None else None

    def expects(self, start: float, pictures: Pictures, *, now: float) -> bool:
        """Could the picture that begins at `start` be the one under way? Those from before the seek come late."""
        if self._under_way is None or not pictures or not pictures.all_reached or now - self._began > _STALE_SECONDS:
            return True
        wanted = self._under_way.picture
        return pictures.beside(wanted, -1) - _GRAIN <= start <= wanted + _GRAIN  # Qt may come one too early

    def _begin(self, wish: Wish, now: float) -> Wish:
        self._under_way, self._began = wish, now
        return wish
