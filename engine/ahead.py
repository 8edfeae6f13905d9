"""An iterator in, the same items out, made ahead of time on a thread of its own, at most `depth` of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
POLL_SECONDS = 0.05


class Ahead(Generic[Item]):
    """Runs a generator on a thread; a context manager, whose end closes the generator and waits for the thread."""

    def __init__(self, items: Generator[Item, None, None], *, depth: int = 2) -> None:
        self._items = items
        self._queue: Queue[tuple[Item] | BaseException | None] = Queue(depth)
        self._stop = Event()
        self._thread = Thread(target=self._work, name="reading ahead")

    def __enter__(self) -> Iterator[Item]:
        self._thread.start()
        return self._taken()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _taken(self) -> Iterator[Item]:
        while (got := self._queue.get()) is not None:
            if isinstance(got, BaseException):
                raise got
            yield got[0]

    def _work(self) -> None:
        end: BaseException | None = None
        try:
            for item in self._items:
                if not self._put((item,)):
                    break
        except BaseException as error:  # it is raised again where the items are taken
            end = error
        finally:
            self._items.close()
            self._put(end)

    def _put(self, what: tuple[Item] | BaseException | None) -> bool:
        """Wait for room, but not longer than anybody takes. False once nobody does."""
        while not self._stop.is_set():
            try:
                self._queue.put(what, timeout=POLL_SECONDS)
                return True
            except Full:
                continue
        return False
