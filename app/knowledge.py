"""The bundled model's own list of what it knows, and the questions to suggest, read from assets/. No Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

ASSETS = Path(__file__).resolve().parent.parent / "assets"
SAMPLE = ASSETS / "sample.mp4"
MODEL = ASSETS / "models" / "nano"

OTHERS = {"colours": "a colour", "places": "a place", "words": "a word on screen"}
GENERAL_QUESTIONS = (
    "What happens in this film?",
    "What appears first, and when?",
    "When does the scene change?",
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the bundled model can name."""

    things: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    summary: str = ""
    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()  # names of what is no thing, each with what it is: "beach", "a place"
    asking: frozenset[str] = frozenset()  # words of its questions that name nothing

    @property
    def besides(self) -> frozenset[str]:
        """Words that name no thing and are known all the same."""
        return self.asking | {name.lower() for name, _ in self.others}


def read_knowledge(folder: Path = MODEL) -> Knowledge:
    """Read `knows.json` beside the model; empty, with a word in the log, where it is not."""
    found = _read(folder / "knows.json")

    def listed(name: str) -> tuple[str, ...]:
        return tuple(map(str, found.get(name, ())))

    return Knowledge(
        things=listed("things"),
        questions=listed("questions"),
        summary=str(found.get("summary", "")),
        can=listed("can"),
        cannot=listed("cannot"),
        others=tuple((name, kind) for kinds, kind in OTHERS.items() for name in listed(kinds)),
        asking=frozenset(listed("asking")),
    )


def sample_questions(sample: Path = SAMPLE) -> tuple[str, ...]:
    """The questions that come with the sample film."""
    return tuple(map(str, _read(sample.with_suffix(".json")).get("questions", ())))


def suggestions(path: Path | None, *, knowledge: Knowledge, sample: Path = SAMPLE) -> tuple[str, ...]:
    """Questions to offer about a film; without a film, those about the sample. Asks no disk whether two names are one
    film: on the window's thread a drive that hangs would hold it up."""
    if path is None or path.absolute() == sample.absolute():
        return sample_questions(sample)
    return knowledge.questions[:3] or GENERAL_QUESTIONS


def _read(path: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        log.warning("%s cannot be read: %s", path.name, error)
        return {}
    return found if isinstance(found, dict) else {}
