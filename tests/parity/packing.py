"""How `checkpoint.tar.xz` and `golden.xz` were made from the full data, and how the tests unpack them.

    python tests/parity/packing.py FULL_DATA_FOLDER

Lossless, in little space: float32 is stored as four planes of bytes, frames as differences between neighbours. Left
out is what no case reads, or what other arrays prove as well (README.md tells what).
"""

from __future__ import annotations

import io
import json
import lzma
import sys
import tarfile
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save

HERE = Path(__file__).parent
CHECKPOINT, GOLDEN = HERE / "checkpoint.tar.xz", HERE / "golden.xz"
WEIGHTS = "model.safetensors"
TEXTS = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")
TOWER = "model.vision_tower_aux_list.0.vlm."
SVLM_EMBEDDING, EMBEDDING = f"{TOWER}model.language_model.embed_tokens.weight", "model.embed_tokens.weight"
FRAMES_KEPT = {"landscape": 8, "starved": 8}  # the other cases keep all
SEGMENT = 8  # frames
PROBED = (0, 63, 127)  # memory tokens compared in every segment
STEP = 32  # every how many-th row of embeddings and patches is compared


def unpack_checkpoint(folder: Path) -> Path:
    """Write the checkpoint and its base model in the published layout; returns the Tempo folder."""
    with tarfile.open(CHECKPOINT) as archive:
        for member in archive.getmembers():
            path, file = folder / member.name, archive.extractfile(member)
            assert file is not None
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_joined(file.read()) if path.name == WEIGHTS else file.read())
    tempo = folder / "tiny-tempo"
    tensors = load_file(tempo / WEIGHTS)
    base = {name.removeprefix(TOWER): tensor for name, tensor in tensors.items() if name.startswith(TOWER)}
    (folder / "tiny-qwen3-vl" / WEIGHTS).write_bytes(save(base, {"format": "pt"}))  # they are the same, bit for bit
    return tempo


def load_golden() -> dict[str, dict[str, np.ndarray]]:
    """The published numbers of every case, by case and array."""
    cases: dict[str, dict[str, np.ndarray]] = {}
    with np.load(io.BytesIO(lzma.decompress(GOLDEN.read_bytes()))) as arrays:
        for key in arrays:
            case, name = key.split("/")
            cases.setdefault(case, {})[name] = arrays[key]
    for arrays_of_case in cases.values():
        arrays_of_case["frames"] = _undone(arrays_of_case["frames"])
    return cases


def pack(full: Path) -> None:
    """Make both files."""
    cases = {path.stem: dict(np.load(path)) for path in sorted((full / "golden").glob("*.npz"))}
    with tarfile.open(CHECKPOINT, "w:xz", preset=9) as archive:
        for folder in sorted((full / "checkpoint").iterdir()):
            for name in TEXTS:
                _add(archive, f"{folder.name}/{name}", (folder / name).read_bytes())
        weights = load_file(full / "checkpoint" / "tiny-tempo" / WEIGHTS)
        _blank_unread_rows(weights, cases)
        _add(archive, f"tiny-tempo/{WEIGHTS}", _planes(save(weights, {"format": "pt"})))
    index = json.loads((full / "golden" / "index.json").read_text())
    small = {f"{case}/{name}": array for case in cases for name, array in _compact(cases[case], case, index).items()}
    buffer = io.BytesIO()
    np.savez(buffer, **small)
    GOLDEN.write_bytes(lzma.compress(buffer.getvalue(), preset=9 | lzma.PRESET_EXTREME))


def _compact(case: dict[str, np.ndarray], name: str, index: dict[str, dict[str, object]]) -> dict[str, np.ndarray]:
    kept = FRAMES_KEPT.get(name, len(case["frames"]))
    shares = case["allocation"].tolist()
    unseen = range(-(-kept // SEGMENT), len(shares))  # segments whose frames are not here
    rows = [case["memory_features"][segment, : shares[segment]] for segment in unseen]
    width = case["memory_features"].shape[2]
    return {
        "frames": _differences(case["frames"][:kept]),
        "frame_count": np.array(len(case["frames"])),
        **{key: np.array(index[name][key]) for key in ("query", "fps", "budget")},
        **{key: case[key] for key in ("segment_input_ids", "segment_attention_mask", "video_grid_thw")},
        **{key: case[key] for key in ("relevance", "allocation", "prompt_ids", "next_token_logits", "greedy_ids")},
        "pixel_values_mean": case["pixel_values_mean"][::STEP],
        "pixel_values_head": case["pixel_values_head"][:2],
        "memory_features": case["memory_features"][:, PROBED],
        "memory_unseen": np.concatenate(rows) if rows else np.zeros((0, width), np.float32),
        "decoder_embeds": case["decoder_embeds"][0, ::STEP],
        "positions": np.array(case["decoder_embeds"].shape[1]),
    }


def _blank_unread_rows(weights: dict[str, np.ndarray], cases: dict[str, dict[str, np.ndarray]]) -> None:
    """Zero the embedding rows of tokens that no case reads: 0.2 MB of random numbers that prove nothing."""
    vocabulary = json.loads((Path(sys.argv[1]) / "checkpoint" / "tiny-tempo" / "tokenizer.json").read_text())
    words = vocabulary["model"]["vocab"]
    stamps = {words[letter] for letter in "<0123456789.>"} | {words["Ġseconds"], words["Yes"], words["No"]}
    for name, keys in ((SVLM_EMBEDDING, ("segment_input_ids",)), (EMBEDDING, ("prompt_ids", "greedy_ids"))):
        read = {int(token) for case in cases.values() for key in keys for token in case[key].ravel()} | stamps
        unread = sorted(set(range(len(weights[name]))) - read)
        weights[name] = weights[name].copy()
        weights[name][unread] = 0


def _differences(frames: np.ndarray) -> np.ndarray:
    left = np.concatenate((np.zeros_like(frames[:, :, :1]), frames[:, :, :-1]), axis=2)
    return np.ascontiguousarray((frames - left).transpose(3, 0, 1, 2))  # [3, frames, height, width]


def _undone(differences: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.cumsum(differences, axis=3, dtype=np.uint8).transpose(1, 2, 3, 0))


def _planes(file: bytes) -> bytes:
    start = 8 + int.from_bytes(file[:8], "little")
    return file[:start] + np.frombuffer(file[start:], np.uint8).reshape(-1, 4).T.tobytes()


def _joined(planes: bytes) -> bytes:
    start = 8 + int.from_bytes(planes[:8], "little")
    return planes[:start] + np.frombuffer(planes[start:], np.uint8).reshape(4, -1).T.tobytes()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
