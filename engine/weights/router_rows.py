"""The router's two rows of numbers, fetched from the base model by range request and kept beside the model."""

from __future__ import annotations

from pathlib import Path

from engine.errors import ModelError
from engine.weights.catalogue import ROUTER
from engine.weights.checkpoint import read_json
from engine.weights.hub import Repository, matrix_rows
from engine.weights.tensors import INDEX, SINGLE


def fetch_router(base: Repository, folder: Path, base_folder: Path) -> None:
    """The rows of Yes and No in the base model's output embedding, which is tied to the input's."""
    import torch
    from safetensors.torch import save_file

    from engine.weights.filling import HEAD
    from engine.weights.loading import BASE_EMBEDDING, load_tokenizer, single_token

    tokenizer = load_tokenizer(base_folder)
    rows = tuple(single_token(tokenizer, word, base_folder) for word in ("Yes", "No"))
    file, tensor = SINGLE, BASE_EMBEDDING
    if (base_folder / INDEX).is_file():
        shard_of = read_json(base_folder / INDEX).get("weight_map") or {}
        tensor = HEAD if HEAD in shard_of else BASE_EMBEDDING
        if tensor not in shard_of:
            raise ModelError(f"The base model {base.repo} does not say where its embedding lies.")
        file = str(shard_of[tensor])
    found, kind, columns = matrix_rows(base, file, tensor, rows)
    kinds = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32}
    if kind not in kinds:
        raise ModelError(f"The base model {base.repo} stores numbers as {kind}, which the router cannot use.")
    tensors = [torch.frombuffer(bytearray(row), dtype=kinds[kind]).reshape(columns) for row in found]
    save_file(dict(zip(("yes", "no"), tensors, strict=True)), folder / ROUTER)
