"""The network's forward pass for training: the same weights and the same numbers as transformers' modules, in the
shapes training needs.

Every picture of a batch has one grid, so attention runs as one dense product instead of one call a picture; a prompt
shared by many continuations is read once and its keys and values are handed on (`past`). Attention is written out
(`fused.py`), because the backward pass of torch's own is slower on a CPU at these lengths.
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

from engine.training.fused import KeyValue, Packing, attended, multiplied_in, normed, turned

WRITTEN_OUT = 700  # positions up to which attention is written out on a CPU; longer, its logits would fill the memory


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
    q, k, v = qkv.unbind(2)  # [batch, patches, heads, head_dim]
    cos, sin = grid.cos[None], grid.sin[None]
    q, k = turned(q, cos, sin, scale=attention.scaling), turned(k, cos, sin)
    mixed = _attend(q, [(k, _values(v))], None)
    x = x + attention.proj(mixed)
    done: Tensor = x + block.mlp(block.norm2(x))
    return done


def read(
    layers: Iterable[Qwen3DecoderLayer | Qwen3VLTextDecoderLayer],
    x: Tensor,
    rotation: tuple[Tensor, Tensor],
    *,
    mask: Tensor | None,
    past: Sequence[Sequence[KeyValue]] | None = None,
    deepstack: Sequence[Tensor] = (),
    real: Tensor | None = None,
    frugal: bool = False,
    bound: int = 0,
) -> tuple[Tensor, list[KeyValue]]:
    """Text layers of Qwen3 or Qwen3-VL over `x` [batch, length, width], without the last norm.

    `past` holds, for each layer, keys and values of what was read before, in parts (`fused.py` has their shapes).
    `mask` [batch, length, past + length] is added to the attention logits; without one every token sees all before it.
    `deepstack` holds [batch, length, width] to add after the first layers (zero where no picture stands). Where `real`
    [batch, length] says which tokens are no padding, projections and MLPs leave padding out, and its hidden states are
    zero. Gives hidden states and this part's keys and values. `frugal` computes each layer again in the backward pass,
    instead of keeping what it made. Of the first `bound` layers an MLP that adds nothing is not computed.
    """
    kept = []
    packing = Packing.of(real) if real is not None else None
    if packing:
        x = packing.packed(x)
        deepstack = [packing.packed(one) for one in deepstack]
    if mask is not None:
        mask = mask.to(multiplied_in(x))
    for number, layer in enumerate(layers):
        before = past[number] if past is not None else ()
        idle = number < bound and not layer.mlp.down_proj.weight.any()
        if frugal and torch.is_grad_enabled():
            x, key, value = checkpoint(_layer, layer, x, *rotation, mask, before, packing, idle, use_reentrant=False)
        else:
            x, key, value = _layer(layer, x, *rotation, mask, before, packing, idle)
        kept.append((key, value))
        if number < len(deepstack):
            x = x + deepstack[number]
    return packing.spread(x) if packing else x, kept


def _layer(
    layer: Any, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None, past: Sequence[KeyValue],
    packing: Packing | None = None, idle: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    attention, groups = layer.self_attn, layer.self_attn.num_key_value_groups
    y = _normed(layer.input_layernorm, x)
    q, k, v = (
        packing.spread(project(y)) if packing else project(y)
        for project in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    shape = (*q.shape[:-1], -1, attention.head_dim)
    q = _turned(attention.q_norm, q.view(shape), cos, sin, groups=groups, scale=attention.scaling)
    key = _turned(attention.k_norm, k.view(shape), cos, sin)
    value = _values(v.view(shape))
    found = _attend(q, [*past, (key, value)], mask, groups=groups, causal=True)
    x = x + attention.o_proj(packing.packed(found) if packing else found)
    if idle:
        return x, key, value
    return x + layer.mlp(_normed(layer.post_attention_layernorm, x)), key, value


def _normed(norm: Any, x: Tensor) -> Tensor:
    return normed(x, norm.weight, norm.variance_epsilon)


def _turned(norm: Any, x: Tensor, cos: Tensor, sin: Tensor, *, groups: int = 1, scale: float = 1.0) -> Tensor:
    return turned(x, cos, sin, groups=groups, weight=norm.weight, eps=norm.variance_epsilon, scale=scale)


def _values(x: Tensor) -> Tensor:
    """[batch, length, kv_heads, head_dim] -> [kv_heads, batch, length, head_dim]."""
    return x.permute(2, 0, 1, 3).contiguous()


def causal_mask(own: Tensor, past: Tensor | None = None) -> Tensor:
    """Additive mask [batch, length, past + length]; `own` and `past` [batch, n] are True where a token is real."""
    length = own.shape[1]
    allowed = torch.ones(length, length, dtype=torch.bool, device=own.device).tril()[None] & own[:, None]
    if past is not None:
        allowed = torch.cat([past[:, None].expand(-1, length, -1), allowed], 2)
    return torch.zeros(allowed.shape, device=own.device).masked_fill_(~allowed, -1e9)


def _attend(
    q: Tensor, parts: Sequence[KeyValue], mask: Tensor | None, *, groups: int = 1, causal: bool = False
) -> Tensor:
    """What the heads find: [batch, length, heads * head_dim]."""
    heads, batch, many, _ = q.shape
    length = many // groups
    if q.is_cuda or length > WRITTEN_OUT:
        k, v = (_whole([part[which] for part in parts], batch, groups) for which in (0, 1))
        q = q.view(heads, batch, groups, length, -1).permute(1, 0, 2, 3, 4).flatten(1, 2)
        whole, wide = causal and mask is None, mask[:, None] if mask is not None else None
        mixed = nnf.scaled_dot_product_attention(q, k, v, attn_mask=wide, is_causal=whole, scale=1.0)
        return mixed.transpose(1, 2).flatten(2)
    if causal and mask is None:
        mask = causal_mask(torch.ones(1, length, dtype=torch.bool, device=q.device)).to(q.dtype)
    found = attended(q, parts, mask, groups=groups).view(heads, batch, groups, length, -1)
    return found.permute(1, 3, 0, 2, 4).flatten(2)


def _whole(parts: Sequence[Tensor], batch: int, groups: int) -> Tensor:
    """Keys or values of all parts for every row and head: [batch, heads, positions, head_dim]."""
    rows = [part.repeat_interleave(batch // part.shape[1], 1) for part in parts]
    return torch.cat(rows, 2).transpose(0, 1).repeat_interleave(groups, 1)
