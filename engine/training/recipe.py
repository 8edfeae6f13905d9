"""The recipe of the bundled model: what each step trains, on what, from where. Each step leaves a file that the next
one starts from, and is skipped when its file is there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import nn

from engine.training import seeing
from engine.training.batches import Batch, Figures
from engine.training.curves import write_curves
from engine.training.handwriting import Hand
from engine.training.lessons import LATER, NAMES_FIRST, TURNS, draft_lessons, draft_notes
from engine.training.loop import Pace, frozen, train
from engine.training.pool import Pool, grow_pool, missing_shards
from engine.training.presets import LETTERED, NOTED_SHARES
from engine.training.progress import Watcher
from engine.training.run import Run
from engine.training.stages import decoder_parts, stage0, stage1, stage2, stage3
from engine.training.starting import read_times, sample, start_decoder
from engine.training.teaching import teach
from engine.training.world.combination import TRAIN, VALIDATION

log = logging.getLogger(__name__)

GROWING = (0.12, 0.05, 0.22)  # of the world at first; shares of the steps at which it starts to grow, and is whole
TIMES_FIRST = 0.15  # of the small VLM's steps
SHORT_FIRST = 0.3  # of the decoder's steps read short films, of which more fit in a step
NOTED_FIRST, NOTED = (1, 2, 4, 4), (2, 4, 4, 8, 8, 16, 32)  # segments of films that are read as notes
CHECKED = (4, 4, 16, 16)
CROWDED = (0.8, 0.4)  # of the tower's pictures, at the first step and at the last


def vision(run: Run) -> None:
    """Teach the tower to see."""
    if run.done("vision"):
        return
    lookout = seeing.Lookout(run.network.svlm.visual, run.network.memory.shape[2])
    batch, pace = run.preset.vision_batch, run.preset.vision

    def check(step: int) -> Figures:
        with torch.no_grad():
            value, figures = lookout(seeing.sights(np.random.default_rng((8, 0)), 4 * batch, split=VALIDATION))
        return {"loss": float(value), **figures}

    def draw(number: int) -> seeing.Sights:
        step = number // run.process.count
        rng = np.random.default_rng((7, number))
        return seeing.sights(rng, run.share(batch), crowded=crowded(step, pace), known=known(step, pace))

    train(
        "vision",
        lookout,
        draw,
        lambda module, drawn: module(drawn),
        folder=run.folder,
        pace=pace,
        saved=lookout.both,
        check=check,
        process=run.process,
        checkpoint_seconds=run.checkpoint_seconds,
    )
    if run.process.first:
        write_curves(run.folder)


def crowded(step: int, pace: Pace) -> float:
    """The share of crowds among the tower's pictures: many at first, fewer in the end, for films hold none."""
    first, last = CROWDED
    return first + (last - first) * step / pace.steps


def known(step: int, pace: Pace) -> float:
    """The share of the world that the tower is shown: a small one first, for shapes are learnt on few things sooner."""
    first, begins, ends = GROWING
    share = step / pace.steps
    return min(1.0, first + (1 - first) * max(0.0, share - begins) / (ends - begins))


def pool(run: Run) -> None:
    """Draw the scenes that films are made of, and let the tower see them once."""
    preset = run.preset
    for name, shards, seed, split in (
        ("pool", preset.shards, run.seed, TRAIN),
        ("pool-check", preset.check_shards, run.seed + 1, VALIDATION),
    ):
        if not missing_shards(run.folder / name, shards):
            continue
        run.load_tower()
        see = seeing.tower(run.network)
        began, watcher = time.monotonic(), Watcher(run.folder, name, steps=shards, first=0)
        for done in grow_pool(run.folder / name, see, shards=shards, seed=seed, families=preset.families, split=split):
            log.info("%s: %d of %d shards", name, done, shards)
        watcher.row({"step": shards, "seconds": round(time.monotonic() - began, 1)})


def svlm(run: Run) -> None:
    """Make the small VLM: captions, short answers, Yes/No relevance, and whether a moment lies in the segment."""
    if run.done("svlm"):
        return
    run.load_tower()
    language = run.network.svlm.language_model
    if not run.begun("svlm"):
        seeing.link_words(language, run.weights("vision"), run.words)
    frozen(run.network, language.parameters())
    whole = run.preset.svlm_segments

    def batch(rng: np.random.Generator, scenes: Pool, step: int, segments: int) -> Batch:
        turns = TURNS if step < TIMES_FIRST * run.preset.svlm.steps else LATER
        task = turns[step % len(turns)]
        task = "check" if task == "relevance" and step < NAMES_FIRST else task
        few, asks = {"caption": (2, 1), "check": (1, 2), "clock": (1, 2)}.get(task, (1, 3))
        return draft_lessons(rng, scenes, task, segments=few * segments, asks=asks)

    teach(
        run,
        "svlm",
        run.learner(),
        lambda step: batch(np.random.default_rng((11, step)), run.pool, step // run.process.count, run.share(whole)),
        pace=run.preset.svlm,
        saved=language,
        checks=lambda: [
            batch(np.random.default_rng((19, n)), run.check_pool, n + NAMES_FIRST, whole) for n in range(len(TURNS))
        ],
        check_learner=run.learner(check=True),
    )


def decoder(run: Run) -> None:
    """School the decoder on text: notes under times, a question, the answer."""
    if run.done("decoder"):
        return
    network = run.network
    start_decoder(network, run.weights("svlm"))
    drawn = sample(run)
    hand = Hand.of(network.svlm.language_model.embed_tokens.weight.detach().clone(), *drawn.hand)
    if network.bound_layers:
        read_times(run, drawn, hand)
    frozen(network, decoder_parts(network))
    reader, checker = run.learner(), run.learner(check=True)
    reader.hand = checker.hand = hand

    whole = run.preset.decoder_segments

    def batch(rng: np.random.Generator, scenes: Pool, few: int, length: int) -> Batch:
        films, tokens = max(1, few // length), network.memory_tokens
        return draft_notes(rng, scenes, run.words, segments=length, films=films, tokens=tokens, shares=_noted(rng))

    def length(few: int, step: int) -> int:
        lengths = NOTED_FIRST if few < max(NOTED) or step < SHORT_FIRST * run.preset.decoder.steps else NOTED
        return int(np.random.default_rng((18, step)).choice(lengths))

    def notes(number: int) -> Batch:
        few, step = run.share(whole), number // run.process.count  # processes wait for each other: alike is sooner
        return batch(np.random.default_rng((17, number)), run.pool, few, length(few, step))

    teach(
        run,
        "decoder",
        reader,
        notes,
        pace=run.preset.decoder,
        saved=nn.ModuleDict({"decoder": network.decoder, "projector": network.projector}),
        checks=lambda: [
            batch(np.random.default_rng((23, n)), run.check_pool, 2 * whole, min(2 * whole, count))
            for n, count in enumerate(CHECKED)
        ],
        check_learner=checker,
    )


def _noted(rng: np.random.Generator) -> Mapping[str, float]:
    return {"choice": 1.0} if rng.random() < LETTERED else NOTED_SHARES


def publish(run: Run) -> None:
    """Write the checkpoint in the published layout, with its card."""
    from engine.training.publishing import publish_run

    publish_run(run)


RECIPE: dict[str, Callable[[Run], None]] = {
    "vision": vision, "pool": pool, "svlm": svlm, "decoder": decoder, "stage0": stage0, "stage1": stage1,
    "stage2": stage2, "stage3": stage3, "publish": publish,
}  # fmt: skip
