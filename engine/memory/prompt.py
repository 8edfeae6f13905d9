"""A segment's times and picture size in, the token ids of the compressor's input out, in two halves.

    prefix   system text, then for each pair of frames `<1.2 seconds>` and its visual tokens: the same for any question
    suffix   `\\nQuery:\\n{question}`, end of turn, start of the answer

The border lies behind `<|vision_end|>`, an added token that the tokenizer always cuts out whole and that swallows no
white space (checked once), so the halves tokenized apart are the whole tokenized at once, whatever the question holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import ModelError
from engine.records import Segment

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

PLAIN_SYSTEM = (
    "You are a query-conditioned visual compressor. Store in the provided memory tokens the minimal visual information "
    "needed to answer the Query. Ignore irrelevant details."
)
SYSTEM = f"{PLAIN_SYSTEM} Now, before compressing, answer exactly 'Yes' or 'No': is this segment relevant to the Query?"
BLANK_QUESTION = "Describe this content."
START, PAD, END = "<|vision_start|>", "<|video_pad|>", "<|vision_end|>"
VIDEO = START + PAD + END  # what Qwen3-VL's chat template writes for a video


class Prompt:
    """Writes the compressor's input with the base model's own chat template and tokenizer."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, *, system: str = SYSTEM) -> None:
        """`system` without its last sentence is what the published training uses (`PLAIN_SYSTEM`)."""
        self._tokenizer, self._system = tokenizer, system
        for token in (START, PAD, END):
            _expect_border(tokenizer, token)
        self._head = self._rendered("")[0]

    def prefix(self, pair_seconds: Sequence[float], tokens_per_pair: int) -> list[int]:
        """Token ids up to and with the last visual token of the segment."""
        video = "".join(f"<{seconds:.1f} seconds>{START}{PAD * tokens_per_pair}{END}" for seconds in pair_seconds)
        return self._ids(self._head + video)

    def suffix(self, question: str) -> list[int]:
        """Token ids from behind the video to the last one before the memory tokens."""
        return self._ids(self._rendered(question)[1])

    def _rendered(self, question: str) -> tuple[str, str]:
        """The chat turn, before and behind the video."""
        asked = question if question.strip() else BLANK_QUESTION
        user = [{"type": "video"}, {"type": "text", "text": f"\nQuery:\n{asked}"}]
        chat = [{"role": "system", "content": self._system}, {"role": "user", "content": user}]
        text = self._tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        head, video, tail = str(text).partition(VIDEO)
        if not video:
            raise ModelError("The base model's chat template writes no video, so it is not Qwen3-VL's.")
        return head, tail

    def _ids(self, text: str) -> list[int]:
        return [int(token) for token in self._tokenizer.encode(text, add_special_tokens=False)]


def pair_seconds(segment: Segment) -> list[float]:
    """The mean time of each pair of frames. Where the last frame stands alone its partner is due when the segment ends:
    the published code counts on by one sample, although the picture it pairs is a repeat.
    """
    seconds = segment.frame_seconds
    even = [*seconds, segment.end_seconds] if len(seconds) % 2 else seconds
    return [(first + second) / 2 for first, second in zip(even[::2], even[1::2], strict=True)]


def _expect_border(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    added = {str(token): token for token in tokenizer.added_tokens_decoder.values()}
    token = added.get(text)
    if token is None or token.normalized or token.rstrip or token.lstrip or token.single_word:
        raise ModelError(f"The base model's tokenizer does not keep {text} as a token of its own.")
