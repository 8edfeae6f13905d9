"""The number format that training multiplies in follows from what the processor can do."""

import pytest
import torch

from engine.training.precision import cast, fast_format


@pytest.mark.parametrize(
    ("able", "chosen"),
    [
        ({"avx2": True, "amx_bf16": False, "avx512_bf16": False}, torch.float32),
        ({"avx2": True, "amx_bf16": True}, torch.bfloat16),
        ({"avx512_bf16": True, "amx_bf16": False}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_a_processor_without_instructions_for_it_does_not_multiply_in_bfloat16(monkeypatch, able, chosen):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert fast_format("cpu") == chosen
    weights, x = torch.ones(4, 4), torch.ones(4, 4)
    with cast("cpu"):
        assert (x @ weights).dtype == chosen


def test_an_older_torch_that_cannot_say_multiplies_in_float32(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert fast_format() == torch.float32


def test_cards_multiply_in_bfloat16():
    assert fast_format("cuda:1") == torch.bfloat16


def test_a_wish_is_followed_anywhere():
    with cast("cpu", torch.bfloat16):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
    with cast("cpu", torch.float32):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
