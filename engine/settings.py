"""Every knob in one place. `None` means: what the checkpoint's own configuration says."""

from __future__ import annotations

from dataclasses import dataclass, fields

from engine.errors import QuestionError

MEGABYTE = 10**6  # bytes, in every limit below


@dataclass(frozen=True, slots=True)
class Settings:
    """One request's settings. Raises `QuestionError` when a value is out of bounds."""

    model: str = "nano"  # a name from the catalogue, or a folder in the published layout
    device: str = "auto"  # auto | cpu | cuda | xpu | mps
    precision: str = "auto"  # auto | fp32 | bf16 | int8 | nf4
    sample_fps: float | None = None  # frames a second, (0, 60]
    max_frames: int | None = None  # [4, 4096]
    budget: int | None = None  # tokens for the whole film, [1, 131072]
    range_seconds: tuple[float, float] | None = None  # ask about this span only
    nearest_keyframe: bool = False  # read keyframes near the samples in their place: faster, inexact, noted
    micro_batch: int | None = None  # segments compressed at once, [1, 64]; None: what free memory allows
    max_new_tokens: int = 1024  # [1, 8192]
    temperature: float = 0.0  # 0 is greedy, (0, 2] samples
    top_p: float = 1.0  # (0, 1], used when sampling
    seed: int = 0  # used when sampling
    keep_index: bool = True  # keep what was read of a film on disk
    prefix_bits: int = 16  # 8: half the room, but not exact (`python -m engine.evaluation drift`)
    device_megabytes: int = 1000  # prefixes held on the device, [0, 1000000]
    host_megabytes: int = 2000  # prefixes held in host memory, [0, 1000000]
    disk_megabytes: int = 10_000  # all indexes on disk, [0, 10000000]

    def __post_init__(self) -> None:
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise QuestionError(f"{name} must lie between {low} and {high}, not {value}.")
        if self.prefix_bits not in (8, 16):
            raise QuestionError(f"A prefix is kept in 8 or 16 bits, not in {self.prefix_bits}.")
        if self.range_seconds is not None:
            start, end = self.range_seconds
            if not 0 <= start < end:
                raise QuestionError(f"The range {start}-{end} does not run forward from a time in the film.")


BOUNDS: dict[str, tuple[float, float]] = {
    "sample_fps": (0.001, 60.0),
    "max_frames": (4, 4096),
    "budget": (1, 131072),
    "micro_batch": (1, 64),
    "max_new_tokens": (1, 8192),
    "temperature": (0.0, 2.0),
    "top_p": (0.01, 1.0),
    "seed": (0, 2**31 - 1),
    "device_megabytes": (0, 10**6),
    "host_megabytes": (0, 10**6),
    "disk_megabytes": (0, 10**7),
}

NAMES = tuple(field.name for field in fields(Settings))
