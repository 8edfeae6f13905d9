"""The small model's tokenizer: Qwen2's byte-level BPE, trained on how this world is talked about.

Names, colours, places, texts and numbers of the world become single tokens. The nouns that the world does not hold
(`asking.nouns`) are left out on purpose: they fall into pieces, as any word does that the model has never met.
"""

from __future__ import annotations

from collections.abc import Iterator

from transformers import PreTrainedTokenizerFast

from engine.training.architecture import ASSISTANT_SYSTEM, CAPTION_QUERY, COMPRESSOR_SYSTEM, ROUTER_SENTENCE
from engine.training.asking.moments import MOVES
from engine.training.asking.special import NOT_MY_WORLD
from engine.training.asking.wordings import CHOICES, HELD_OUT, HELD_OUT_CHOICES, TRAINED
from engine.training.world.language import NUMBERS, TIMES, plural
from engine.training.world.lettering import WORDS
from engine.training.world.palette import NAMED
from engine.training.world.places import WHERE
from engine.training.world.things import ALL_THINGS

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
SECONDS = 1000  # 0 to 999 are single tokens
SIZE = 12_000  # an upper bound: merges end when every word is one token
CHAT_TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' }}"
    "{%- if message.content is string %}{{- message.content }}{%- else %}{%- for part in message.content %}"
    "{%- if part.type == 'image' %}{{- '<|vision_start|><|image_pad|><|vision_end|>' }}"
    "{%- elif part.type == 'video' %}{{- '<|vision_start|><|video_pad|><|vision_end|>' }}"
    "{%- elif 'text' in part %}{{- part.text }}{%- endif %}{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def train_tokenizer(size: int = SIZE) -> PreTrainedTokenizerFast:
    """Byte-level BPE with Qwen2's split."""
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
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>", model_max_length=32768
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def world_words() -> tuple[str, ...]:
    """What has to be one token behind a space: what questions ask about, and what answers say of it."""
    places = [word for phrase in WHERE.values() for word in phrase.split()]
    moves = [word for verbs in MOVES.values() for verb in verbs for word in verb.split()]
    times = [word for phrase in TIMES for word in phrase.split()]
    things = [form for name in ALL_THINGS for form in (name, plural(name))]
    return tuple(dict.fromkeys([*things, *NAMED, *WORDS, *places, *moves, *times, *NUMBERS]))


def _corpus() -> Iterator[str]:
    prompts = [COMPRESSOR_SYSTEM + ROUTER_SENTENCE, ASSISTANT_SYSTEM, CAPTION_QUERY, "\nQuery:\n", "Yes", "No"]
    yield from [*prompts, "system\n", "user\n", "assistant\n", "<1.2 seconds>", "\nA. a\nB. b\nC. c\nD. d\n"] * 40
    for texts in (*TRAINED.values(), *HELD_OUT.values(), CHOICES, HELD_OUT_CHOICES):
        for text in texts:
            yield from [text, text.lower(), text.replace("does", "do").replace(" is ", " are ")] * 4
    for word in world_words():
        yield from [f"the {word} the {word}"] * 12
    for name in (*ALL_THINGS, *NAMED):
        yield from [f"The {name} appears at 1 seconds.", f"Yes, the {name} does not appear from 1 to 2 seconds."] * 3
        yield f"No, the {name} and the {name} appear. a {name}, an {name}. Do Are alone with more shown longer than one"
    for told in (
        NOT_MY_WORLD,
        "The film takes place at the beach, then in front of red, then in space.",
        "The text says",
    ):
        yield from [told] * 40
    for number in range(SECONDS):
        yield from [f"{number}. {number}."] * 6
