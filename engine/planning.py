"""Whether a model fits this machine: a checkpoint, perhaps a film, settings and free memory in; a plan out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.device_memory import free_bytes, own_bytes
from engine.indexing import geometry_of
from engine.ingest.geometry import tokens_per_frame
from engine.settings import MEGABYTE, Settings
from engine.weights.catalogue import PUBLISHED, downloaded, locate
from engine.weights.checkpoint import read_config
from engine.weights.device import choose_device, choose_precision
from engine.weights.plan import Held, Plan, Work, plan_memory
from engine.weights.shapes import tempo_6b

if TYPE_CHECKING:
    from engine.records import VideoInfo
    from engine.weights.checkpoint import TempoConfig

FULL_HD = (1080, 1920)  # the size of a film that is not named; it is taken to be as long as a model reads


def plan_for(
    config: TempoConfig,
    film: VideoInfo | None,
    *,
    precision: str,
    device: str,
    settings: Settings | None = None,
    free: int | None = None,
    weights: Held | None = None,
    ours: int = 0,
    turns: bool = False,
) -> Plan:
    """Plan a question about a film, in `free` bytes of the device or in what is free now.

    `ours` are bytes there that this program holds already and the plan counts anew: weights, prefixes. `turns` says
    that compressor and decoder take turns whatever would fit.
    """
    work = work_of(config, film, device, settings or Settings())
    free = ours + (free_bytes(device) if free is None else free)
    return plan_memory(config, work, precision=precision, device=device, free=free, weights=weights, turns=turns)


def work_of(config: TempoConfig, film: VideoInfo | None, device: str, settings: Settings) -> Work:
    """What a question will ask of the memory."""
    sizes = config.sizes
    height, width = (film.height, film.width) if film else FULL_HD
    frames = settings.max_frames or (sizes.max_frames if settings.budget else sizes.most_frames)
    if film:
        start, end = settings.range_seconds or (0.0, film.duration_seconds)
        seconds = max(0.0, min(end, film.duration_seconds) - start)
        frames = max(sizes.min_frames, min(frames, round(seconds * (settings.sample_fps or sizes.sample_fps))))
    return Work(
        segments=-(-frames // sizes.frames_per_segment),
        tokens=tokens_per_frame(height, width, geometry_of(config)) * -(-sizes.frames_per_segment // 2),
        frames_per_segment=sizes.frames_per_segment,
        budget=settings.budget or sizes.budget,
        max_new_tokens=settings.max_new_tokens,
        prefix_bytes=(settings.host_megabytes if device == "cpu" else settings.device_megabytes) * MEGABYTE,
        micro_batch=settings.micro_batch,
    )


def best_plan(config: TempoConfig, precision: str = "auto", device: str = "auto") -> Plan:
    """The plan at a precision; for `auto` of the device's exact one if it fits as it is, else of 4 bits.

    What this process holds itself counts as free: the model in use makes room for another one. Raises `ModelError` for
    a device that is not here.
    """
    device = choose_device(device).value
    ours = own_bytes(device)
    wishes = (choose_precision(precision, device).value,) if precision != "auto" else (
        choose_precision("auto", device).value, "nf4"
    )  # fmt: skip
    plans = [plan_for(config, None, precision=wish, device=device, ours=ours) for wish in wishes]
    return next((plan for plan in plans if plan.verdict == "fits"), plans[-1])


def config_of(name_or_folder: str) -> TempoConfig:
    """A model's configuration, also of one that is still to be downloaded: those are of one shape.

    Raises `ModelError`.
    """
    model = PUBLISHED.get(name_or_folder)
    if model is not None and downloaded(model) is None:
        return tempo_6b()
    return read_config(locate(name_or_folder).folder)
