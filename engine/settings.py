"""Every setting in one place, with what people are told of it. `None` means: as the model says, or as much as fits."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import QuestionError
from engine.knobs import knob, knobs_of
from engine.time_range import read_range, write_range

MEGABYTE = 10**6  # bytes, in every limit below

MODEL, READING, TOKENS, ANSWER, MEMORY = "Model", "What is read", "Tokens", "Answer", "Memory and disk"
GROUPS = (READING, TOKENS, ANSWER, MEMORY, MODEL)  # in the order they are shown
MODEL_SAYS = "as the model says"
SHARES = {"adaptive": "By relevance", "uniform": "The same for every segment"}
BITS = {16: "16, exact", 8: "8, half the room, inexact"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One request's settings. Raises `QuestionError` when a value is out of bounds."""

    model: str = knob(
        "nano", MODEL, "Model", "A known model, or the folder of a Tempo checkpoint.",
        again=True, flag="--model", letter="NAME_OR_DIR",
    )  # fmt: skip
    device: str = knob(
        "auto", MODEL, "Device", "Where the model computes: auto, cuda (cuda:1 is the second card), xpu, mps or cpu.",
        again=True, flag="--device", letter="NAME",
    )  # fmt: skip
    precision: str = knob(
        "auto", MODEL, "Precision", "How exact its numbers are: auto, fp32, bf16, int8 or nf4 (4 bits).",
        again=True, flag="--precision", letter="NAME",
    )  # fmt: skip
    sample_fps: float | None = knob(
        None, READING, "Frames a second", "Look at so many pictures of each second of film.",
        bounds=(0.001, 60), unit="a second", step=0.5, unset=MODEL_SAYS, again=True, flag="--fps", letter="F",
    )  # fmt: skip
    max_frames: int | None = knob(
        None, READING, "Frames at most", "Look at no more pictures than this; a long film is then sampled less often.",
        bounds=(4, 4096), unit="frames", step=8, unset=MODEL_SAYS, again=True, flag="--frames", letter="N",
    )  # fmt: skip
    nearest_keyframe: bool = knob(
        False, READING, "Keyframes only", "Read the keyframe nearest to each wanted picture: faster, inexact.",
        again=True, flag="--keyframes", const=True,
    )  # fmt: skip
    range_seconds: tuple[float, float] | None = knob(
        None, READING, "Range", "Ask about this part of the film only, such as 0:12-1:30.",
        unset="the whole film", again=True, flag="--range", letter="A-B", read=read_range, write=write_range,
    )  # fmt: skip
    budget: int | None = knob(
        None, TOKENS, "Token budget", "Memory tokens for the whole film; fewer answer faster, more keep more detail.",
        bounds=(1, 131072), unit="tokens", step=256, unset=MODEL_SAYS, flag="--budget", letter="N",
    )  # fmt: skip
    allocation: str = knob(
        "adaptive", TOKENS, "Allocation", "How the budget is dealt out to the segments.",
        choices=SHARES, flag="--allocation", letter="WAY",
    )  # fmt: skip
    max_new_tokens: int = knob(
        1024, ANSWER, "Longest answer", "Cut the answer off after so many tokens; a word takes one or two.",
        bounds=(1, 8192), unit="tokens", step=64, flag="--max-new-tokens", letter="N",
    )  # fmt: skip
    temperature: float = knob(
        0.0, ANSWER, "Temperature", "0 always takes the likeliest word; more makes answers vary.",
        bounds=(0, 2), step=0.1, flag="--temperature", letter="T",
    )  # fmt: skip
    top_p: float = knob(
        1.0, ANSWER, "Top p", "Choose only among the likeliest words that make up this share of probability.",
        bounds=(0.01, 1), step=0.05, flag="--top-p", letter="P",
    )  # fmt: skip
    seed: int = knob(
        0, ANSWER, "Seed", "The same seed gives the same answer again where words are chosen by chance.",
        bounds=(0, 2**31 - 1), flag="--seed", letter="N",
    )  # fmt: skip
    micro_batch: int | None = knob(
        None, MEMORY, "Segments at once", "Compress so many segments together: more is faster and takes more memory.",
        bounds=(1, 64), unit="segments", unset="as many as fit", flag="--micro-batch", letter="N",
    )  # fmt: skip
    keep_index: bool = knob(
        True, MEMORY, "Keep the index on disk", "A film that was read once need not be read again.",
        flag="--no-index", const=False,
    )  # fmt: skip
    prefix_bits: int = knob(
        16, MEMORY, "Bits of the index",
        "8 bits take half the room or less, inexact (rank correlation of scores 0.999, on an earlier bundled model).",
        choices=BITS, again=True, flag="--prefix8", const=8,
    )  # fmt: skip
    device_megabytes: int = knob(
        1000, MEMORY, "Index on the device", "Keep at most so much of the open film's index in the device's memory.",
        bounds=(0, 10**6), unit="MB", step=100, flag="--device-mb", letter="N",
    )  # fmt: skip
    host_megabytes: int = knob(
        2000, MEMORY, "Index in host memory", "Keep at most so much of the open film's index in the computer's memory.",
        bounds=(0, 10**6), unit="MB", step=100, flag="--host-mb", letter="N",
    )  # fmt: skip
    disk_megabytes: int = knob(
        10_000, MEMORY, "Index on disk",
        "Keep at most so much on disk, all films together; what was used longest ago goes first.",
        bounds=(0, 10**7), unit="MB", step=1000, flag="--disk-mb", letter="N",
    )  # fmt: skip

    def __post_init__(self) -> None:
        for name, one in KNOBS.items():
            one.check(getattr(self, name))
        if self.range_seconds is not None:
            start, end = self.range_seconds
            if not 0 <= start < end:
                raise QuestionError(f"The range {start}-{end} does not run forward from a time in the film.")


KNOBS = knobs_of(Settings)
