"""One flag, shared between whoever asks and whoever works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import TYPE_CHECKING

from engine.errors import Cancelled

if TYPE_CHECKING:
    from torch.nn import Module


class CancelToken:
    """Set once from any thread; the worker calls `check` wherever it may stop."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        """Ask the work that holds this token to stop."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if somebody asked to stop."""
        if self._event.is_set():
            raise Cancelled


@contextmanager
def checked_before(layers: Iterable[Module], cancel: CancelToken | None) -> Iterator[None]:
    """Inside, `cancel` is checked before each of `layers` computes: a layer is short, a forward pass may not be."""
    with ExitStack() as hooks:
        if cancel is not None:
            cancel.check()
            for layer in layers:
                hooks.callback(layer.register_forward_pre_hook(lambda *_: cancel.check()).remove)
        yield
