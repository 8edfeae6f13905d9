"""The recipe of the bundled model: what each step trains, for how long, on what. Each step leaves a file that the
next one starts from, and is skipped when its file is there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.training import pool, seeing
from engine.training.architecture import TempoNet
from engine.training.drafts import SHARES
from engine.training.loop import train
from engine.training.run import SEED, Run

log = logging.getLogger(__name__)
SCENES = 13_000
# The decoder starts from the small VLM's text layers, which read pictures. What is about to become a name points the
# other way than its picture (`seeing.link_words`): turned round, and at a picture's norm, memory reads like one.
PROJECTED = -0.75
FEWEST_SCENES = 150  # a film of 32 segments needs some twenty scenes that share no thing


def draw(run: Run) -> None:
    """Render two pools of scenes, one to see with and one to talk about."""
    for name, seed in (("pool-vision", SEED), ("pool", SEED + 1)):
        if not (run.folder / name / "scenes.json").exists():
            pool.render_pool(run.folder / name, scenes=max(FEWEST_SCENES, run.steps(SCENES)), seed=seed)


def vision(run: Run) -> None:
    """Teach the tower to see."""
    if not run.done("vision"):
        seeing.learn_to_see(run.network, run.sights, run.folder, steps=run.steps(2400), batch=run.batch(64, least=4))


def svlm(run: Run) -> None:
    """Make the small VLM: captions, Yes/No relevance, and whether a moment asked about lies in the segment."""
    if not run.done("svlm"):
        stages, language = run.stages, run.network.svlm.language_model
        seeing.link_words(language, run.weights("vision"), stages.words)
        train(
            "svlm",
            language,
            language.parameters(),
            lambda step: stages.small_vlm(step, segments=run.batch(48, least=4)),
            folder=run.folder,
            steps=run.steps(1200),
            rate=1.5e-3,
        )


def decoder(run: Run) -> None:
    """School the decoder on text: notes under times, a question, the answer."""
    if not run.done("decoder"):
        stages, reader = run.stages, run.network.decoder
        reader.model.load_state_dict(run.weights("svlm"))
        train(
            "decoder",
            reader,
            reader.parameters(),
            lambda step: stages.notes(step, positions=run.batch(6000, least=100)),
            folder=run.folder,
            steps=run.steps(900),
            rate=1.5e-3,
        )


@dataclass(frozen=True, slots=True)
class Films:
    """What a step of the four stages reads: as many films as make `films` of the longest, `asks` questions on each."""

    segments: tuple[int, ...]  # lengths to choose from
    films: int
    asks: int
    routed: float = 0.5  # how often the compressor is told to judge relevance, as it is when asked
    crowded: bool = False
    shares: tuple[float, ...] = SHARES


def _four(
    run: Run, stage: str, previous: str, parts: Callable[[TempoNet], Iterable[nn.Parameter]], *shapes: Films,
    steps: int, rate: float,
) -> None:  # fmt: skip
    if run.done(stage):
        return
    stages, network = run.stages, run.network
    if previous == "svlm":
        _begin(run)
    else:
        network.load_state_dict(run.weights(previous))
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    for parameter in parts(network):
        parameter.requires_grad_(True)

    def loss(step: int) -> tuple[Tensor, dict[str, float]]:
        shape = shapes[step % len(shapes)]
        return stages.film(
            step,
            segments=shape.segments,
            films=run.batch(shape.films),
            asks=shape.asks,
            routed=shape.routed,
            crowded=shape.crowded,
            shares=shape.shares,
        )

    train(
        stage,
        network,
        network.parameters(),
        loss,
        folder=run.folder,
        steps=run.steps(steps),
        rate=rate,
    )


def _begin(run: Run) -> None:
    """From the small VLM and the schooled decoder.

    The published memory tokens start from a normal with the mean and deviation of the embedding rows; here every other
    one does, and says Yes or No as the small VLM would. The rest start as the word behind which it names things: 58 to
    74 % of the things shown could be read off such tokens before any training, none off tokens from the normal.
    """
    network = run.network
    language = network.svlm.language_model
    language.load_state_dict(run.weights("svlm"))
    with torch.no_grad():
        table = language.embed_tokens.weight
        network.memory.normal_(generator=torch.Generator().manual_seed(SEED))
        network.memory.mul_(table.std(0)).add_(table.mean(0))
        network.memory[:, ::2] = table[run.stages.words.encode(" the")[0]]
        network.projector.weight.copy_(torch.eye(*network.projector.weight.shape))
        network.projector.bias.zero_()
        network.projector.weight.mul_(PROJECTED)
        network.decoder.load_state_dict(run.weights("decoder"))


def _aligned(network: TempoNet) -> list[nn.Parameter]:
    return [network.memory, *network.projector.parameters()]


def _everything_but_vision(network: TempoNet) -> list[nn.Parameter]:
    return [
        network.memory,
        *network.projector.parameters(),
        *network.svlm.language_model.parameters(),
        *network.decoder.parameters(),
    ]


def stage0(run: Run) -> None:
    """Alignment: memory tokens and projector only, single segments."""
    _four(run, "stage0", "svlm", _aligned, Films((1,), 48, asks=2), steps=20, rate=1e-3)


def stage1(run: Run) -> None:
    """Pre-training: films of one to four segments."""
    shape = Films((1, 1, 2, 4), 12, asks=4)
    _four(run, "stage1", "stage0", _everything_but_vision, shape, steps=550, rate=7e-4)


def stage2(run: Run) -> None:
    """Broad fine-tuning: films of four to sixteen segments."""
    shape = Films((4, 8, 8, 16), 4, asks=4)
    _four(run, "stage2", "stage1", _everything_but_vision, shape, steps=620, rate=5e-4)


def stage3(run: Run) -> None:
    """Long context: up to thirty-two segments, in turn with short films of many things, asked what they show: lists of
    two and three things are what a small compressor learns last."""
    short = Films((1, 1, 2), 36, asks=2, routed=0.9, crowded=True, shares=(0.05, 0.05, 0.9))
    long = Films((4, 8, 16, 16, 32), 2, asks=4, routed=0.9, shares=(0.4, 0.1, 0.5))
    shapes = (short, replace(long, crowded=True), short, long)
    _four(run, "stage3", "stage2", _everything_but_vision, *shapes, steps=1500, rate=6e-4)


def publish(run: Run) -> None:
    """Write the checkpoint in the published layout."""
    from engine.training.publishing import write_checkpoint

    run.network.load_state_dict(run.weights("stage3"))
    write_checkpoint(run.network, run.weights("svlm"), run.folder, run.target or Path("assets/models/nano"))


RECIPE: dict[str, Callable[[Run], None]] = {
    "pool": draw, "vision": vision, "svlm": svlm, "decoder": decoder,
    "stage0": stage0, "stage1": stage1, "stage2": stage2,
    "stage3": stage3, "publish": publish,
}  # fmt: skip
