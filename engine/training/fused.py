"""Steps of a layer whose backward pass is written by hand: norm, turning heads to their positions, attention.

Autograd's own way through them spends two fifths of a step of a small model on a processor in copying: from one number
format to another, keys and values once for every head and every text that goes on behind them.
Heads stand first: queries are [kv_heads, batch, groups * length, head_dim], keys and values [kv_heads, texts, length,
head_dim], where `texts` divides `batch` and each text is what batch // texts rows in a row go on behind.
tests/engine/training/test_fused.py holds each to autograd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

KeyValue = tuple[Tensor, Tensor]
WORTH_PACKING = 0.95  # of the positions, at most, are real


def multiplied_in(x: Tensor) -> torch.dtype:
    """The number format in which matrices are multiplied here."""
    kind = x.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype


def normed(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm over the last axis, in the format of what it is multiplied with next."""
    done: Tensor = _Normed.apply(x, weight, eps, multiplied_in(x))
    return done


def turned(
    x: Tensor, cos: Tensor, sin: Tensor, *, groups: int = 1, weight: Tensor | None = None, eps: float = 0.0,
    scale: float = 1.0,
) -> Tensor:  # fmt: skip
    """Heads [batch, length, heads, head_dim], normed where there is a weight, turned by `cos` and `sin` [batch or 1,
    length, head_dim] and scaled, in the order attention wants."""
    half = x.shape[-1] // 2
    cos, sin = cos[:, :, None, :half], sin[:, :, None, :half]  # both halves are the same
    done: Tensor = _Turned.apply(x, weight, cos, sin, eps, groups, scale, multiplied_in(x))
    return done


def attended(q: Tensor, parts: Sequence[KeyValue], mask: Tensor | None, *, groups: int = 1) -> Tensor:
    """What the queries find in all parts together: [kv_heads, batch, groups * length, head_dim].

    `mask` [batch, length, positions of all parts] is added to the logits.
    """
    found: Tensor = _Attended.apply(q, mask, groups, *(one for part in parts for one in part))
    return found


@dataclass(frozen=True, slots=True)
class Packing:
    """Where the real tokens of a padded batch stand: what is computed token by token need not be for padding."""

    places: Tensor  # [tokens], in [batch * length]
    shape: tuple[int, int]  # batch, length

    @classmethod
    def of(cls, real: Tensor) -> Packing | None:
        """For `real` [batch, length]; None where there is too little padding to be worth it."""
        places = real.flatten().nonzero()[:, 0]
        return cls(places, (real.shape[0], real.shape[1])) if len(places) < WORTH_PACKING * real.numel() else None

    def packed(self, x: Tensor) -> Tensor:
        """[batch, length, width] -> [tokens, width]."""
        done: Tensor = _Packed.apply(x, self.places)
        return done

    def spread(self, x: Tensor) -> Tensor:
        """[tokens, width] -> [batch, length, width], padding zero."""
        done: Tensor = _Spread.apply(x, self.places, self.shape)
        return done


def by_heads(x: Tensor, groups: int, dtype: torch.dtype) -> Tensor:
    """[batch, length, heads, head_dim] -> [kv_heads, batch, groups * length, head_dim]."""
    batch, length, heads, dim = x.shape
    order = x.view(batch, length, heads // groups, groups, dim).permute(2, 0, 3, 1, 4)
    placed: Tensor = torch.empty(order.shape, dtype=dtype, device=x.device).copy_(order)
    return placed.view(-1, batch, groups * length, dim)


def by_place(x: Tensor, groups: int, dtype: torch.dtype | None = None) -> Tensor:
    """[kv_heads, batch, groups * length, head_dim] -> [batch, length, heads, head_dim]."""
    heads, batch, many, dim = x.shape
    order = x.view(heads, batch, groups, many // groups, dim).permute(1, 3, 0, 2, 4)
    placed: Tensor = torch.empty(order.shape, dtype=dtype or x.dtype, device=x.device).copy_(order)
    return placed.view(batch, many // groups, heads * groups, dim)


def _steepness(x: Tensor, eps: float) -> Tensor:
    """One over the root mean square of the last axis."""
    length: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return length.square_().div_(x.shape[-1]).add_(eps).rsqrt_()


def _norm_gradients(gradient: Tensor, x: Tensor, weight: Tensor, steep: Tensor) -> tuple[Tensor, Tensor]:
    """Of the input and of the weight, from that of the output, all float32; `gradient` is used up."""
    plain = x * steep
    shared = gradient * plain
    of_weight = shared.flatten(0, -2).sum(0)
    mean = (shared @ weight).div_(x.shape[-1])[..., None]
    of_input = gradient.mul_(weight).addcmul_(plain, mean, value=-1).mul_(steep)
    return of_input, of_weight


class _Packed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, places: Tensor) -> Tensor:
        ctx.save_for_backward(places)
        ctx.shape = x.shape[:2]
        return x.flatten(0, 1).index_select(0, places)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:
        return _spread(gradient, ctx.saved_tensors[0], ctx.shape), None


class _Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, places: Tensor, shape: tuple[int, int]) -> Tensor:
        ctx.save_for_backward(places)
        return _spread(x, places, shape)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:
        return gradient.flatten(0, 1).index_select(0, ctx.saved_tensors[0]), None, None


def _spread(x: Tensor, places: Tensor, shape: tuple[int, int]) -> Tensor:
    """[tokens, width] at their places among zeros: [batch, length, width]."""
    whole = x.new_zeros(shape[0] * shape[1], x.shape[-1])
    return whole.index_copy_(0, places, x).view(*shape, -1)


class _Normed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float, dtype: torch.dtype) -> Tensor:
        value = x.float()
        steep = _steepness(value, eps)
        ctx.save_for_backward(x, weight, steep)
        return (value * steep).mul_(weight).to(dtype)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:
        x, weight, steep = ctx.saved_tensors
        copied = gradient.to(torch.float32, copy=True)
        of_input, of_weight = _norm_gradients(copied, x.float(), weight.float(), steep)
        return of_input.to(x.dtype), of_weight.to(weight.dtype), None, None


class _Turned(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor | None, cos: Tensor, sin: Tensor, eps: float, groups: int, scale: float,
        dtype: torch.dtype,
    ) -> Tensor:  # fmt: skip
        value, steep = x.float(), None
        if weight is not None:
            steep = _steepness(value, eps)
            value = (value * steep).mul_(weight.float() * scale)
        elif scale != 1.0:
            value = value * scale
        first, second = value.chunk(2, -1)
        done, half = torch.empty_like(value), first.shape[-1]
        torch.mul(first, cos, out=done[..., :half]).addcmul_(second, sin, value=-1)
        torch.mul(second, cos, out=done[..., half:]).addcmul_(first, sin)
        ctx.save_for_backward(x, weight, steep, cos, sin)
        ctx.groups, ctx.scale = groups, scale
        return by_heads(done, groups, dtype)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:
        x, weight, steep, cos, sin = ctx.saved_tensors
        first, second = by_place(gradient.contiguous(), ctx.groups, torch.float32).chunk(2, -1)
        back, half = torch.empty(x.shape, dtype=torch.float32, device=x.device), first.shape[-1]
        torch.mul(first, cos, out=back[..., :half]).addcmul_(second, sin)
        torch.mul(second, cos, out=back[..., half:]).addcmul_(first, sin, value=-1)
        of_weight = None
        if weight is not None:
            back, of_weight = _norm_gradients(back, x.float(), weight.float() * ctx.scale, steep)
            of_weight = of_weight.mul_(ctx.scale).to(weight.dtype)
        elif ctx.scale != 1.0:
            back.mul_(ctx.scale)
        return back.to(x.dtype), of_weight, None, None, None, None, None, None


class _Attended(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, q: Tensor, mask: Tensor | None, groups: int, *parts: Tensor) -> Tensor:
        keys, values = parts[::2], parts[1::2]
        logits = _joined([_product(q, key.transpose(2, 3)) for key in keys])
        if mask is not None:
            heads, batch, many, positions = logits.shape
            logits.view(heads, batch, groups, many // groups, positions).add_(mask[:, None])
        shares = torch.softmax(logits, -1, dtype=logits.dtype)
        ctx.save_for_backward(q, shares, *parts)
        return _sum(_product(share, value) for share, value in zip(_cut(shares, keys), values, strict=True))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:
        q, shares, *parts = ctx.saved_tensors
        keys, values = parts[::2], parts[1::2]
        gradient = gradient.contiguous()
        of_shares = _joined([_product(gradient, value.transpose(2, 3)) for value in values])
        of_logits = torch.ops.aten._softmax_backward_data(of_shares, shares, -1, shares.dtype)
        cut, cut_shares = _cut(of_logits, keys), _cut(shares, keys)
        of_q = _sum(_product(one, key) for one, key in zip(cut, keys, strict=True))
        of_parts: list[Tensor] = []
        for one, share, key in zip(cut, cut_shares, keys, strict=True):
            of_parts += [_gathered(one, q, key.shape[1]), _gathered(share, gradient, key.shape[1])]
        return of_q, None, None, *of_parts


def _product(rows: Tensor, texts: Tensor) -> Tensor:
    """[heads, batch, m, i] times [heads, texts, i, j]: [heads, batch, m, j]."""
    heads, batch, many, inner = rows.shape
    count = heads * texts.shape[1]
    product = torch.bmm(rows.reshape(count, -1, inner), texts.reshape(count, inner, -1))
    return product.view(heads, batch, many, -1)


def _gathered(rows: Tensor, others: Tensor, texts: int) -> Tensor:
    """[heads, batch, m, j] and [heads, batch, m, i], multiplied over all rows of a text: [heads, texts, j, i]."""
    count = rows.shape[0] * texts
    one, other = rows.reshape(count, -1, rows.shape[-1]), others.reshape(count, -1, others.shape[-1])
    return torch.bmm(one.transpose(1, 2), other).view(rows.shape[0], texts, rows.shape[-1], others.shape[-1])


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, -1)


def _cut(whole: Tensor, keys: Sequence[Tensor]) -> tuple[Tensor, ...]:
    return torch.split(whole, [key.shape[2] for key in keys], -1)


def _sum(parts: Any) -> Tensor:
    total: Tensor | None = None
    for part in parts:
        total = part if total is None else total.add_(part)
    assert total is not None
    return total
