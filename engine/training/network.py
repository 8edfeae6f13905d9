"""The network's forward pass for training: the same weights and the same numbers as transformers' modules, in the
shapes training needs.

Every picture of a batch has one grid, so attention runs as one dense product instead of one call a picture; a prompt
shared by many continuations is read once and its keys and values are handed on (`past`). Attention is written out,
because the backward pass of the fused kernel is slower on a CPU at these lengths.
tests/engine/training/test_network.py holds this file to transformers' own forward pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as nnf
from torch import Tensor
from torch.utils.checkpoint import checkpoint
from transformers.models.qwen3.modeling_qwen3 import Qwen3DecoderLayer
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLTextDecoderLayer, Qwen3VLVisionModel

WRITTEN_OUT = 700  # positions up to which attention is written out on a CPU; longer, its logits would fill the memory
KeyValue = tuple[Tensor, Tensor]  # each [batch, kv_heads, positions, head_dim]


@dataclass(frozen=True, slots=True)
class VisionGrid:
    """What depends on the grid alone: learned positions [patches, width] come from `indices` and `weights`."""

    indices: Tensor
    weights: Tensor
    cos: Tensor  # [patches, head_dim]
    sin: Tensor


def vision_grid(visual: Qwen3VLVisionModel, rows: int, columns: int) -> VisionGrid:
    """Constants for pictures of `rows` x `columns` patches, on the tower's device."""
    from transformers.vision_utils import get_vision_interpolation_indices_and_weights, get_vision_position_ids

    grid = torch.tensor([[1, rows, columns]])
    merge = visual.config.spatial_merge_size
    indices, weights = get_vision_interpolation_indices_and_weights(
        grid,
        num_grid_per_side=visual.num_grid_per_side,
        mode=visual.interpolation_mode,
        align_corners=visual.interpolation_align_corners,
        spatial_merge_size=merge,
        kwargs={},
    )
    positions = get_vision_position_ids(grid, merge, kwargs={})
    device = visual.patch_embed.proj.weight.device
    indices, weights = indices.to(device), weights.to(device)
    cos, sin = visual.rotary_pos_emb(weights, positions.to(device))
    return VisionGrid(indices, weights, cos, sin)


def patchify(frames: Tensor) -> Tensor:
    """[batch, 2, height, width, 3] uint8 -> [batch, patches, 1536] in [-1, 1], in merge order."""
    batch, pair, height, width, _ = frames.shape
    blocks = frames.view(batch, pair, height // 32, 2, 16, width // 32, 2, 16, 3)
    patches = blocks.permute(0, 2, 5, 3, 6, 8, 1, 4, 7).reshape(batch, -1, 3 * pair * 256)
    return patches.float().div_(127.5).sub_(1)


def see(visual: Qwen3VLVisionModel, patches: Tensor, grid: VisionGrid, *, frugal: bool = False) -> list[Tensor]:
    """Visual tokens, then one tensor a deepstack level: each [batch, patches / 4, text_width]."""
    batch, count, _ = patches.shape
    weight, bias = visual.patch_embed.proj.weight, visual.patch_embed.proj.bias
    x = nnf.linear(patches.to(weight.dtype), weight.flatten(1), bias)
    x = (x + (visual.pos_embed(grid.indices) * grid.weights[..., None]).sum(1)).to(weight.dtype)
    levels = []
    for number, block in enumerate(visual.blocks):
        if frugal and torch.is_grad_enabled():
            x = checkpoint(_block, block, x, grid, use_reentrant=False)
        else:
            x = _block(block, x, grid)
        if number in visual.deepstack_visual_indexes:
            level = visual.deepstack_visual_indexes.index(number)
            levels.append(visual.deepstack_merger_list[level](x).view(batch, count // 4, -1))
    return [visual.merger(x).view(batch, count // 4, -1), *levels]


def _block(block: Any, x: Tensor, grid: VisionGrid) -> Tensor:
    attention = block.attn
    qkv = attention.qkv(block.norm1(x)).view(*x.shape[:2], 3, attention.num_heads, -1)
    q, k, v = qkv.permute(2, 0, 3, 1, 4)  # [batch, heads, patches, head_dim]
    q, k = _rotate(q, grid.cos, grid.sin), _rotate(k, grid.cos, grid.sin)
    mixed = _attend(q, k, v, None, attention.scaling)
    x = x + attention.proj(mixed.transpose(1, 2).flatten(2))
    done: Tensor = x + block.mlp(block.norm2(x))
    return done


def read(
    layers: Iterable[Qwen3DecoderLayer | Qwen3VLTextDecoderLayer],
    x: Tensor,
    rotation: tuple[Tensor, Tensor],
    *,
    mask: Tensor | None,
    past: Sequence[KeyValue] | None = None,
    deepstack: Sequence[Tensor] = (),
    frugal: bool = False,
) -> tuple[Tensor, list[KeyValue]]:
    """Text layers of Qwen3 or Qwen3-VL over `x` [batch, length, width], without the last norm.

    `mask` [batch, 1, length, past + length] is added to the attention logits; without one every token sees all before
    it. `deepstack` holds [batch, length, width] to add after the first layers (zero where no picture stands). Gives
    hidden states and this part's keys and values. `frugal` computes each layer again in the backward pass, instead of
    keeping what it made.
    """
    cos, sin = (table[:, None] for table in rotation)
    kept = []
    for number, layer in enumerate(layers):
        before = past[number] if past is not None else None
        if frugal and torch.is_grad_enabled():
            x, key, value = checkpoint(_layer, layer, x, cos, sin, mask, before, use_reentrant=False)
        else:
            x, key, value = _layer(layer, x, cos, sin, mask, before)
        kept.append((key, value))
        if number < len(deepstack):
            x = x + deepstack[number]
    return x, kept


def _layer(
    layer: Any, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None, past: KeyValue | None
) -> tuple[Tensor, Tensor, Tensor]:
    attention = layer.self_attn
    y = layer.input_layernorm(x)
    shape = (*y.shape[:-1], -1, attention.head_dim)
    q = _rotate(attention.q_norm(attention.q_proj(y).view(shape)).transpose(1, 2), cos, sin)
    own = _rotate(attention.k_norm(attention.k_proj(y).view(shape)).transpose(1, 2), cos, sin)
    value = attention.v_proj(y).view(shape).transpose(1, 2)
    k, v = own, value
    if past is not None:
        k, v = torch.cat([past[0], own], 2), torch.cat([past[1], value], 2)
    groups = attention.num_key_value_groups
    k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
    mixed = _attend(q, k, v, mask, attention.scaling, causal=True)
    x = x + attention.o_proj(mixed.transpose(1, 2).flatten(2))
    return x + layer.mlp(layer.post_attention_layernorm(x)), own, value


def causal_mask(own: Tensor, past: Tensor | None = None) -> Tensor:
    """Additive mask [batch, 1, length, past + length]; `own` and `past` [batch, n] are True where a token is real."""
    length = own.shape[1]
    allowed = torch.ones(length, length, dtype=torch.bool, device=own.device).tril()[None] & own[:, None]
    if past is not None:
        allowed = torch.cat([past[:, None].expand(-1, length, -1), allowed], 2)
    return torch.zeros(allowed.shape, device=own.device).masked_fill_(~allowed, -1e9)[:, None]


def spread(past: Sequence[KeyValue], batch: int) -> list[KeyValue]:
    """Keys and values of one prompt for `batch` continuations."""
    return [(k.expand(batch, -1, -1, -1), v.expand(batch, -1, -1, -1)) for k, v in past]


def joined(first: Sequence[KeyValue], second: Sequence[KeyValue]) -> list[KeyValue]:
    """Two stretches of one prompt, one behind the other."""
    return [(torch.cat([ka, kb], 2), torch.cat([va, vb], 2)) for (ka, va), (kb, vb) in zip(first, second, strict=True)]


def repeated(past: Sequence[KeyValue], times: int) -> list[KeyValue]:
    """Each row of the batch `times` times in a row."""
    return [(k.repeat_interleave(times, 0), v.repeat_interleave(times, 0)) for k, v in past]


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scaling: float, *, causal: bool = False) -> Tensor:
    if q.is_cuda or q.shape[2] > WRITTEN_OUT:
        whole = causal and mask is None
        if mask is not None:
            mask = mask.to(q.dtype)
        v = v.to(q.dtype)
        mixed: Tensor = nnf.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=whole, scale=scaling)
        return mixed
    logits = torch.matmul(q * scaling, k.transpose(2, 3)).float()
    if mask is not None:
        logits = logits + mask
    elif causal:
        hidden = torch.ones(logits.shape[-2:], dtype=torch.bool).triu_(1 + logits.shape[-1] - logits.shape[-2])
        logits = logits.masked_fill(hidden, -1e9)
    return torch.matmul(logits.softmax(-1).to(v.dtype), v)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    turned = torch.cat([-x[..., half:], x[..., :half]], -1)
    return (x * cos + turned * sin).to(x.dtype)
