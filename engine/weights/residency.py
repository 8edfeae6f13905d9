"""Which weights stand on the device: compressor and decoder side by side, or whichever of the two is at work.

Where both do not fit, each is fetched from host memory before its work and the other one sent there: some seconds a
question instead of none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from torch import nn

from engine.cancel import CancelToken
from engine.device_memory import counted
from engine.weights.device import kind_of, stands_on
from engine.weights.network import HostEmbedding, TempoNetwork
from engine.weights.quantise import held_tensors, moved

log = logging.getLogger(__name__)


class Residency:
    """Moves the parts of one network."""

    def __init__(self, network: TempoNetwork, device: str, *, together: bool = True) -> None:
        self._network, self._device = network, device
        self.together = together or device == "cpu"
        self.forced = False  # memory ran out with both on the device, whatever a plan says
        self._counts: dict[str, int] = {}  # bytes by device, until something is moved
        counted(self)

    @property
    def nbytes(self) -> int:
        """Bytes of weights that stand on the device now."""
        return self.nbytes_on(self._device)

    def nbytes_on(self, device: str) -> int:
        """Bytes of weights that stand on a device now."""
        found = self._counts.get(device)
        if found is None:
            found = self._counts[device] = sum(
                tensor.nbytes
                for parameter in self._network.parameters()
                for tensor in held_tensors(parameter)
                if stands_on(tensor.device, device)
            )
        return found

    def follow(self, *, together: bool) -> None:
        """Do as a plan says, unless memory ran out before."""
        self.together = self._device == "cpu" or (together and not self.forced)

    def take_turns(self) -> bool:
        """From now on, one after the other. False where nothing can be gained by it."""
        if not self.together or self._device == "cpu":
            return False
        log.info("compressor and decoder take turns on %s", self._device)
        self.together, self.forced = False, True
        return True

    def compressing(self, cancel: CancelToken) -> None:
        """The compressor is about to work. Raises `Cancelled`."""
        self._bring(self._compressor(), self._decoder(), cancel)

    def writing(self, cancel: CancelToken) -> None:
        """The decoder is about to work. Raises `Cancelled`."""
        self._bring(self._decoder(), self._compressor(), cancel)

    def _bring(self, wanted: Iterable[nn.Module], other: Iterable[nn.Module], cancel: CancelToken) -> None:
        if self._device == "cpu":
            return
        self._move(other, self._device if self.together else "cpu", cancel)
        if not self.together:
            self._let_go()
        self._move(wanted, self._device, cancel)

    def _move(self, modules: Iterable[nn.Module], device: str, cancel: CancelToken) -> None:
        for module in modules:
            held = next(module.parameters(), None)
            if held is not None and not stands_on(held.device, device):
                cancel.check()
                moved(module, device)
                self._counts = {}

    def _compressor(self) -> Iterator[nn.Module]:
        """Its parts, small enough to stop between two, but for what is looked up in host memory."""
        compressor: Any = self._network.tower.vlm.model
        yield from _parts(compressor.visual)
        for module in _parts(compressor.language_model):
            if not isinstance(module, HostEmbedding):
                yield module

    def _decoder(self) -> Iterator[nn.Module]:
        for name, module in self._network.model.named_children():
            if name != "vision_tower_aux_list":
                yield from _layers(module)
        if hasattr(self._network, "lm_head"):
            yield self._network.lm_head

    def _let_go(self) -> None:
        """Give freed memory back, so that the other part, or another program, can have it."""
        import torch

        backend = getattr(torch, kind_of(self._device), None)
        if backend is not None and hasattr(backend, "empty_cache"):
            backend.empty_cache()


def _parts(module: nn.Module) -> Iterator[nn.Module]:
    for child in module.children():
        yield from _layers(child)


def _layers(module: nn.Module) -> Iterator[nn.Module]:
    yield from module if isinstance(module, nn.ModuleList) else [module]
