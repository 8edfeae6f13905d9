"""The decoder once more, in numpy and float64, written from the formulas and sharing no code with the engine.

For checkpoints that the published numbers do not cover it is the oracle; on the one that they do cover it is held to
them itself. Qwen3 (arXiv 2505.09388): RMS norms before attention, before the MLP and on each head's queries and keys;
rotary positions in two halves; groups of query heads that share keys and values; SwiGLU.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import erf
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from engine.records import MEMORY_SLOT

Array = np.ndarray
EMBEDDING, PROJECTOR = "model.embed_tokens.weight", "model.mm_projector"


class ReferenceDecoder:
    """Reads `config.json` and `model.safetensors` of a folder itself."""

    def __init__(self, folder: Path) -> None:
        self.config = json.loads((folder / "config.json").read_text())
        held = load_file(folder / "model.safetensors")
        self._tensors = {name: held[name].astype(np.float64) for name in held if "vision_tower" not in name}

    def logits(self, ids: tuple[int, ...], memory: Array, written: Sequence[int] = ()) -> Array:
        """Logits [1 + written, vocabulary] behind a context with memory [slots, width], and behind each token since."""
        hidden = self._embedded([*ids, *written], memory)
        for layer in range(self.config["num_hidden_layers"]):
            hidden = self._layer(hidden, f"model.layers.{layer}")
        last = self._norm(hidden[len(ids) - 1 :], "model.norm")
        return last @ self._tensors[EMBEDDING if self.config["tie_word_embeddings"] else "lm_head.weight"].T

    def _embedded(self, ids: list[int], memory: Array) -> Array:
        words, slots = np.array(ids), np.array(ids) == MEMORY_SLOT
        embedded = self._tensors[EMBEDDING][np.where(slots, 0, words)]
        embedded[slots] = self._projected(memory.astype(np.float64))
        return embedded  # [positions, width]

    def _projected(self, memory: Array) -> Array:
        if self.config["mm_projector_type"] == "linear":
            return self._linear(memory, PROJECTOR)
        inner = self._linear(memory, f"{PROJECTOR}.0")
        return self._linear(inner * (1 + np.vectorize(erf)(inner / np.sqrt(2))) / 2, f"{PROJECTOR}.2")

    def _layer(self, hidden: Array, name: str) -> Array:
        hidden = hidden + self._attended(self._norm(hidden, f"{name}.input_layernorm"), f"{name}.self_attn")
        seen = self._norm(hidden, f"{name}.post_attention_layernorm")
        gate = self._linear(seen, f"{name}.mlp.gate_proj")
        return hidden + self._linear(
            gate / (1 + np.exp(-gate)) * self._linear(seen, f"{name}.mlp.up_proj"), f"{name}.mlp.down_proj"
        )

    def _attended(self, seen: Array, name: str) -> Array:
        heads, size = self.config["num_attention_heads"], self.config["head_dim"]
        queries, keys, values = (
            self._linear(seen, f"{name}.{one}_proj").reshape(len(seen), -1, size).swapaxes(0, 1) for one in "qkv"
        )  # [heads, positions, size]
        queries = self._turned(self._norm(queries, f"{name}.q_norm"))
        keys = self._turned(self._norm(keys, f"{name}.k_norm"))
        shared = heads // len(keys)
        keys, values = keys.repeat(shared, axis=0), values.repeat(shared, axis=0)
        scores = queries @ keys.swapaxes(1, 2) / np.sqrt(size)
        scores[:, np.triu(np.ones(scores.shape[1:], bool), k=1)] = -np.inf
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ values
        return self._linear(mixed.swapaxes(0, 1).reshape(len(seen), -1), f"{name}.o_proj")

    def _turned(self, heads: Array) -> Array:
        half = heads.shape[-1] // 2
        speeds = self.config["rope_theta"] ** (-np.arange(half) / half)
        angles = np.arange(heads.shape[1])[:, None] * speeds  # [positions, half]
        one, other = heads[..., :half], heads[..., half:]
        cosines, sines = np.cos(angles), np.sin(angles)
        return np.concatenate((one * cosines - other * sines, other * cosines + one * sines), axis=-1)

    def _norm(self, numbers: Array, name: str) -> Array:
        mean = (numbers**2).mean(axis=-1, keepdims=True)
        return numbers / np.sqrt(mean + self.config["rms_norm_eps"]) * self._tensors[f"{name}.weight"]

    def _linear(self, numbers: Array, name: str) -> Array:
        product = numbers @ self._tensors[f"{name}.weight"].T
        bias = self._tensors.get(f"{name}.bias")
        return product if bias is None else product + bias
