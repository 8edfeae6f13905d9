"""Questions that one segment, or one run of segments, answers."""

from __future__ import annotations

from engine.training.asking.asked import Asked, Desk
from engine.training.asking.truth import Span, listing, segments
from engine.training.world.language import NUMBERS, agrees, listed, plural, sentence, the
from engine.training.world.palette import SHAPES
from engine.training.world.places import WHERE
from engine.training.world.plan import DOWN, GROWS, LEFT, MOTIONS, RIGHT, SHRINKS, STILL, TURNS, UP, Actor, Caption
from engine.training.world.things import MASS, PLURAL

MOST_SPANS = 3  # that an answer lists
MOVES = {
    STILL: ("stays still", "stay still"), LEFT: ("moves to the left", "move to the left"),
    RIGHT: ("moves to the right", "move to the right"), UP: ("moves up", "move up"), DOWN: ("moves down", "move down"),
    GROWS: ("grows", "grow"), SHRINKS: ("shrinks", "shrink"), TURNS: ("turns", "turn"),
}  # fmt: skip
BACKGROUND = 0.5  # of the questions about colour that have a choice are about the background


def when(desk: Desk) -> Asked | None:
    """When does the dog appear?"""
    truth = desk.truth
    thing = desk.pick([thing for thing, spans in truth.runs_of.items() if len(spans) <= MOST_SPANS])
    if thing is None:
        return None
    name = _called(desk, thing)
    return appearing(desk, "when", thing, desk.phrased("when", x=name), name, truth.runs_of[thing])


def whether(desk: Desk) -> Asked | None:
    """Does the film show a dog? Half of them are not there."""
    truth = desk.truth
    few = [thing for thing, spans in truth.runs_of.items() if len(spans) <= MOST_SPANS]
    if desk.rng.random() < 0.5 or not few:
        thing = desk.absent()
        verb = agrees(thing, "does", "do")
        answer = f"No, the {thing} {verb} not appear."
        return Asked("whether", desk.phrased("whether", x=thing), answer, (thing,), value="no", absent=True)
    thing = desk.pick(few) or ""
    return appearing(desk, "whether", thing, desk.phrased("whether", x=thing), thing, truth.runs_of[thing])


def appearing(desk: Desk, kind: str, thing: str, question: str, name: str, spans: list[Span]) -> Asked:
    """That a thing appears, and when."""
    told = listed([desk.clock.told(span) for span in spans])
    stated = f"the {name} {agrees(thing, 'appears', 'appear')} {told}"
    answer = f"Yes, {stated}." if kind == "whether" else sentence(stated)
    value = "yes" if kind == "whether" else ""
    return Asked(kind, question, answer, (thing,), desk.spans(spans), value, segments=segments(spans))


def caption(desk: Desk) -> Asked | None:
    """When is the text GATE 42 shown?"""
    few = [text for text, spans in desk.truth.texts.items() if len(spans) <= MOST_SPANS]
    text = desk.pick(few)
    if text is None:
        return None
    spans = desk.truth.texts[text]
    answer = f"The text {text} appears {listed([desk.clock.told(span) for span in spans])}."
    return Asked(
        "caption",
        desk.phrased("caption", s=text),
        answer,
        spans=desk.spans(spans),
        segments=segments(spans),
        value=text,
    )


def what(desk: Desk) -> Asked | None:
    """What appears at 12 seconds?"""
    second = desk.second()
    things = desk.truth.things_at(second)
    if not things:
        return None
    at = desk.moment(second)
    many = len(things) > 1 or things[0] in PLURAL
    answer = f"At {at} seconds {listed(the(things))} {'appear' if many else 'appears'}."
    return Asked("what", desk.phrased("what", t=at), answer, things, segments=segments([(second, second + 1)]))


def colour(desk: Desk) -> Asked | None:
    """What colour is the balloon?"""
    actors = [actor for actor in desk.solo() if actor.tint]
    plain = [scene for scene in desk.film.scenes if scene.colour]
    if plain and (not actors or desk.rng.random() < BACKGROUND):
        return _background(desk)
    if not actors:
        return None
    actor = actors[int(desk.rng.integers(len(actors)))]
    answer = f"The {actor.thing} {agrees(actor.thing, 'is', 'are')} {actor.tint}."
    return _of_actor(desk, "colour", actor, desk.phrased("colour", x=actor.thing), answer, actor.tint)


def _background(desk: Desk) -> Asked | None:
    second = desk.second()
    scene, _ = desk.film.at(second)
    if not scene.colour:
        return None
    once = [actor for actor in scene.actors if actor.thing in desk.truth.once]
    answer = f"The background is {scene.colour}."
    if once and desk.rng.random() < 0.6:
        actor = once[int(desk.rng.integers(len(once)))]
        question = desk.phrased("background", x=actor.thing)
        if str(desk.moment(second)) not in question:
            return _of_actor(desk, "colour", actor, question, answer, scene.colour, about="background")
    question = desk.phrased("background", t=desk.moment(second))
    bear = segments([(second, second + 1)])
    return Asked("colour", question, answer, value=scene.colour, segments=bear, about="background")


def count(desk: Desk) -> Asked | None:
    """How many dogs are there?"""
    able = [actor for actor in desk.solo() if actor.thing not in PLURAL and actor.thing not in MASS]
    groups = [actor for actor in able if actor.count > 1]
    chosen = groups if groups and desk.rng.random() < 0.75 else able
    if not chosen:
        return None
    actor = chosen[int(desk.rng.integers(len(chosen)))]
    number = NUMBERS[actor.count]
    answer = f"There is one {actor.thing}." if actor.count == 1 else f"There are {number} {plural(actor.thing)}."
    question = desk.phrased("count", x=actor.thing)
    return _of_actor(desk, "count", actor, question, answer, number, accepted=(str(actor.count),))


def motion(desk: Desk) -> Asked | None:
    """Which way does the dog move?"""
    actors = desk.solo(single=True)
    kinds = sorted({actor.motion for actor in actors}, key=MOTIONS.index)
    if not kinds:
        return None
    wanted = kinds[int(desk.rng.integers(len(kinds)))]
    fitting = [actor for actor in actors if actor.motion == wanted]
    actor = fitting[int(desk.rng.integers(len(fitting)))]
    question = desk.phrased("motion", x=actor.thing)
    return _of_actor(
        desk, "motion", actor, question, f"The {actor.thing} {agrees(actor.thing, *MOVES[wanted])}.", wanted
    )


def text(desk: Desk) -> Asked | None:
    """What does the text say at 12 seconds?"""
    written = desk.pick(list(desk.truth.texts))
    if written is None:
        return None
    start, end = desk.truth.texts[written][0]
    second = int(desk.rng.integers(start, end))
    scene, _ = desk.film.at(second)
    answer = f"The text says {written}."
    whole = [a for a in scene.actors if a.thing in desk.truth.once and scene.caption and _within(a, scene.caption)]
    if whole and desk.rng.random() < 0.5:
        actor = whole[int(desk.rng.integers(len(whole)))]
        return _of_actor(desk, "text", actor, desk.phrased("text", x=actor.thing), answer, written)
    question = desk.phrased("text", t=desk.moment(second))
    return Asked("text", question, answer, value=written, segments=segments([(second, second + 1)]))


def _within(actor: Actor, shown: Caption) -> bool:
    """Whether the text is there all the time that the actor is."""
    return shown.enters <= actor.enters and actor.leaves <= shown.leaves


def where(desk: Desk) -> Asked | None:
    """Where is the dog?"""
    second = desk.second()
    scene, _ = desk.film.at(second)
    if not scene.place:
        return None
    once = [actor for actor in scene.actors if actor.thing in desk.truth.once]
    if once and desk.rng.random() < 0.7:
        actor = once[int(desk.rng.integers(len(once)))]
        question = desk.phrased("where", x=actor.thing)
        answer = f"The {actor.thing} {agrees(actor.thing, 'is', 'are')} {WHERE[scene.place]}."
        return _of_actor(desk, "where", actor, question, answer, scene.place)
    at = desk.moment(second)
    answer = f"At {at} seconds it is {WHERE[scene.place]}."
    bear = segments([(second, second + 1)])
    return Asked("where", desk.phrased("where", t=at), answer, value=scene.place, segments=bear)


def together(desk: Desk) -> Asked | None:
    """What appears together with the dog?"""
    actors = desk.solo()
    crowded = [actor for actor in actors if _company(desk, actor.thing)]
    chosen = crowded if crowded and desk.rng.random() < 0.85 else actors
    if not chosen:
        return None
    actor = chosen[int(desk.rng.integers(len(chosen)))]
    others = _company(desk, actor.thing)
    verb = agrees(actor.thing, "appears", "appear")
    if others:
        many = len(others) > 1 or others[0] in PLURAL
        stated = f"{listed(the(others))} {'appear' if many else 'appears'} with the {actor.thing}"
    else:
        stated = f"the {actor.thing} {verb} alone"
    question = desk.phrased("together", x=actor.thing)
    spans = desk.truth.runs_of[actor.thing]
    return Asked("together", question, sentence(stated), others, segments=segments(spans), about=actor.thing)


def _company(desk: Desk, thing: str) -> tuple[str, ...]:
    (span,) = desk.truth.runs_of[thing]
    return listing(one for second in range(*span) for one in desk.truth.things_at(second) if one != thing)


def _called(desk: Desk, thing: str) -> str:
    """The thing, at times with its colour."""
    actors = desk.truth.cast[thing]
    tints = {actor.tint for actor in actors}
    named = len(tints) == 1 and "" not in tints and (thing in SHAPES or desk.rng.random() < 0.5)
    return f"{actors[0].tint} {thing}" if named else thing


def _of_actor(
    desk: Desk, kind: str, actor: Actor, question: str, answer: str, value: str, *,
    accepted: tuple[str, ...] = (), about: str = "",
) -> Asked:  # fmt: skip
    spans = desk.truth.runs_of[actor.thing]
    bear = segments(spans)
    return Asked(kind, question, answer, (actor.thing,), (), value, accepted, bear, about=about)
