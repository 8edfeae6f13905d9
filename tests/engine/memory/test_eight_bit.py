"""Prefixes in 8 bits: half the room, nearly the same numbers, the same in memory and on disk."""

from __future__ import annotations

import pytest
import torch

from engine.memory.eight_bit import restore, shrink
from engine.memory.packing import pack, unpack
from engine.memory.prefix import Prefix


def prefix(dtype):
    generator = torch.Generator().manual_seed(1)
    keys, values = (tuple(torch.randn(2, 30, 64, generator=generator).to(dtype) for _ in range(3)) for _ in range(2))
    return Prefix(4, keys, values, next_position=37)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_half_the_room_of_bf16_and_nearly_the_same_numbers(dtype):
    exact = prefix(dtype)
    small = shrink(exact)
    again = restore(small)
    assert small.nbytes < 0.54 * prefix(torch.bfloat16).nbytes
    assert (again.segment, again.next_position, again.length) == (4, 37, 30)
    for one, other in zip((*exact.keys, *exact.values), (*again.keys, *again.values), strict=True):
        assert other.dtype == dtype
        assert (one.float() - other.float()).abs().mean() < 0.015 * one.float().abs().mean()


def test_what_lies_on_disk_is_restored_to_the_same_numbers():
    small = shrink(prefix(torch.bfloat16))
    again = unpack(*pack(small))
    for one, other in zip(restore(small).keys, restore(again).keys, strict=True):
        torch.testing.assert_close(one, other, atol=0, rtol=0)
