"""Values and gradients of the steps whose backward pass is written by hand, against autograd's own."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.training.fused import Packing, attended, by_heads, by_place, normed, turned

BATCH, LENGTH, HEADS, GROUPS, DIM = 6, 5, 4, 2, 8


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), requires_grad=True)


def alike(mine: Tensor, plain: Tensor, leaves: list[Tensor]) -> None:
    """The same values, and the same gradients of every leaf."""
    torch.testing.assert_close(mine, plain, atol=1e-5, rtol=1e-5)
    wanted = torch.randn(plain.shape, generator=torch.Generator().manual_seed(9))
    found = torch.autograd.grad(mine, leaves, wanted)
    for one, other in zip(found, torch.autograd.grad(plain, leaves, wanted), strict=True):
        torch.testing.assert_close(one, other, atol=2e-5, rtol=1e-5)


def plainly_normed(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    return x * (x.square().mean(-1, keepdim=True) + eps).rsqrt() * weight


def test_norm():
    x, weight = drawn(BATCH, LENGTH, DIM), drawn(DIM, seed=1)
    alike(normed(x, weight, 1e-3), plainly_normed(x, weight, 1e-3), [x, weight])


@pytest.mark.parametrize("with_norm", [True, False])
@pytest.mark.parametrize("rows", [1, BATCH])
def test_turning(with_norm, rows):
    x, weight = drawn(BATCH, LENGTH, HEADS, DIM), drawn(DIM, seed=1)
    angles = torch.randn(rows, LENGTH, DIM // 2, generator=torch.Generator().manual_seed(2)).repeat(1, 1, 2)
    cos, sin = angles.cos(), angles.sin()
    mine = turned(x, cos, sin, groups=GROUPS, weight=weight if with_norm else None, eps=1e-3, scale=0.5)
    value = plainly_normed(x, weight, 1e-3) if with_norm else x
    beside = torch.cat([-value[..., DIM // 2 :], value[..., : DIM // 2]], -1)
    plain = 0.5 * (value * cos[:, :, None] + beside * sin[:, :, None])
    ordered = plain.view(BATCH, LENGTH, HEADS // GROUPS, GROUPS, DIM).permute(2, 0, 3, 1, 4)
    alike(mine, ordered.reshape(mine.shape), [x, weight] if with_norm else [x])


def test_attention_over_what_is_shared_by_all_by_some_and_by_none():
    kv = HEADS // GROUPS
    q = drawn(kv, BATCH, GROUPS * LENGTH, DIM)
    parts = [
        (drawn(kv, texts, count, DIM, seed=texts), drawn(kv, texts, count, DIM, seed=10 + texts))
        for texts, count in ((1, 3), (2, 4), (BATCH, LENGTH))
    ]
    allowed = torch.rand(BATCH, LENGTH, 12, generator=torch.Generator().manual_seed(4)) < 0.7
    allowed[..., 0] = True
    mask = torch.zeros(allowed.shape).masked_fill(~allowed, -1e9)
    keys, values = (
        torch.cat([part[which].repeat_interleave(BATCH // part[which].shape[1], 1) for part in parts], 2)
        for which in (0, 1)
    )
    logits = (q @ keys.transpose(2, 3)).view(kv, BATCH, GROUPS, LENGTH, 12) + mask[:, None]
    plain = logits.softmax(-1).view(kv, BATCH, GROUPS * LENGTH, 12) @ values
    alike(attended(q, parts, mask, groups=GROUPS), plain, [q, *(one for part in parts for one in part)])


def test_padding_is_left_out_and_put_back():
    x, real = drawn(BATCH, LENGTH, DIM), torch.ones(BATCH, LENGTH, dtype=torch.bool)
    assert Packing.of(real) is None
    real[1, 3:] = real[4, 1:] = False
    packing = Packing.of(real)
    assert packing is not None
    alike(packing.packed(x), x[real], [x])
    tokens = drawn(int(real.sum()), DIM)
    alike(packing.spread(tokens), torch.zeros(x.shape).masked_scatter(real[..., None], tokens), [tokens])


def test_heads_go_there_and_back():
    x = drawn(BATCH, LENGTH, HEADS, DIM).detach()
    assert (by_place(by_heads(x, GROUPS, x.dtype), GROUPS) == x).all()


def test_what_is_multiplied_in_half_precision_stays_in_it():
    x, weight = drawn(BATCH, LENGTH, DIM), drawn(DIM, seed=1)
    with torch.autocast("cpu", torch.bfloat16):
        y = normed(x, weight, 1e-3)
    assert y.dtype == torch.bfloat16
    y.float().sum().backward()
    assert x.grad is not None
    assert x.grad.dtype == torch.float32
