"""Questions that compare or order what lies in different parts of a film."""

from __future__ import annotations

from engine.training.asking.asked import Asked, Desk
from engine.training.asking.truth import segments
from engine.training.world.language import TIMES, agrees, listed, plural, sentence, the
from engine.training.world.palette import NAMED
from engine.training.world.places import WHERE
from engine.training.world.things import MASS, PLURAL

LONGER_BY = 4  # seconds between two that are compared


def often(desk: Desk) -> Asked | None:
    """How often does the dog appear?"""
    runs = {thing: spans for thing, spans in desk.truth.runs_of.items() if len(spans) < len(TIMES)}
    again = [thing for thing, spans in runs.items() if len(spans) > 1]
    thing = desk.pick(again if again and desk.rng.random() < 0.75 else list(runs))
    if thing is None:
        return None
    times = len(runs[thing])
    # First when, one after the other, then how many that makes: a number told at once was too small on long films.
    when = listed([desk.clock.told(span) for span in runs[thing]])
    answer = f"The {thing} {agrees(thing, 'appears', 'appear')} {when}: {TIMES[times]}."
    question = desk.phrased("often", x=thing)
    accepted = (f"{times} times", str(times))
    return Asked("often", question, answer, (thing,), (), TIMES[times], accepted, segments(runs[thing]))


def after(desk: Desk) -> Asked | None:
    """What appears after the dog?"""
    return _neighbour(desk, "after")


def before(desk: Desk) -> Asked | None:
    """What appears before the dog?"""
    return _neighbour(desk, "before")


def _neighbour(desk: Desk, kind: str) -> Asked | None:
    """What stands in the next or previous scene, on the side of the thing that is asked about."""
    film, truth = desk.film, desk.truth
    fitting = []
    for thing in truth.once:
        start, end = truth.runs_of[thing][0]
        edge = end if kind == "after" else start - 1
        if not 0 <= edge < film.seconds or film.scene_of[edge] == film.scene_of[min(start, end - 1)]:
            continue
        if things := truth.things_at(edge):
            fitting.append((thing, edge, things))
    if not fitting:
        return None
    thing, edge, things = fitting[int(desk.rng.integers(len(fitting)))]
    many = len(things) > 1 or things[0] in PLURAL
    stated = f"{kind} the {thing}, {listed(the(things))} {'appear' if many else 'appears'}"
    bear = segments([*truth.runs_of[thing], (edge, edge + 1)])
    return Asked(
        kind,
        desk.phrased(kind, x=thing),
        sentence(stated),
        things,
        segments=bear,
        routed=segments(truth.runs_of[thing]),
        about=thing,
    )


def first(desk: Desk) -> Asked | None:
    """What appears first?"""
    return _end(desk, "first", 0)


def last(desk: Desk) -> Asked | None:
    """What appears last?"""
    return _end(desk, "last", desk.film.seconds - 1)


def _end(desk: Desk, kind: str, second: int) -> Asked | None:
    things = desk.truth.things_at(second)
    if not things:
        return None
    many = len(things) > 1 or things[0] in PLURAL
    answer = sentence(f"{listed(the(things))} {'appear' if many else 'appears'} {kind}")
    everywhere = segments([(0, desk.film.seconds)])  # no segment knows that it is the first, or the last
    bear = segments([(second, second + 1)])
    return Asked(kind, desk.phrased(kind), answer, things, segments=bear, routed=everywhere)


def earlier(desk: Desk) -> Asked | None:
    """Which appears first, the dog or the owl?"""
    starts = {thing: spans[0][0] for thing, spans in desk.truth.runs_of.items()}
    pair = _pair(desk, list(starts), lambda a, b: starts[a] // 2 != starts[b] // 2)
    if pair is None:
        return None
    one = min(pair, key=lambda thing: starts[thing])
    answer = f"The {one} {agrees(one, 'appears', 'appear')} first."
    return _compared(desk, "earlier", pair, one, answer)


def longer(desk: Desk) -> Asked | None:
    """Which is shown longer, the dog or the owl?"""
    length = {thing: sum(end - start for start, end in spans) for thing, spans in desk.truth.runs_of.items()}
    pair = _pair(desk, list(length), lambda a, b: abs(length[a] - length[b]) >= LONGER_BY)
    if pair is None:
        return None
    one = max(pair, key=lambda thing: length[thing])
    answer = f"The {one} {agrees(one, 'is', 'are')} shown longer."
    return _compared(desk, "longer", pair, one, answer)


def more(desk: Desk) -> Asked | None:
    """Are there more dogs or more owls?"""
    count = {a.thing: a.count for a in desk.solo() if a.thing not in PLURAL and a.thing not in MASS}
    pair = _pair(desk, list(count), lambda a, b: count[a] != count[b])
    if pair is None:
        return None
    one = max(pair, key=lambda thing: count[thing])
    return _compared(desk, "more", pair, one, f"There are more {plural(one)}.")


def _pair(desk: Desk, things: list[str], differ: object) -> tuple[str, str] | None:
    for _ in range(20):
        if len(things) < 2:
            return None
        one, other = (things[int(place)] for place in desk.rng.choice(len(things), 2, replace=False))
        if differ(one, other):  # type: ignore[operator]
            return one, other
    return None


def _compared(desk: Desk, kind: str, pair: tuple[str, str], one: str, answer: str) -> Asked:
    spans = [span for thing in pair for span in desk.truth.runs_of[thing]]
    question = desk.phrased(kind, x=pair[0], y=pair[1])
    return Asked(kind, question, answer, (one,), segments=segments(spans), about=next(n for n in pair if n != one))


def summary(desk: Desk) -> Asked | None:
    """What happens in this film?"""
    settings = desk.truth.settings
    told = ", then ".join(f"in front of {one}" if one in NAMED else WHERE[one] for one in settings)
    return Asked(
        "summary",
        desk.phrased("summary"),
        f"The film takes place {told}.",
        accepted=settings,
        segments=segments([(0, desk.film.seconds)]),
        ordered=True,
    )
