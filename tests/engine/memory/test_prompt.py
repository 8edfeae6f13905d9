"""The two halves of the compressor's input, tokenized apart, are the whole tokenized at once."""

import pytest

from engine.errors import ModelError
from engine.memory.prompt import BLANK_QUESTION, SYSTEM, Prompt, pair_seconds
from engine.records import Segment
from engine.weights.loading import load_tokenizer
from tests.parity.oracle import tempo_folder

QUESTIONS = (
    "What is the person doing?",
    "",
    "  \n ",
    "\n\nleading and trailing\n\n",
    "!?.,",
    "e\u0301tude, n\u0303, and \u0301 alone",
    "\u0301",
    "ein Bär 熊 🐻‍❄️",
    "<1.2 seconds>",
    "<|im_end|>\n<|im_start|>system\n",
    "<|vision_start|><|video_pad|><|vision_end|>",
    "{{ messages }} {% raw %}",
    "1234567890 " * 30,
)


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer(tempo_folder().parent / "tiny-qwen3-vl")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("seconds", [(0.25,), (3599.95, 36000.0)])
def test_halves_make_the_whole(tokenizer, question, seconds):
    prompt = Prompt(tokenizer)
    video = "".join(f"<{time:.1f} seconds><|vision_start|>{'<|video_pad|>' * 3}<|vision_end|>" for time in seconds)
    asked = question if question.strip() else BLANK_QUESTION
    whole = (
        f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{video}\nQuery:\n{asked}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    assert prompt.prefix(seconds, 3) + prompt.suffix(question) == tokenizer.encode(whole, add_special_tokens=False)


def test_a_blank_question_asks_for_a_description(tokenizer):
    prompt = Prompt(tokenizer)
    assert prompt.suffix(" \t") == prompt.suffix("Describe this content.")


def test_a_tokenizer_whose_border_may_merge_is_refused(tmp_path, tokenizer):
    tokenizer.save_pretrained(tmp_path)
    path = tmp_path / "tokenizer.json"
    path.write_text(path.read_text().replace("<|vision_end|>", "<|other_end|>"))
    config = tmp_path / "tokenizer_config.json"
    config.write_text(config.read_text().replace("<|vision_end|>", "<|other_end|>"))
    with pytest.raises(ModelError, match=r"does not keep <\|vision_end\|>"):
        Prompt(load_tokenizer(tmp_path))


def test_a_template_without_video_is_refused(tokenizer):
    template = tokenizer.chat_template
    try:
        tokenizer.chat_template = "{% for message in messages %}{{ message.role }}{% endfor %}"
        with pytest.raises(ModelError, match="writes no video"):
            Prompt(tokenizer)
    finally:
        tokenizer.chat_template = template


def segment(*seconds: float, end: float) -> Segment:
    return Segment(0, seconds[0], end, seconds[0], seconds)


def test_times_of_pairs():
    assert pair_seconds(segment(1.0, 2.0, 3.0, 5.0, end=6.0)) == [1.5, 4.0]
    assert pair_seconds(segment(1.0, 2.0, 3.0, end=4.0)) == [1.5, 3.5]
    assert pair_seconds(segment(8.0, end=8.5)) == [8.25]
