"""The recipe of the bundled model: what each step trains, on what, from where. Each step leaves a file that the next
one starts from, and is skipped when its file is there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from engine.training import seeing
from engine.training.architecture import COMPRESSOR_SYSTEM, ROUTER_SENTENCE, TempoNet
from engine.training.curves import write_curves
from engine.training.drawn import draft_example
from engine.training.learner import Batch, Figures, Films, Learner
from engine.training.lessons import NAMES_FIRST, TURNS, draft_lessons, draft_notes
from engine.training.loop import frozen, train
from engine.training.pool import Pool, grow_pool
from engine.training.presets import Mix, Stage
from engine.training.run import Run
from engine.training.world.combination import TRAIN, VALIDATION

log = logging.getLogger(__name__)
# The decoder starts from the small VLM's text layers, which read pictures. What is about to become a name points the
# other way than its picture (`seeing.link_words`): turned round, and at a picture's norm, memory reads like one.
PROJECTED = -0.75
STAGES = ("stage0", "stage1", "stage2", "stage3")
CHECK_ASKS, CHECK_SEGMENTS = 4, 16


def vision(run: Run) -> None:
    """Teach the tower to see."""
    if run.done("vision"):
        return
    lookout = seeing.Lookout(run.network.svlm.visual, run.network.memory.shape[2])
    batch, pace = run.preset.vision_batch, run.preset.vision

    def check(step: int) -> Figures:
        with torch.no_grad():
            value, figures = lookout.loss((8, 0), batch=4 * batch, split=VALIDATION)
        return {"loss": float(value), **figures}

    def loss(module: nn.Module, step: int) -> tuple[Tensor, Figures]:
        return lookout.loss((7, step), batch=batch)

    train(
        "vision",
        lookout.both,
        loss,
        folder=run.folder,
        pace=pace,
        check=check,
        checkpoint_seconds=run.checkpoint_seconds,
    )
    write_curves(run.folder)


def pool(run: Run) -> None:
    """Draw the scenes that films are made of, and let the tower see them once."""
    preset = run.preset
    for name, shards, seed, split in (
        ("pool", preset.shards, run.seed, TRAIN),
        ("pool-check", preset.check_shards, run.seed + 1, VALIDATION),
    ):
        if (run.folder / name / f"{shards - 1:03}.json").exists():
            continue
        run.load_tower()
        see = seeing.tower(run.network)
        for done in grow_pool(run.folder / name, see, shards=shards, seed=seed, families=preset.families, split=split):
            log.info("%s: %d of %d shards", name, done, shards)


def svlm(run: Run) -> None:
    """Make the small VLM: captions, short answers, Yes/No relevance, and whether a moment lies in the segment."""
    if run.done("svlm"):
        return
    run.load_tower()
    language, learner = run.network.svlm.language_model, run.learner()
    seeing.link_words(language, run.weights("vision"), run.words)
    frozen(run.network, language.parameters())
    segments = run.preset.svlm_segments

    def batch(rng: np.random.Generator, scenes: Pool, step: int) -> Batch:
        task = TURNS[step % len(TURNS)]
        task = "check" if task == "relevance" and step < NAMES_FIRST else task
        few, asks = {"caption": (2, 1), "check": (1, 2), "clock": (1, 2)}.get(task, (1, 3))
        return draft_lessons(rng, scenes, task, segments=few * segments, asks=asks)

    def checked(step: int) -> Figures:
        return _checked(
            run, [batch(np.random.default_rng((19, n)), run.check_pool, n + 1000) for n in range(len(TURNS))]
        )

    _taught(run, "svlm", learner, lambda step: batch(np.random.default_rng((11, step)), run.pool, step), checked)


def decoder(run: Run) -> None:
    """School the decoder on text: notes under times, a question, the answer."""
    if run.done("decoder"):
        return
    network, learner = run.network, run.learner()
    start_decoder(network, run.weights("svlm"))
    frozen(network, network.decoder.parameters())

    def batch(rng: np.random.Generator, scenes: Pool) -> Batch:
        few = run.preset.decoder_segments
        count = int(rng.choice([1, 2, 4, 8, 16, 16, 32] if few >= 32 else [1, 2, 4]))
        films, tokens = max(1, few // count), network.memory_tokens
        return draft_notes(rng, scenes, run.words, segments=count, films=films, tokens=tokens, shares=_shares(run, rng))

    def checked(step: int) -> Figures:
        return _checked(run, [batch(np.random.default_rng((23, n)), run.check_pool) for n in range(4)])

    _taught(run, "decoder", learner, lambda step: batch(np.random.default_rng((17, step)), run.pool), checked)


def start_decoder(network: TempoNet, svlm_weights: dict[str, Tensor]) -> None:
    """The decoder's first layers are the small VLM's; layers that it has beyond them begin by adding nothing."""
    missing = network.decoder.model.load_state_dict(svlm_weights, strict=False)
    if missing.unexpected_keys:
        raise ValueError(f"the decoder has no place for {missing.unexpected_keys[:3]}")
    with torch.no_grad():
        for layer in network.decoder.model.layers[len(network.svlm.language_model.layers) :]:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()


def _shares(run: Run, rng: np.random.Generator) -> Mapping[str, float]:
    mix = run.preset.stages[-1].mixes[0]
    return {"choice": 1.0} if rng.random() < mix.lettered else mix.shares


def _taught(
    run: Run, name: str, learner: Learner, batch: Callable[[int], Batch], checked: Callable[[int], Figures]
) -> None:
    def loss(module: nn.Module, step: int) -> tuple[Tensor, Figures]:
        value: tuple[Tensor, Figures] = module(batch(step * run.process.count + run.process.rank))
        return value

    saved = (
        run.network.svlm.language_model if name == "svlm" else run.network.decoder if name == "decoder" else run.network
    )
    stage = STAGES.index(name) if name in STAGES else -1
    pace = run.preset.stages[stage].pace if stage >= 0 else getattr(run.preset, name)
    train(
        name,
        learner,
        loss,
        folder=run.folder,
        pace=pace,
        saved=saved,
        check=checked,
        process=run.process,
        checkpoint_seconds=run.checkpoint_seconds,
    )
    if run.process.first:
        write_curves(run.folder)


def _checked(run: Run, batches: list[Batch]) -> Figures:
    """Loss and shares of right answers on films of combinations never trained on, answers given word by word."""
    learner = run.learner(check=True).eval()
    found: dict[str, list[float]] = {}
    with torch.no_grad():
        for batch in batches:
            value, figures = learner(batch)
            for key, number in {"loss": float(value), **figures}.items():
                if not key.endswith(" loss"):
                    found.setdefault(key, []).append(number)
    return {key: float(np.mean(numbers)) for key, numbers in found.items()}


def films(rng: np.random.Generator, scenes: Pool, mix: Mix, *, seed: tuple[int, ...]) -> Films:
    """A step's films."""
    count = int(rng.choice(mix.segments))
    shares = {"choice": 1.0} if rng.random() < mix.lettered else mix.shares
    examples = tuple(
        draft_example(rng, scenes, segments=count, asks=mix.asks, shares=shares)
        for _ in range(max(1, mix.budget // count))
    )
    system = COMPRESSOR_SYSTEM + (ROUTER_SENTENCE if rng.random() < mix.routed else "")
    return Films(examples, system, mix.keeping, seed)


def _four(run: Run, name: str, previous: str, parts: Callable[[TempoNet], list[nn.Parameter]]) -> None:
    if run.done(name):
        return
    number = STAGES.index(name)
    stage: Stage = run.preset.stages[number]
    if previous == "svlm":
        run.load_tower()
        begin(run.network, run.weights("svlm"), run.weights("decoder"), run.words.encode(" the")[0], seed=run.seed)
    else:
        run.network.load_state_dict(run.weights(previous))
    frozen(run.network, parts(run.network))

    def batch(step: int) -> Batch:
        mix = stage.mixes[step % len(stage.mixes)]
        return films(np.random.default_rng((13, number, step)), run.pool, mix, seed=(29, number, step))

    def checked(step: int) -> Figures:
        mix = Mix(
            (CHECK_SEGMENTS if number > 1 else 2,), run.preset.check_films * CHECK_SEGMENTS, CHECK_ASKS, routed=1.0
        )
        rng = np.random.default_rng((31, number))
        whole = films(rng, run.check_pool, mix, seed=(37, number))
        return _checked(
            run, [Films((one,), whole.system, mix.keeping, (37, n)) for n, one in enumerate(whole.examples)]
        )

    _taught(run, name, run.learner(), batch, checked)


def begin(
    network: TempoNet, svlm_weights: dict[str, Tensor], decoder_weights: dict[str, Tensor], naming: int, *, seed: int
) -> None:
    """From the small VLM and the schooled decoder.

    The published memory tokens start from a normal with the mean and deviation of the embedding rows; here every other
    one does, and says Yes or No as the small VLM would. The rest start as the word behind which it names things: 58 to
    74 % of the things shown could be read off such tokens before any training, none off tokens from the normal.
    """
    language = network.svlm.language_model
    language.load_state_dict(svlm_weights)
    with torch.no_grad():
        table = language.embed_tokens.weight
        network.memory.normal_(generator=torch.Generator().manual_seed(seed))
        network.memory.mul_(table.std(0)).add_(table.mean(0))
        network.memory[:, ::2] = table[naming]
        network.projector.weight.copy_(torch.eye(*network.projector.weight.shape))
        network.projector.bias.zero_()
        network.projector.weight.mul_(PROJECTED)
        network.decoder.load_state_dict(decoder_weights)


def _aligned(network: TempoNet) -> list[nn.Parameter]:
    return [network.memory, *network.projector.parameters()]


def _all_but_vision(network: TempoNet) -> list[nn.Parameter]:
    return [*_aligned(network), *network.svlm.language_model.parameters(), *network.decoder.parameters()]


def stage0(run: Run) -> None:
    """Alignment: memory tokens and projector only, single segments."""
    _four(run, "stage0", "svlm", _aligned)


def stage1(run: Run) -> None:
    """Pre-training: films of one to four segments."""
    _four(run, "stage1", "stage0", _all_but_vision)


def stage2(run: Run) -> None:
    """Broad fine-tuning: films of four to sixteen segments."""
    _four(run, "stage2", "stage1", _all_but_vision)


def stage3(run: Run) -> None:
    """Long context: films of up to 256 segments, in turn with short ones."""
    _four(run, "stage3", "stage2", _all_but_vision)


def publish(run: Run) -> None:
    """Write the checkpoint in the published layout, with its card."""
    from engine.training.publishing import publish_run

    publish_run(run)


RECIPE: dict[str, Callable[[Run], None]] = {
    "vision": vision, "pool": pool, "svlm": svlm, "decoder": decoder, "stage0": stage0, "stage1": stage1,
    "stage2": stage2, "stage3": stage3, "publish": publish,
}  # fmt: skip
