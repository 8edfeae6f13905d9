"""The model card, written from the run's own numbers: its log, its environment, its checkpoint, its evaluations.

Evaluations lie in the run's folder as `results/*.md`, where `python -m engine.evaluation ... --report` puts them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from engine.training.asking.kinds import KINDS
from engine.training.progress import rows
from engine.training.stages import STAGES
from engine.training.world.lettering import WORDS
from engine.training.world.palette import NAMED
from engine.training.world.places import PLACES
from engine.training.world.styles import FONTS, STYLES
from engine.training.world.things import ALL_THINGS

HEAD = """# {name}

A small Tempo (Qwen3-VL compressor, memory tokens, linear projector, Qwen3 decoder): {parameters:.1f} million parameters
in bf16, {memory} memory tokens a segment, segments of 4 frames at two frames a second, pictures of 160x96. Trained from
nothing by `python -m engine.training all` on films that this project draws.

## What it knows

{things} things, {colours} colours, {places} places and {words} words of text on screen (`knows.json` lists them), in
films of scenes in which up to four things stand, move, grow, shrink or turn. It is asked in English, {kinds} kinds of
question: {listed}. About anything else, and about every real film, what it says is worth nothing, and the program says
so.
"""

DEPARTURES = """## Where the recipe departs from the published one

- Memory is dealt out while it learns (`keeping.py`): over the steps of stages 1 to 3 segments keep what the router
  grants them in {routed:.0%}, everything in {whole:.0%}, heads of random length in {heads:.0%}. The published training
  keeps everything. That heads serve better than tails, and shares by relevance better than shares by chance, is
  therefore in part learned.
- No base models exist: the small VLM and the decoder are schooled first. The small VLM also learns to note key words
  that a question wants, in turn Yes or No and what is there, behind eight places; memory tokens start as these places
  (the published ones start from a normal). The decoder is schooled on such notes: they say which segments bear on the
  question. The four stages see no such labels.
- The decoder's first four layers do not learn: they are built to tell where relevance begins and ends, and at what
  time (`binding.py`), from what the projector is set to write about each memory token; it learns in stage 0 alone.
- An answer says each thing, colour and place once at most (`once_token_ids` in `generation_config.json`): in this world
  none says one twice. The published decoding has no such rule.
- Names start opposite to their pictures, numbers opposite to the same numbers in time stamps (`seeing.link_words`).
"""
HISTORY = "history.md"  # what the log does not tell, written by whoever made the run


def write_card(run: Path, target: Path, latest: str) -> None:
    """`README.md` beside the checkpoint of stage `latest`."""
    record = json.loads((run / "run.json").read_text())
    weights = target / "model.safetensors"
    head = HEAD.format(
        name=record["preset"]["name"],
        parameters=weights.stat().st_size / 2e6,
        memory=record["preset"]["shape"]["memory_tokens"],
        things=len(ALL_THINGS),
        colours=len(NAMED),
        places=len(PLACES),
        words=len(WORDS),
        kinds=len(KINDS),
        listed=", ".join(KINDS),
    )
    made = [_steps(run), _unfinished(latest), _history(run), _made(run, record, weights)]
    departures = DEPARTURES.format(**kept_while_learning(record["preset"]["stages"][1:]))
    parts = [head, _results(run), departures, *made, _pictures(run)]
    (target / "README.md").write_text("\n".join(part for part in parts if part))


def _results(run: Path) -> str:
    found = sorted((run / "results").glob("*.md"))
    if not found:
        return "## How often it is right\n\nNot measured yet: `python -m engine.evaluation world --model FOLDER`.\n"
    return "## How often it is right\n\n" + "\n".join(path.read_text().strip() + "\n" for path in found)


def _steps(run: Path) -> str:
    """A line for each step of the recipe, from the log."""
    found = rows(run)
    names = list(dict.fromkeys(str(row["stage"]) for row in found))
    lines = ["## How it was made", "", "| step | steps | minutes | loss | loss, validation | right, validation |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    total = 0.0
    for name in names:
        own = [row for row in found if row["stage"] == name]
        trained = [row for row in own if not row.get("validation")]
        checks = [row for row in own if row.get("validation")]
        seconds = max(float(str(row["seconds"])) for row in own)
        total += seconds
        lines.append(
            f"| {name} | {trained[-1]['step'] if trained else '-'} | {seconds / 60:.1f} | {_last(trained, 'loss')} "
            f"| {_last(checks, 'loss')} | {_last(checks, 'right')} |"
        )
    lines.append(
        f"\n{total / 3600:.2f} hours of training in all; `curves.svg` and `curves/*.csv` of the run show them."
    )
    return "\n".join(lines) + "\n"


def _unfinished(latest: str) -> str:
    """Which stages these weights have not been through."""
    left = STAGES[STAGES.index(latest) + 1 :]
    return f"These weights are those of {latest}; still to come: {', '.join(left)}.\n" if left else ""


def _last(found: list[dict[str, object]], key: str) -> str:
    values = [row[key] for row in found if key in row]
    return f"{float(str(values[-1])):.3f}" if values else "-"


def _history(run: Path) -> str:
    path = run / HISTORY
    return f"### What the log does not tell\n\n{path.read_text().strip()}\n" if path.exists() else ""


def _made(run: Path, record: dict[str, Any], weights: Path) -> str:
    began = json.loads((run / "environment.json").read_text())
    last = began[-1]
    packages = ", ".join(f"{name} {number}" for name, number in last["packages"].items())
    machines = dict.fromkeys(f"{one['cores']} cores {one['processor'] or one['system']}" for one in began)
    return (
        f"Seed {record['seed']}; begun {len(began)} times, first on {began[0]['began']}, on {'; '.join(machines)}. "
        f"The last time: {last['threads']} threads, Python {last['python']}, {packages}; source {last['source']}.\n"
        f"\nSHA-256 of `model.safetensors`: `{_digest(weights)}`\n"
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept_while_learning(stages: list[dict[str, Any]]) -> dict[str, float]:
    """Shares of the steps of stages, as recorded, by what segments kept."""
    steps = sum(stage["pace"]["steps"] for stage in stages)
    found = {"routed": 0.0, "whole": 0.0}
    for stage in stages:
        for mix in stage["mixes"]:
            share = stage["pace"]["steps"] / steps / len(stage["mixes"])
            found["routed"] += share * mix["keeping"]["as_scored"]
            found["whole"] += share * mix["keeping"]["whole"]
    return {**found, "heads": 1 - found["routed"] - found["whole"]}


def _pictures(run: Path) -> str:
    """Of what the run found on its machines; what is kept for the test is named in any case."""
    known = json.loads((run / "environment.json").read_text())[-1]
    lines = ["## Whose pictures", "", "- Google (Noto Color Emoji, SIL OFL 1.1)"]
    for style in STYLES:
        if not style.held_out and style.name not in known["artists"]:
            continue
        kept = ", never seen in training" if style.held_out else ""
        lines.append(f"- {style.package.by} ({style.name}, {style.package.licence}{kept})")
    fonts = dict.fromkeys(font.package.by for font in FONTS if font.held_out or font.name in known["fonts"])
    lines.append("\nText in the program's own fonts and those of " + ", ".join(fonts) + " (SIL OFL 1.1).")
    return "\n".join(lines) + "\n"
