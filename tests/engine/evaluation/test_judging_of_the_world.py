"""What the judge lets pass and what it does not, for every kind of question."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.judging import Grid, right, things
from engine.training.asking.asked import Asked
from engine.training.asking.kinds import BUILDERS, KINDS, ask_kind, desk_for
from engine.training.asking.special import NOT_MY_WORLD
from engine.training.asking.truth import Clock
from engine.training.clips import sample_times, timed
from engine.training.world.combination import TEST
from engine.training.world.composing import sample_film
from engine.training.world.styles import NOTO

GRID = Grid([2.0 * n + 1 for n in range(16)], [2.0 * n for n in range(16)], 32.0)


def sampled(segments, frame_rate):
    """The grid of a real film: samples drift behind the clock in its course."""
    times = sample_times(segments, frame_rate=frame_rate)
    stamps = timed(times, np.zeros(2 * segments)).centre_times
    return Grid([float(stamp) for stamp in stamps], times[::4].tolist(), float(times[-1]))


WHEN = Asked("when", "", "", ("dog",), ((4.0, 8.0),))
TWICE = Asked("when", "", "", ("dog",), ((4.0, 8.0), (20.0, 22.0)))
GONE = Asked("absent", "", "", ("dog",), absent=True)
NO = Asked("whether", "", "", ("dog",), value="no", absent=True)
YES = Asked("whether", "", "", ("dog",), ((4.0, 8.0),), "yes")
WHAT = Asked("what", "", "", ("dog", "owl"))
ALONE = Asked("together", "", "", (), about="dog")
AFTER = Asked("after", "", "", ("owl",), about="dog")
COLOUR = Asked("colour", "", "", ("balloon",), value="red")
COUNT = Asked("count", "", "", ("mouse",), value="three")
ONE = Asked("count", "", "", ("owl",), value="one")
ORANGE = Asked("what", "", "", ("balloon",))
EARLIER = Asked("earlier", "", "", ("dog",), about="owl")
OFTEN = Asked("often", "", "", ("dog",), value="twice")
MOTION = Asked("motion", "", "", ("dog",), value="left")
STILL = Asked("motion", "", "", ("dog",), value="still")
TEXT = Asked("text", "", "", value="GATE 42")
CAPTION = Asked("caption", "", "", spans=((4.0, 8.0),), value="14")
WHERE = Asked("where", "", "", ("dog",), value="mountains")
CHOICE = Asked("choice", "", "", value="B", accepted=("the dog and the owl",))
MORE = Asked("more", "", "", ("dog",), about="owl")
STORY = Asked("summary", "", "", ("dog",), accepted=("beach", "orange", "mountains"), ordered=True)
FRUIT = Asked("summary", "", "", ("orange", "mountain"), accepted=("beach", "mountains"), ordered=True)
UNKNOWN = Asked("unknown", "", "", absent=True, unknown=True)

RIGHT = [
    (WHEN, "The dog appears from 5.0 to 7.0 seconds."),
    (WHEN, "From 0:04 to 0:08."),
    (WHEN, "It is there between 4 and 8 seconds."),
    (WHEN, "The dogs appear from 5.0 to 9.0 seconds."),
    (WHEN, "The orange dog appears from 5.0 to 7.0 seconds."),
    (TWICE, "At 21.0 seconds and from 5.0 to 7.0 seconds."),
    (GONE, "The dog does not appear."),
    (GONE, "There is no dog in the film."),
    (GONE, "The orange dog does not appear."),
    (GONE, "The dog is never shown."),
    (GONE, "There are no dogs."),
    (NO, "No."),
    (NO, "No, the dog does not appear."),
    (YES, "Yes."),
    (YES, "Yes, the dog appears at 3.0 seconds."),
    (WHAT, "The owl and the dog."),
    (WHAT, "At 12 seconds the dog and two owls appear."),
    (ORANGE, "At 12 seconds the orange balloon appears."),
    (ALONE, "The dog appears alone."),
    (AFTER, "After the dog, the owl appears."),
    (AFTER, "An owl."),
    (COLOUR, "Red."),
    (COLOUR, "The balloon is red."),
    (COUNT, "3"),
    (COUNT, "There are three mice."),
    (ONE, "There is an owl."),
    (OFTEN, "2 times."),
    (OFTEN, "The dog appears twice."),
    (OFTEN, "The dog appears at 3.0 seconds and from 1.0 to 2.0 seconds: twice."),
    (MOTION, "It moves to the left."),
    (STILL, "The dog does not move."),
    (TEXT, "The text says GATE 42."),
    (TEXT, "GATE 42"),
    (CAPTION, "The text 14 appears from 5.0 to 7.0 seconds."),
    (WHERE, "In the mountains."),
    (CHOICE, "B"),
    (CHOICE, "B."),
    (CHOICE, "(B) the dog and the owl"),
    (CHOICE, "The dog and the owl."),
    (MORE, "There are more dogs."),
    (MORE, "There are more dogs than owls."),
    (EARLIER, "The dog appears before the owl."),
    (FRUIT, "The film begins at the beach with the orange and ends in the mountains with the mountain."),
    (STORY, "The film begins at the beach with the dog, goes on in front of orange, and ends in the mountains."),
    (UNKNOWN, NOT_MY_WORLD),
    (UNKNOWN, "A submarine is not in my world."),
]
WRONG = [
    (WHEN, "The orange appears from 5.0 to 7.0 seconds."),
    (WHEN, "The dog appears from 5.0 to 13.0 seconds."),
    (WHEN, "The dog appears."),
    (WHEN, "The owl appears from 5.0 to 7.0 seconds."),
    (WHEN, "From 5.0 to 7.0 seconds and at 21.0 seconds."),
    (WHEN, "The dog does not appear."),
    (WHEN, NOT_MY_WORLD),
    (WHEN, ""),
    (WHEN, "The dog appears from 5.0 to 77.0 seconds."),
    (TWICE, "The dog appears from 5.0 to 7.0 seconds."),
    (GONE, "The dog appears at 3.0 seconds."),
    (GONE, "The owl does not appear."),
    (GONE, "Yes."),
    (GONE, ""),
    (GONE, "The dog does not appear at 3.0 seconds."),
    (GONE, "No, the dog appears twice."),
    (NO, "Yes, the dog appears."),
    (YES, "No, the dog does not appear."),
    (YES, "The dog appears."),
    (YES, "Yes, the owl appears."),
    (WHAT, "The dog."),
    (WHAT, "The dog, the owl and the cat."),
    (WHAT, "The dog and the owl do not appear."),
    (ALONE, "The owl appears with the dog."),
    (ALONE, "The dog."),
    (AFTER, "The dog."),
    (AFTER, "After the owl, the dog appears."),
    (AFTER, "The owl and the cat."),
    (COLOUR, "The balloon is red and blue."),
    (COLOUR, "The kite is red."),
    (COLOUR, "It is not red."),
    (COUNT, "There are four mice."),
    (COUNT, "There are three or four mice."),
    (COUNT, "There are three owls."),
    (COUNT, "Mice."),
    (ONE, "The dog is in a meadow."),
    (OFTEN, "Once."),
    (OFTEN, "Once or twice."),
    (OFTEN, "The owl appears twice."),
    (OFTEN, "The dog appears at 3.0 seconds and at 2.0 seconds: three times."),
    (MOTION, "It moves to the right."),
    (MOTION, "It moves left and right."),
    (MOTION, "The owl moves to the left."),
    (STILL, "It moves up."),
    (TEXT, "The text says GATE 24."),
    (TEXT, "GATE"),
    (TEXT, "The text says 42 GATE."),
    (TEXT, "The text says GATE 42 OPEN."),
    (CAPTION, "The text 14 appears at 21.0 seconds."),
    (CAPTION, "The text 15 appears from 5.0 to 7.0 seconds."),
    (CAPTION, "The text EXIT 14 appears from 5.0 to 7.0 seconds."),
    (WHERE, "The dog is not in the mountains."),
    (WHERE, "The dog is at the beach."),
    (WHERE, "In the mountains or at the beach."),
    (CHOICE, "A"),
    (CHOICE, "A or B"),
    (CHOICE, "The dog."),
    (MORE, "There are more owls."),
    (MORE, "There are more dogs and owls."),
    (MORE, "The dog does not appear."),
    (EARLIER, "The dog does not appear."),
    (FRUIT, "The film begins at the beach and ends in the mountains with the mountain."),
    (STORY, "The film begins at the beach with the dog, and ends in the mountains."),
    (STORY, "The film begins in the mountains, goes on in front of orange, and ends at the beach with the dog."),
    (STORY, "The film begins at the beach with the owl, goes on in front of orange, and ends in the mountains."),
    (UNKNOWN, "The submarine does not appear."),
    (UNKNOWN, "At 3.0 seconds."),
]


@pytest.mark.parametrize(("asked", "text"), RIGHT, ids=[f"{a.kind}: {t}" for a, t in RIGHT])
def test_right(asked, text):
    assert right(asked, text, GRID)


@pytest.mark.parametrize(("asked", "text"), WRONG, ids=[f"{a.kind}: {t}" for a, t in WRONG])
def test_wrong(asked, text):
    assert not right(asked, text, GRID)


def test_every_kind_is_judged_right_and_wrong():
    for table in (RIGHT, WRONG):
        kinds = {asked.kind for asked, _ in table}
        assert {"when", "whether", "what", "together", "after", "colour", "count", "often", "motion", "text"} <= kinds
        assert {"caption", "where", "choice", "more", "summary", "absent", "unknown"} <= kinds


def test_times_may_be_off_by_a_segment_but_not_where_none_may():
    text = "The dog appears from 5.0 to 9.0 seconds."
    assert right(WHEN, text, GRID, slack=1)
    assert not right(WHEN, text, GRID, slack=0)
    assert right(WHEN, "The dog appears from 5.0 to 7.0 seconds.", GRID, slack=0)


@pytest.mark.parametrize(("segments", "frame_rate"), [(16, 10), (16, 25), (64, 8), (256, 12)])
def test_every_segment_is_told_from_the_next_on_a_real_films_grid(segments, frame_rate):
    grid = sampled(segments, frame_rate)

    def accepted(place, stamp, slack):
        asked = Asked("when", "", "", ("dog",), ((2.0 * place, 2.0 * place + 2),))
        return right(asked, f"The dog appears at {grid.centres[stamp]:.1f} seconds.", grid, slack=slack)

    for place in range(segments):
        for off in range(-2, 3):
            if 0 <= place + off < segments:
                assert accepted(place, place + off, 0) == (off == 0), (place, off)
                assert accepted(place, place + off, 1) == (abs(off) <= 1), (place, off)


@pytest.mark.parametrize("seed", range(6))
def test_every_true_answer_is_right_and_nobody_elses(seed):
    film = sample_film(np.random.default_rng(seed), segments=16, split=TEST, artists=(NOTO,))
    grid = sampled(16, 25)
    clock = Clock(tuple(f"{centre:.1f}" for centre in grid.centres))
    desk = desk_for(np.random.default_rng(seed), film, clock, held_out=True)
    asked = {kind: question for kind in KINDS if (question := ask_kind(desk, kind))}
    for question in asked.values():
        assert right(question, question.answer, grid, slack=0), question
        assert not right(question, "", grid)
        if not question.unknown:
            assert not right(question, NOT_MY_WORLD, grid)
    others = [ask_kind(desk, kind) for kind in BUILDERS for _ in range(3)]
    same = [
        (question, other)
        for other in others
        if other and (question := asked.get(other.kind)) and _truth(question) != _truth(other)
    ]
    assert same
    assert not [(question, other) for question, other in same if right(question, other.answer, grid, slack=0)]


def _truth(asked):
    if asked.kind in ("text", "where", "colour", "choice"):
        return asked.value
    if asked.kind == "together":
        return {*asked.names, asked.about}
    return (set(asked.names), asked.spans, asked.value, asked.absent, asked.accepted, asked.unknown)


def test_names_are_whole_words_and_plurals_count():
    assert things("the catfish, two dogs, the mice and a butterfly") == ["dog", "mouse", "butterfly"]
    assert things("in the mountains with the owl") == ["owl"]
