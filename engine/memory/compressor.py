"""Segments and a question in, memory tokens and a relevance score for each segment out.

Three steps, because a film is asked more than once: `look` runs the vision tower over the pictures and keeps
`Features`, `prefill` the text layers over everything before the question and keeps a `Prefix`, `distil` the question
and the memory tokens on top. Attention is causal, so the three give what one pass gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from transformers.cache_utils import DynamicCache

from engine.cancel import CancelToken, checked_before
from engine.memory.features import Features
from engine.memory.patches import Grid, Pictures, patchify
from engine.memory.prefix import Prefix, cut, stack
from engine.memory.prompt import Prompt, pair_seconds
from engine.memory.relevance import relevance
from engine.records import Memory, Segment

if TYPE_CHECKING:
    from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLModel

VIDEO_TYPE = 2  # how transformers marks a visual token of a video


class Compressor:
    """A Qwen3-VL without output head that writes a segment into a few memory tokens."""

    def __init__(self, model: Qwen3VLModel, *, memory_tokens: Tensor, direction: Tensor, prompt: Prompt) -> None:
        self._model = model
        self._memory_tokens = memory_tokens  # [1, memory tokens, width]
        self._direction = direction  # [width], float32
        self._prompt = prompt
        vision = model.config.vision_config
        self._patch, self._merge = int(vision.patch_size), int(vision.spatial_merge_size)
        self._layers = (*model.visual.blocks, *model.language_model.layers)

    def index(self, batch: Sequence[tuple[Segment, Pictures]], *, cancel: CancelToken | None = None) -> list[Prefix]:
        """Compute the question-free part of some segments from their fitted pictures [frames, 3, height, width]."""
        segments = [segment for segment, _ in batch]
        return self.prefill(list(zip(segments, self.look(batch, cancel=cancel), strict=True)), cancel=cancel)

    def look(self, batch: Sequence[tuple[Segment, Pictures]], *, cancel: CancelToken | None = None) -> list[Features]:
        """Run the vision tower over the fitted pictures [frames, 3, height, width] of some segments."""
        if not batch:
            return []
        with torch.inference_mode(), checked_before(self._layers, cancel):
            patches, grids = zip(*(self._patches(pictures) for _, pictures in batch), strict=True)
            device = self._device
            seen = self._model.get_video_features(
                torch.cat(patches).to(device), torch.tensor(grids, device=device), return_dict=True
            )
            return [
                Features(
                    segment.index, grids[row], seen.pooler_output[row], tuple(x[row] for x in seen.deepstack_features)
                )
                for row, (segment, _) in enumerate(batch)
            ]

    def prefill(self, batch: Sequence[tuple[Segment, Features]], *, cancel: CancelToken | None = None) -> list[Prefix]:
        """Read system text, times and visual tokens of some segments: all that stands before a question."""
        if not batch:
            return []
        with torch.inference_mode(), checked_before(self._layers, cancel):
            grids = [features.grid for _, features in batch]
            rows = [self._prefix_ids(segment, features.grid) for segment, features in batch]
            ids = _right_padded(rows)  # [segments, longest]; what stands right of a token cannot reach it
            positions = self._positions(ids, grids)  # [3, segments, longest]
            cache = self._cached(ids, positions, [features for _, features in batch])
            return [
                cut(
                    cache,
                    row,
                    segment=segment.index,
                    length=len(rows[row]),
                    next_position=int(positions[:, row, : len(rows[row])].max()) + 1,
                )
                for row, (segment, _) in enumerate(batch)
            ]

    def distil(self, prefixes: Sequence[Prefix], question: str, *, cancel: CancelToken | None = None) -> list[Memory]:
        """Write memory tokens for a question on top of prefixes, which stay as they are."""
        if not prefixes:
            return []
        with torch.inference_mode(), checked_before(self._layers, cancel):
            suffix = self._prompt.suffix(question)
            hidden = self._hidden_behind(prefixes, suffix)  # [segments, suffix + memory tokens, width]
            scores = relevance(hidden[:, len(suffix) - 1], self._direction).tolist()
            tokens = hidden[:, len(suffix) :]
        found = zip(prefixes, scores, tokens, strict=True)
        return [Memory(segment=prefix.segment, score=score, tokens=kept) for prefix, score, kept in found]

    @property
    def _device(self) -> torch.device:
        return self._memory_tokens.device

    def _patches(self, pictures: Pictures) -> tuple[Tensor, Grid]:
        return patchify(pictures, patch=self._patch, merge=self._merge)

    def _prefix_ids(self, segment: Segment, grid: Grid) -> list[int]:
        seconds = pair_seconds(segment)
        pairs, rows, columns = grid
        if len(seconds) != pairs:
            raise ValueError(f"segment {segment.index} has times for {len(seconds)} pairs of frames, not {pairs}")
        return self._prompt.prefix(seconds, rows * columns // self._merge**2)

    def _positions(self, ids: Tensor, grids: Sequence[Grid]) -> Tensor:
        """Time, height and width positions as Qwen3-VL counts them: a pair of frames takes its longer edge."""
        kinds = VIDEO_TYPE * (ids == self._model.config.video_token_id).int()
        positions: Tensor = self._model.get_rope_index(ids, kinds, video_grid_thw=torch.tensor(grids))[0]
        return positions  # [3, segments, longest]

    def _cached(self, ids: Tensor, positions: Tensor, features: Sequence[Features]) -> DynamicCache:
        device = self._device
        text = self._model.language_model
        ids = ids.to(device)
        visual = ids == self._model.config.video_token_id
        # Padding repeats a row's last token, which is never a visual one.
        embeds = text.embed_tokens(ids)
        embeds[visual] = torch.cat([one.tokens.to(device, embeds.dtype) for one in features])
        cache = DynamicCache()
        levels = zip(*(one.levels for one in features), strict=True)
        text(
            inputs_embeds=embeds,
            position_ids=positions.to(device),
            cache=cache,
            visual_pos_masks=visual,
            deepstack_visual_embeds=[torch.cat([x.to(device, embeds.dtype) for x in level]) for level in levels],
        )
        return cache

    def _hidden_behind(self, prefixes: Sequence[Prefix], suffix: Sequence[int]) -> Tensor:
        device = self._device
        text = self._model.language_model
        question = text.embed_tokens(torch.tensor(suffix, device=device))
        embeds = torch.cat((question, self._memory_tokens[0]))  # [suffix + memory tokens, width]
        cache, real = stack(prefixes, device)
        first = torch.tensor([prefix.next_position for prefix in prefixes], device=device)
        positions = first[:, None] + torch.arange(len(embeds), device=device)  # text counts alike on all three axes
        hidden: Tensor = text(
            inputs_embeds=embeds.expand(len(prefixes), -1, -1),
            attention_mask=torch.cat((real, real.new_ones(len(prefixes), len(embeds))), dim=1),
            position_ids=positions.expand(3, -1, -1),
            cache=cache,
        ).last_hidden_state
        return hidden


def _right_padded(rows: Sequence[Sequence[int]]) -> Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[row[-1]] * (longest - len(row))] for row in rows])
