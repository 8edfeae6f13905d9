"""A prefix or features in, named tensors and a few words out, and back: the form in which they lie on disk.

A file is safetensors; its header holds the words, and a checksum over them and all tensors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor

from engine.memory.eight_bit import SmallPrefix
from engine.memory.features import Features
from engine.memory.patches import Grid
from engine.memory.prefix import Prefix

Kept = Prefix | SmallPrefix | Features
Words = dict[str, str]
CHECKSUM = "sha256"


def kind_of(kept: Kept) -> str:
    """What to call it: "prefix", however exact, or "features"."""
    return "features" if isinstance(kept, Features) else "prefix"


def pack(kept: Kept) -> tuple[dict[str, Tensor], Words]:
    """Tensors on the CPU, contiguous, and what is not a tensor as text."""
    words = {"kind": kind_of(kept), "segment": str(kept.segment)}
    if isinstance(kept, Prefix):
        words["next_position"] = str(kept.next_position)
        tensors = {"keys": torch.stack(kept.keys), "values": torch.stack(kept.values)}  # [layers, heads, length, width]
    elif isinstance(kept, SmallPrefix):
        words |= {"next_position": str(kept.next_position), "dtype": kept.dtype}
        tensors = {"codes": kept.codes, "scales": kept.scales}
    else:
        words["grid"] = ",".join(map(str, kept.grid))
        tensors = {f"level{number}": level for number, level in enumerate((kept.tokens, *kept.levels))}
    return {name: tensor.detach().to("cpu").contiguous() for name, tensor in tensors.items()}, words


def unpack(tensors: Mapping[str, Tensor], words: Mapping[str, str]) -> Kept:
    """The reverse. Raises `KeyError` or `ValueError` for what `pack` did not write."""
    segment = int(words["segment"])
    if words["kind"] == "prefix" and "codes" in tensors:
        return SmallPrefix(segment, tensors["codes"], tensors["scales"], words["dtype"], int(words["next_position"]))
    if words["kind"] == "prefix":
        keys, values = tensors["keys"].unbind(), tensors["values"].unbind()
        return Prefix(segment, tuple(keys), tuple(values), int(words["next_position"]))
    if words["kind"] != "features":
        raise ValueError(f"unknown kind {words['kind']}")
    tokens, *levels = (tensors[f"level{number}"] for number in range(len(tensors)))
    pairs, rows, columns = map(int, words["grid"].split(","))
    grid: Grid = (pairs, rows, columns)
    return Features(segment, grid, tokens, tuple(levels))


def save_file(path: Path, kept: Kept) -> None:
    """Write one file, and none beside it: safetensors' own `save_file` leaves a .tmp file when it is killed."""
    tensors, words = pack(kept)
    path.write_bytes(save(tensors, words | {CHECKSUM: _checksum(tensors, words)}))


def load_file(path: Path) -> Kept:
    """Read a file into memory of its own: an open mapping would keep Windows from deleting the file, and end the
    process where the disk fails. Raises `OSError`, or for damage `SafetensorError`, `KeyError` or `ValueError`."""
    content = path.read_bytes()
    tensors, words = load(content), _words(content)
    if words.pop(CHECKSUM) != _checksum(tensors, words):
        raise ValueError("its checksum differs")
    return unpack(tensors, words)


def _words(content: bytes) -> Words:
    """The header's text, which `load` leaves out: a length in 8 bytes, then JSON."""
    length = int.from_bytes(content[:8], "little")
    return dict(json.loads(content[8 : 8 + length])["__metadata__"])


def _checksum(tensors: Mapping[str, Tensor], words: Words) -> str:
    digest = hashlib.sha256(json.dumps(sorted(words.items())).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
