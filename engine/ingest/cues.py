"""Subtitles as text in any of the common formats in, lines to show and when out, free of the format's own marks.

pysubs2 reads the formats. What is kept is what readers need: italics, bold and underlined words, and where a line
stands if it does not stand at the bottom. What only decorates (fonts, colours, drawings, karaoke) is left out.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pysubs2 import SSAEvent, SSAFile

BOTTOM, MIDDLE, TOP = "bottom", "middle", "top"

_ALIGNED = re.compile(r"\\an([1-9])")
_ALIGNED_LEGACY = re.compile(r"\\a(\d+)")
_MOVED = re.compile(r"\\(?:pos|move|org|clip|iclip)\s*\(")
_TIMED_TAG = re.compile(r"<\d[\d:.]*>")  # karaoke in WebVTT
_VTT_LINE = re.compile(r"\bline:(-?\d+(?:\.\d+)?)(%?)")
_VTT_ROWS = 16  # lines a WebVTT picture has where a cue counts them


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style."""

    text: str
    italic: bool = False
    bold: bool = False
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """What is read on the picture from one moment to another."""

    start_seconds: float
    end_seconds: float
    lines: tuple[tuple[Run, ...], ...]
    place: str = BOTTOM

    @property
    def text(self) -> str:
        """Its words without style."""
        return "\n".join("".join(run.text for run in line) for line in self.lines)


def cues_of_text(text: str, *, kind: str) -> tuple[Cue, ...]:
    """All cues of a file's text, in order of time. `kind`: srt, vtt, ass or ssa. Raises `ValueError` if it is none."""
    import pysubs2

    if kind == "vtt":
        text = _plain_vtt(text)
    try:
        return cues_of(pysubs2.SSAFile.from_string(text, format_=kind), entities=kind == "vtt")
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise ValueError(f"no {kind} subtitles: {error}") from error


def cues_of(subtitles: SSAFile, *, entities: bool = False) -> tuple[Cue, ...]:
    """The readable cues of what pysubs2 read, in order of time."""
    made = (_cue(event, subtitles, entities=entities) for event in subtitles.events)
    return tuple(sorted((cue for cue in made if cue is not None), key=lambda cue: (cue.start_seconds, cue.end_seconds)))


def _cue(event: SSAEvent, subtitles: SSAFile, *, entities: bool) -> Cue | None:
    """None for comments, drawings, signs that only make sense at their own place, and what nobody can see."""
    from pysubs2 import SSAStyle
    from pysubs2.formats.substation import parse_tags

    if event.is_comment or event.end <= event.start or _MOVED.search(event.text):
        return None
    style = subtitles.styles.get(event.style, SSAStyle.DEFAULT_STYLE)
    text = event.text.replace("\\h", " ").replace("\\n", " ")
    runs = [
        Run(html.unescape(words) if entities else words, styled.italic, styled.bold, styled.underline)
        for words, styled in parse_tags(text, style, subtitles.styles, skip_empty_fragments=True)
        if not styled.drawing
    ]
    lines = _lines(runs)
    if not lines:
        return None
    return Cue(max(event.start / 1000, 0.0), event.end / 1000, lines, _place(event.text, int(style.alignment)))


def _lines(runs: list[Run]) -> tuple[tuple[Run, ...], ...]:
    """Cut at line breaks; empty lines and outer spaces go."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\\N")
        lines[-1].append(Run(first, run.italic, run.bold, run.underlined))
        lines.extend([Run(part, run.italic, run.bold, run.underlined)] for part in others)
    return tuple(line for line in map(_trimmed, lines) if line)


def _trimmed(line: list[Run]) -> tuple[Run, ...]:
    joined = [
        Run("".join(run.text for run in same), *style)
        for style, same in groupby(line, key=lambda run: (run.italic, run.bold, run.underlined))
    ]
    if not "".join(run.text for run in joined).strip():
        return ()
    texts = [run.text for run in joined]
    while not texts[0].strip():
        texts.pop(0), joined.pop(0)
    while not texts[-1].strip():
        texts.pop(), joined.pop()
    texts[0] = texts[0].lstrip()
    texts[-1] = texts[-1].rstrip()
    return tuple(
        Run(text, run.italic, run.bold, run.underlined) for text, run in zip(texts, joined, strict=True) if text
    )


def _place(text: str, alignment: int) -> str:
    """Bottom, middle or top, from the last mark in the text, else from its style."""
    if marks := _ALIGNED.findall(text):
        alignment = int(marks[0])
    elif marks := _ALIGNED_LEGACY.findall(text):  # 1-3 bottom, 5-7 top, 9-11 middle
        legacy = int(marks[0])
        alignment = 8 if 5 <= legacy <= 7 else 5 if 9 <= legacy <= 11 else 2
    return (BOTTOM, MIDDLE, TOP)[min(max(alignment - 1, 0) // 3, 2)]


def _plain_vtt(text: str) -> str:
    """Without notes, styles and names of cues, which pysubs2 would read out; cues near the top are marked so."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = ["WEBVTT"]
    for block in blocks:
        _, arrow, _ = block.partition("-->")
        lines = block.split("\n")
        if arrow and not block.startswith(("NOTE", "STYLE", "REGION")):
            place = next(number for number, line in enumerate(lines) if "-->" in line)
            words = _TIMED_TAG.sub("", "\n".join(lines[place + 1 :]))  # pysubs2 would take them for times of a cue
            kept.append(f"{lines[place]}\n{_vtt_mark(lines[place])}{words}")
    return "\n\n".join(kept) + "\n"


def _vtt_mark(timing: str) -> str:
    found = _VTT_LINE.search(timing)
    if found is None:
        return ""
    line = float(found[1])
    share = line / 100 if found[2] else line / _VTT_ROWS
    return "{\\an8}" if 0 <= share < 0.5 else ""
