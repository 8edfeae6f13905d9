"""`python -m engine.training bases`: folders that stand for real base models, to try the machinery without a download.

The layers are as wide as those of Qwen3-VL-2B-Instruct and Qwen3-4B, or as small as the smallest; there are few of
them, the vocabulary is the small model's, and there are no weights: `--random` draws them.
"""

from __future__ import annotations

import json
from pathlib import Path

from engine.training.architecture import MICRO, decoder_config, write_base, write_json
from engine.weights.shapes import DECODER, TEXT, VISION

NOT_THE_DECODERS = ("max_window_layers",)


def write_bases(folder: Path, *, layers: int, wide: bool) -> tuple[Path, Path]:
    """`compressor` and `decoder` in `folder`, of `layers` each, in their published width if `wide`."""
    compressor, decoder = folder / "compressor", folder / "decoder"
    write_base(compressor, MICRO)
    base = json.loads((compressor / "config.json").read_text())
    text, vision = base["text_config"], base["vision_config"]
    if wide:
        text |= TEXT
        vision |= VISION
    text["num_hidden_layers"] = vision["depth"] = layers
    vision["deepstack_visual_indexes"] = [0]
    write_json(compressor / "config.json", base)
    decoder.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json"):
        (decoder / name).write_bytes((compressor / name).read_bytes())
    config = {**decoder_config(text["vocab_size"], MICRO), "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}
    if wide:
        config |= {key: value for key, value in DECODER.items() if key not in NOT_THE_DECODERS}
    stop = json.loads((compressor / "generation_config.json").read_text())["eos_token_id"]
    config |= {"num_hidden_layers": layers, "vocab_size": text["vocab_size"], "eos_token_id": stop}
    write_json(decoder / "config.json", config)
    return compressor, decoder
