"""What the small VLM and the decoder are taught apart from films: questions about one segment, and notes to read.

`draft_lessons(rng, pool, task, ...)` gives a batch for the small VLM, `draft_notes(...)` one for the decoder, in which
words stand for a segment's memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from engine.training.architecture import ASSISTANT_SYSTEM, CAPTION_QUERY, COMPRESSOR_SYSTEM, ROUTER_SENTENCE
from engine.training.asking.asked import Asked
from engine.training.asking.kinds import UNLETTERED, ask, ask_kind, desk_for
from engine.training.asking.telling import describe
from engine.training.asking.truth import Clock, listing
from engine.training.batches import Lessons, Note, Notes
from engine.training.clips import Clip
from engine.training.drawn import Draft, bears, draft_film
from engine.training.keeping import MOSTLY, Keeping
from engine.training.pool import Pool
from engine.training.prompts import Reply, Vocabulary
from engine.training.world.language import NUMBERS, plural
from engine.training.world.palette import NAMED
from engine.training.world.places import WHERE
from engine.training.world.plan import Film
from engine.training.world.things import ALL_THINGS

# What the small VLM is asked, step by step; "clock" and "moment" are checklist and relevance about times alone, "note"
# wants key words about what a segment holds.
TURNS = ("caption", "short", "check", "relevance", "moment", "caption", "short", "clock", "relevance", "moment")
# Times are matched soon; what there is to see wants to be told often.
LATER = (
    "note", "relevance", "note", "note", "caption", "note", "moment", "note", "relevance", "note", "note", "short",
    "note", "check",
)  # fmt: skip
# Behind these words the small VLM notes key words, in turn Yes or No and what is there; memory tokens start as them.
NOTED = ("\n", " first", "\n", " second", "\n", " then", "\n", " last")
AT_ONCE = 0.5  # of the first tokens tell the first fact instead of Yes or No: one that is to tell both is near to both
ALL_TOLD = "alone"  # behind the last of what is there, where there is room: how many there are is not to be counted
OF_A_SECOND = ("what", "first", "last", "after", "before")  # these ask what is on screen at one second of a segment
NAMES_FIRST = 100  # steps before relevance is asked: finding a named thing comes before judging
SHORT = ("what", "whether", "colour", "count", "motion", "text", "where", "together", "absent")
ROUTED = 0.5  # of the notes are written where relevance is judged first
LETTERED = 0.08  # of the batches about relevance ask with letters
PLACES_A_FILM = 4  # segments taken of each film
RELEVANT, IRRELEVANT = (0.6, 1.0), (0.0, 0.2)  # scores
BLENDED = 4  # words a token of a note holds, at most
WRONG_MARK, WRONG_WORD = 0.01, 0.02  # of the notes: the small VLM will err too


def draft_lessons(rng: np.random.Generator, pool: Pool, task: str, *, segments: int, asks: int) -> Lessons:
    """Single segments under the times of their film, with one task for all."""
    clips, asked = [], []
    shares = {"choice": 1.0} if rng.random() < LETTERED else UNLETTERED
    for _ in range(max(1, segments // PLACES_A_FILM)):
        draft = draft_film(rng, pool, segments=int(rng.choice((8, 16, 32))))
        for place in rng.choice(len(draft.clip), PLACES_A_FILM, replace=False).tolist():
            if task == "relevance":
                asked += [_relevance(rng, draft, place, shares) for _ in range(asks)]
            elif task == "note":
                asked += [_noted(rng, draft, place, shares) for _ in range(asks)]
            else:
                asked += [_lesson(rng, draft, task, place) for _ in range(asks)]
            clips.append(draft.clip.part(place, place + 1))
    return Lessons(tuple(clips), tuple(asked), asks, _system(rng, task), task)


def _system(rng: np.random.Generator, task: str) -> str:
    if task in ("relevance", "moment"):
        return COMPRESSOR_SYSTEM + ROUTER_SENTENCE
    if task == "note":
        return COMPRESSOR_SYSTEM + (ROUTER_SENTENCE if rng.random() < ROUTED else "")
    return ASSISTANT_SYSTEM


def _lesson(rng: np.random.Generator, draft: Draft, task: str, place: int) -> tuple[str, Reply]:
    part = draft.film.part(2 * place, 2 * place + 2)
    if task == "caption":
        return CAPTION_QUERY, [("", f"{describe(part)}<|im_end|>")]
    if task == "short":
        clock = Clock((draft.clip.centre_times[place],), draft.clock.offset + 2 * place)
        desk = desk_for(rng, part, clock)
        kind = str(rng.choice(SHORT))
        asked = ask_kind(desk, kind) or ask(desk, {"whether": 1.0, "what": 1.0})
        return asked.question, [("", f"{asked.answer}<|im_end|>")]
    if task == "moment":
        return _moment(rng, draft, place)
    if task == "clock" or rng.random() < 0.2:
        return "Which of these appear?", _times(rng, draft, place)
    return "Which of these appear?", _names(rng, part)


def _relevance(rng: np.random.Generator, draft: Draft, place: int, shares: Mapping[str, float]) -> tuple[str, Reply]:
    asked = _halved(rng, draft, place, shares)
    return asked.question, [("", "Yes" if bears(asked, place) else "No")]


def _noted(rng: np.random.Generator, draft: Draft, place: int, shares: Mapping[str, float]) -> tuple[str, Reply]:
    """Key words, each behind a word of `NOTED` and none of them seen by the next: as memory will be written."""
    asked = _halved(rng, draft, place, shares)
    noted = key_words(draft.film, asked, place, len(NOTED))
    if rng.random() < AT_ONCE:
        noted[0] = noted[1]
    return asked.question, list(zip(NOTED, noted, strict=True))


def key_words(film: Film, asked: Asked, place: int, count: int) -> list[str]:
    """What a segment should say at each of `count` places: Yes or No, and what is there that the question wants."""
    said = "Yes" if bears(asked, place) else "No"
    told = facts(film, asked, place)
    return [f" {told[number // 2 % len(told)]}" if number % 2 else said for number in range(count)]


def _halved(rng: np.random.Generator, draft: Draft, place: int, shares: Mapping[str, float]) -> Asked:
    """A question that the segment bears on, or does not, half and half as far as it goes."""
    desk, wanted = draft.desk(rng), bool(rng.integers(2))
    asked = ask(desk, shares)
    for _ in range(12):
        if bears(asked, place) == wanted:
            break
        asked = ask(desk, shares)
    return asked


def _moment(rng: np.random.Generator, draft: Draft, place: int) -> tuple[str, Reply]:
    """A question about a second: this segment's, one near it, or any of the film."""
    start, relevant = draft.clock.offset + 2 * place, bool(rng.integers(2))
    at = start + int(rng.integers(2))
    if not relevant:
        near = start + int(rng.choice([-6, -5, -4, -3, -2, -1, 2, 3, 4, 5, 6, 7]))
        anywhere = draft.clock.offset + int(rng.integers(draft.film.seconds))
        at = near if near >= 0 and (rng.random() < 0.6 or anywhere // 2 == start // 2) else anywhere
    desk = draft.desk(rng)
    question = desk.phrased(str(rng.choice(("what", "what", "text", "background", "where"))), t=at)
    return question, [("", "Yes" if start <= at < start + 2 else "No")]


def _names(rng: np.random.Generator, part: Film) -> Reply:
    """Names, colours, settings and words, each judged Yes or No where it stands."""
    things = (actor.thing for second in range(part.seconds) for actor in part.actors_at(second))
    shown = list(dict.fromkeys((*things, *(scene.setting for scene in part.scenes))))
    others = rng.choice([*ALL_THINGS, *[*NAMED, *WHERE] * 2], 6, replace=False).tolist()
    words = rng.permutation([*shown, *(word for word in others if word not in shown)])
    return [(f" {word}", "Yes" if word in shown else "No") for word in words.tolist()]


def _times(rng: np.random.Generator, draft: Draft, place: int) -> Reply:
    """Times, each judged Yes or No where it stands."""
    start = draft.clock.offset + 2 * place
    near = start + rng.integers(-7, 9, 5)
    elsewhere = draft.clock.offset + int(rng.integers(draft.film.seconds))
    times = rng.permutation([start, start + 1, *near[near >= 0], elsewhere]).tolist()
    return [(f" {time} seconds", "Yes" if start <= time < start + 2 else "No") for time in times]


def draft_notes(
    rng: np.random.Generator, pool: Pool, words: Vocabulary, *, segments: int, films: int, tokens: int,
    shares: Mapping[str, float], keeping: Keeping = MOSTLY,
) -> Notes:  # fmt: skip
    """Films as the decoder will meet them, but with words in the place of memory."""
    clips: list[Clip] = []
    notes, replies, kinds = [], [], []
    for _ in range(films):
        draft = draft_film(rng, pool, segments=segments)
        asked = ask(draft.desk(rng), shares)
        scores = [
            (rng.uniform(0.6, 1.0) if bears(asked, place) else rng.uniform(0.0, 0.2)) for place in range(segments)
        ]
        blended = max(0.0, rng.uniform(-0.5, 1.0))
        kept = keeping.shares(rng, scores, tokens)
        notes.append(
            tuple(note(rng, words, draft.film, asked, place, tokens, blended)[:n] for place, n in enumerate(kept))
        )
        clips.append(draft.clip)
        replies.append((asked.question, asked.answer))
        kinds.append(asked.kind)
    return Notes(tuple(clips), tuple(notes), tuple(replies), tuple(kinds))


def note(
    rng: np.random.Generator, words: Vocabulary, film: Film, asked: Asked, place: int, tokens: int, blended: float
) -> Note:
    """What the small VLM might write at a segment's memory: Yes or No and facts that bear on the question, in turn.

    A fact's token holds the others as well, `blended` times as much of each, and so does the first one: a hidden state
    before a name is close to all names that may come next."""
    said = "Yes" if bears(asked, place) != (rng.random() < WRONG_MARK) else "No"
    told = facts(film, asked, place)
    told = [word if rng.random() > WRONG_WORD else str(rng.choice(ALL_THINGS)) for word in told]
    mark = (words.encode(said)[0], 1.0)
    ids = [words.encode(f" {word}")[0] for word in told[:BLENDED]]
    tokens_of = []
    for number in range(tokens):
        own = words.encode(f" {told[number // 2 % len(told)]}")[0]
        first = mark if number % 2 == 0 else (own, 1.0)
        others = ids if number == 0 else [one for one in ids if one != own] if number % 2 else []
        tokens_of.append((first, *((one, blended) for one in others if blended)))
    return tuple(tokens_of)


def _mentions(question: str, name: str) -> bool:
    return bool(re.search(rf"\b(?:{re.escape(name)}|{re.escape(plural(name))})\b", question, re.I))


def facts(film: Film, asked: Asked, place: int) -> list[str]:
    """Words about a segment, those that the question wants first; things in the order in which answers list them.

    Told in any order, each word stood for all of them, and a decoder had to sort what it read: of lists of three things
    half were not whole after the four stages."""
    part = film.part(2 * place, 2 * place + 2)
    kind = asked.about if asked.kind in ("choice", "absent") and asked.about else asked.kind
    actors = list({actor.thing: actor for second in range(part.seconds) for actor in part.actors_at(second)}.values())
    text = next((text for second in range(part.seconds) if (text := part.text_at(second))), "")
    names = [actor.thing for actor in actors]
    asked_about = {asked.about, *(name for name in names if _mentions(asked.question, name))}
    about = [actor for actor in actors if actor.thing in {*asked.names, *asked_about}]
    setting = part.scenes[-1].setting
    if kind in ("text", "caption"):
        return text.split() or [setting]
    if kind in ("colour", "background"):
        return [*(actor.tint for actor in about if actor.tint), setting]
    if kind == "summary":
        return [setting]
    if kind == "where":
        return [setting, *names]
    if kind in ("count", "more"):
        return [word for actor in about for word in (actor.thing, NUMBERS[actor.count])] or names or [setting]
    if kind == "motion":
        return [actor.motion for actor in about] or names or [setting]
    if kind in OF_A_SECOND and place in asked.segments and asked.names and set(asked.names) <= set(names):
        return [*listing(asked.names), ALL_TOLD]  # not what is on screen a second later
    last = kind == "together"  # as its answer has it: "The owl appears with the dog"
    return [*sorted(listing(names), key=lambda name: (name in asked_about) == last), ALL_TOLD] if names else [setting]
