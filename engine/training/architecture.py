"""The bundled model's shape: the published architecture, small. Configurations, tokenizer, and an empty network.

`write_base(folder)` writes what stands for the base model (configuration, tokenizer, processor files);
`build(folder)` makes the network those files describe.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3VLConfig
from transformers.models.qwen3 import Qwen3ForCausalLM
from transformers.models.qwen3_vl import Qwen3VLModel

from engine.training.questions import HELD_OUT, WORDINGS
from engine.training.things import NAMES

MEMORY_TOKENS = 8
TEXT_WIDTH = 256
SPECIALS = (
    "<|im_end|>", "<|endoftext|>", "<|im_start|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
    "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
# Qwen2's split, but for numbers: up to three digits stay together, with the space before them, as words do. So " 18" in
# a question and "18" in "<18.2 seconds>" are one token each, and two tokens (`seeing.link_words` says what for). Digit
# by digit, four layers matched times on 89 % of a balanced choice after 1,160 steps.
PRETOKEN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+| ?\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
NUMBERS = 600  # 0 to 599 are single tokens: seconds of a film of 1,024 frames
CHAT_TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' }}"
    "{%- if message.content is string %}{{- message.content }}{%- else %}{%- for part in message.content %}"
    "{%- if part.type == 'image' %}{{- '<|vision_start|><|image_pad|><|vision_end|>' }}"
    "{%- elif part.type == 'video' %}{{- '<|vision_start|><|video_pad|><|vision_end|>' }}"
    "{%- elif 'text' in part %}{{- part.text }}{%- endif %}{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
COMPRESSOR_SYSTEM = (
    "You are a query-conditioned visual compressor. Store in the provided memory tokens the minimal visual information "
    "needed to answer the Query. Ignore irrelevant details."
)
ROUTER_SENTENCE = " Now, before compressing, answer exactly 'Yes' or 'No': is this segment relevant to the Query?"
ASSISTANT_SYSTEM = "You are a helpful assistant."
CAPTION_QUERY = "Describe this content."


class TempoNet(nn.Module):
    """Compressor, memory tokens, projector and decoder, as the published checkpoint holds them."""

    def __init__(self, base: Qwen3VLConfig, decoder: Qwen3Config) -> None:
        super().__init__()
        self.svlm = Qwen3VLModel(base)
        self.memory = nn.Parameter(torch.zeros(1, MEMORY_TOKENS, TEXT_WIDTH))
        self.projector = nn.Linear(TEXT_WIDTH, decoder.hidden_size)
        self.decoder = Qwen3ForCausalLM(decoder)


def build(folder: Path) -> TempoNet:
    """A network with random weights for the configurations in `folder` (as `write_base` wrote them)."""
    base = Qwen3VLConfig(**json.loads((folder / "config.json").read_text()))
    base._attn_implementation = "sdpa"
    return TempoNet(base, Qwen3Config(**decoder_config(base.text_config.vocab_size)))


def write_base(folder: Path) -> None:
    """Configuration, tokenizer and processor files of the stand-in for the base model."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer()
    tokenizer.save_pretrained(folder)
    ids = {token: tokenizer.convert_tokens_to_ids(token) for token in SPECIALS}
    write_json(folder / "config.json", base_config(len(tokenizer), ids))
    write_json(folder / "generation_config.json", {"eos_token_id": ids["<|im_end|>"], "do_sample": False})
    picture = {
        "size": {"longest_edge": 16777216, "shortest_edge": 1024}, "patch_size": 16, "temporal_patch_size": 2,
        "merge_size": 2, "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "processor_class": "Qwen3VLProcessor",
    }  # fmt: skip
    write_json(folder / "preprocessor_config.json", {**picture, "image_processor_type": "Qwen2VLImageProcessorFast"})
    write_json(folder / "video_preprocessor_config.json", {**picture, "video_processor_type": "Qwen3VLVideoProcessor"})


def base_config(vocabulary: int, ids: dict[str, int]) -> dict[str, Any]:
    """Qwen3-VL, small."""
    return {
        "architectures": ["Qwen3VLForConditionalGeneration"],
        "model_type": "qwen3_vl",
        "dtype": "float32",
        "image_token_id": ids["<|image_pad|>"],
        "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"],
        "tie_word_embeddings": True,
        "text_config": {
            "model_type": "qwen3_vl_text", "vocab_size": vocabulary, "hidden_size": TEXT_WIDTH,
            "intermediate_size": 640, "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2,
            "head_dim": 64, "hidden_act": "silu", "rms_norm_eps": 1e-6, "attention_bias": False,
            "max_position_embeddings": 32768, "tie_word_embeddings": True,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": 10000.0, "mrope_section": [12, 10, 10], "mrope_interleaved": True
            },
        },
        "vision_config": {
            "model_type": "qwen3_vl", "depth": 4, "hidden_size": 192, "intermediate_size": 576, "num_heads": 3,
            "hidden_act": "gelu_pytorch_tanh", "in_channels": 3, "patch_size": 16, "temporal_patch_size": 2,
            "spatial_merge_size": 2, "num_position_embeddings": 256, "out_hidden_size": TEXT_WIDTH,
            "deepstack_visual_indexes": [1],
        },
    }  # fmt: skip


def decoder_config(vocabulary: int) -> dict[str, Any]:
    """Qwen3, small; it shares the compressor's tokenizer."""
    return {
        "vocab_size": vocabulary, "hidden_size": TEXT_WIDTH, "intermediate_size": 640, "num_hidden_layers": 4,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 64, "hidden_act": "silu",
        "rms_norm_eps": 1e-6, "attention_bias": False, "max_position_embeddings": 16384, "tie_word_embeddings": True,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
    }  # fmt: skip


def train_tokenizer(size: int = 3200) -> PreTrainedTokenizerFast:
    """Byte-level BPE with Qwen2's split; the words of this world become single tokens."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PRETOKEN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(_corpus(), trainer)
    tokenizer.add_special_tokens(list(SPECIALS))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>", model_max_length=16384
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def write_json(path: Path, value: object) -> None:
    """Readable JSON with a final newline."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _corpus() -> list[str]:
    lines = [
        COMPRESSOR_SYSTEM + ROUTER_SENTENCE,
        ASSISTANT_SYSTEM,
        CAPTION_QUERY,
        "\nQuery:\n",
        "Yes",
        "No",
        "system\n",
        "user\n",
        "assistant\n",
        "Are are Do do an",
    ] * 50
    for kind, texts in (*WORDINGS.items(), *HELD_OUT.items()):
        for text in texts:
            for name in NAMES if kind != "what" else ("",):
                lines += [text.format(x=name, t=1), text.lower().format(x=name, t=1)]
    for name in NAMES:
        lines += [f"The {name} appears at 1 seconds.", f"Yes, the {name} does not appear from 1 to 2 seconds.", name]
        lines += [f"No, the {name} and the {name} appear. a {name}, an {name}", name.capitalize()] * 2
    return lines + [f"{number}. {number}." for number in range(NUMBERS)] * 20
