"""The border: order kept, stale events dropped, cancel prompt, failures told, no thread left."""

import threading
import time
from itertools import pairwise

import pytest
from scripted import MODEL, BrokenSession, ScriptedSession

from app.bridge import Bridge
from engine.errors import OutOfMemoryError, VideoError
from engine.events import (
    AnswerGrounded,
    BudgetAllocated,
    Failed,
    FramesRead,
    IndexCompleted,
    IndexFound,
    ModelLoaded,
    SegmentIndexed,
    SegmentScored,
    Stopped,
    TokenDecoded,
    VideoOpened,
)
from engine.settings import Settings


class Listener:
    def __init__(self, bridge):
        self.events = []
        self.times = []
        bridge.arrived.connect(self.hear)

    def hear(self, event):
        self.events.append(event)
        self.times.append(time.monotonic())

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def border(qapp, qtbot, film):
    bridges = []

    def make(session):
        bridge = Bridge(lambda: session)
        bridges.append(bridge)
        listener = Listener(bridge)
        bridge.open(film)
        qtbot.waitUntil(lambda: not bridge.busy)
        return bridge, listener

    yield make
    for bridge in bridges:
        assert bridge.shutdown()
        assert not bridge._thread.isRunning()
        bridge.deleteLater()


def test_a_question_is_answered_in_order(border, qtbot):
    bridge, heard = border(ScriptedSession())
    assert len(heard.of(VideoOpened)) == 1
    bridge.ask("When?")
    qtbot.waitUntil(lambda: not bridge.busy)
    assert [event.segment for event in heard.of(SegmentScored)] == list(range(10))
    text = "".join(event.text for event in heard.of(TokenDecoded))
    answer = heard.of(AnswerGrounded)[0].answer
    assert text == answer.text
    assert isinstance(heard.events[-1], AnswerGrounded)
    final = next(i for i, e in enumerate(heard.events) if isinstance(e, BudgetAllocated) and not e.provisional)
    assert final > max(i for i, e in enumerate(heard.events) if isinstance(e, SegmentScored))
    assert final < min(i for i, e in enumerate(heard.events) if isinstance(e, TokenDecoded))


def test_the_worker_runs_on_its_own_thread(border, qtbot):
    threads = []

    class Telling(ScriptedSession):
        def ask(self, *arguments, **options):
            threads.append(threading.get_ident())
            return super().ask(*arguments, **options)

    bridge, _ = border(Telling())
    bridge.ask("Where?")
    qtbot.waitUntil(lambda: not bridge.busy)
    assert threads != [threading.get_ident()]


def test_chatty_events_come_at_thirty_hertz(border, qtbot):
    bridge, heard = border(ScriptedSession(delay=0.004, token_delay=0.002))
    heard.events.clear()
    heard.times.clear()
    bridge.ask("When?")
    qtbot.waitUntil(lambda: not bridge.busy)
    ticks = [t for e, t in zip(heard.events, heard.times, strict=True) if isinstance(e, FramesRead)]
    assert len(ticks) < 10
    assert all(
        after - before > 0.02 for before, after in list(pairwise(ticks))[:-1]
    )  # the last is let out early, in order
    assert heard.of(FramesRead)[-1].done == 40


def test_events_of_an_overtaken_question_are_dropped(border, qtbot):
    session = ScriptedSession(delay=0.03, text="All about {first} seconds.")
    bridge, heard = border(session)
    bridge.ask("first")
    qtbot.waitUntil(lambda: len(heard.of(SegmentScored)) >= 2)
    heard.events.clear()
    session.delay = 0.0
    bridge.ask("second")
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))
    assert session.asked == ["first", "second"]
    assert [event.answer.question for event in heard.of(AnswerGrounded)] == ["second"]
    assert not heard.of(Stopped)
    assert [event.segment for event in heard.of(SegmentScored)] == list(range(10))


@pytest.mark.parametrize("slow", ["delay", "token_delay"])
def test_stop_is_prompt_and_the_next_question_works(border, qtbot, slow):
    session = ScriptedSession(**{slow: 0.05})
    bridge, heard = border(session)
    bridge.ask("When?")
    qtbot.waitUntil(lambda: bool(heard.of(SegmentScored if slow == "delay" else TokenDecoded)))
    asked_at = time.monotonic()
    bridge.cancel()
    qtbot.waitUntil(lambda: bool(heard.of(Stopped)), timeout=1000)
    assert time.monotonic() - asked_at < 1
    assert not heard.of(AnswerGrounded)
    setattr(session, slow, 0.0)
    bridge.ask("Again?")
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))


def test_a_warm_up_lets_requests_pass_and_ends_by_telling_the_model(border, qtbot):
    session = ScriptedSession(warm_steps=50)
    bridge, heard = border(session)
    told = []
    bridge.warmed.connect(told.append)
    bridge.warm_up()
    bridge.ask("When?")
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))
    assert not told, "the question waited for the whole warm-up"
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], ModelLoaded)


class Loading(ScriptedSession):
    """Its model loads in one step, as the engine's does, and looks at the token before every tensor."""

    tensors = 10**6
    loads = 0
    late = False  # True: a stop comes after the last look at the token

    def prepare(self, emit, cancel):
        self.loads += 1
        done = 0
        while done < self.tensors:
            time.sleep(0.005)
            done += 1
            if not self.late:
                cancel.check()
        emit(ModelLoaded(MODEL, 0.1))
        yield "loaded"


@pytest.fixture
def loading(border, qtbot):
    """A border whose model is being loaded, what it heard, its session, and what the warm-up told."""
    session, told = Loading(), []
    bridge, heard = border(session)
    bridge.warmed.connect(told.append)
    bridge.warm_up()
    qtbot.waitUntil(lambda: session.loads == 1)
    return bridge, heard, session, told


def test_a_film_opens_while_a_large_model_loads_which_loads_again_afterwards(loading, qtbot, film):
    bridge, heard, session, told = loading
    heard.events.clear()
    bridge.open(film)
    qtbot.waitUntil(lambda: bool(heard.of(VideoOpened)), timeout=2000)
    qtbot.waitUntil(lambda: session.loads == 2)
    assert told == []
    session.tensors = 3
    bridge.open(film)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], ModelLoaded)


def test_stop_is_prompt_while_a_large_model_loads(loading, qtbot):
    bridge, heard, session, told = loading
    bridge.ask("When?")
    bridge.cancel()
    qtbot.waitUntil(lambda: bool(heard.of(Stopped)), timeout=2000)
    qtbot.waitUntil(lambda: session.loads == 2)
    assert told == []


def test_a_question_waits_for_the_model_that_loads_already(loading, qtbot):
    bridge, heard, session, told = loading
    bridge.ask("When?")
    qtbot.wait(50)
    assert session.asked == []
    session.tensors = 0
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))
    assert (session.loads, len(told)) == (1, 1)


def test_a_film_opened_with_a_question_while_the_model_loads_is_asked_about(loading, qtbot, film):
    bridge, heard, _, _ = loading
    bridge.arrived.connect(lambda event: bridge.ask("When?") if isinstance(event, VideoOpened) else None)
    bridge.open(film)
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))


def test_nothing_is_told_of_a_model_that_was_given_up(loading, qtbot):
    bridge, _, session, told = loading
    session.late = True
    bridge.use(Settings(model="other"))
    session.tensors = 0
    bridge.warm_up()
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(100)
    assert len(told) == 1


def test_closing_while_the_model_warms_up_is_quick(border, qtbot):
    bridge, _ = border(ScriptedSession(warm_steps=1000))
    bridge.warm_up()
    qtbot.wait(50)
    begun = time.monotonic()
    assert bridge.shutdown()
    assert time.monotonic() - begun < 1


def test_a_failure_is_an_event_with_advice(border, qtbot):
    bridge, heard = border(ScriptedSession(fail_with=OutOfMemoryError("No memory left.", advice="Lower the budget.")))
    bridge.ask("When?")
    qtbot.waitUntil(lambda: not bridge.busy)
    assert heard.events[-1] == Failed("No memory left.", "Lower the budget.", out_of_memory=True)


def test_a_surprise_is_told_and_logged(border, qtbot, logged_errors):
    bridge, heard = border(ScriptedSession(fail_with=ZeroDivisionError("boom")))
    bridge.ask("When?")
    qtbot.waitUntil(lambda: not bridge.busy)
    assert "ZeroDivisionError" in heard.of(Failed)[0].message
    assert len(logged_errors.records) == 1
    logged_errors.records.clear()


def test_a_bad_film_is_an_event(border, qtbot):
    _, heard = border(BrokenSession())
    assert heard.of(Failed) == [Failed("This file is not a film.", "Choose another one.")]


def test_closing_in_the_middle_stops_within_two_seconds_and_closes_the_session(border, qtbot):
    session = ScriptedSession(delay=0.1)
    bridge, heard = border(session)
    bridge.ask("When?")
    qtbot.waitUntil(lambda: bool(heard.of(SegmentScored)))
    begun = time.monotonic()
    assert bridge.shutdown()
    assert time.monotonic() - begun < 2
    assert session.closed
    count = len(heard.events)
    qtbot.wait(50)
    assert len(heard.events) == count


class Indexed:
    """Hears what happens while nobody asks."""

    def __init__(self, bridge):
        self.events = []
        bridge.indexed.connect(self.events.append)

    def segments(self):
        return [event.segment for event in self.events if isinstance(event, SegmentIndexed)]


def test_the_film_is_indexed_once_the_model_is_ready_and_nobody_asks(border, qtbot):
    bridge, heard = border(ScriptedSession())
    told = Indexed(bridge)
    assert told.events == []
    bridge.warm_up()
    qtbot.waitUntil(lambda: any(isinstance(event, IndexCompleted) for event in told.events))
    assert isinstance(told.events[0], IndexFound)
    assert told.segments() == list(range(len(told.events[0].segments)))
    assert not bridge.busy
    assert not heard.of(SegmentIndexed)  # nobody asked


def test_a_question_overtakes_indexing_which_goes_on_after_it(border, qtbot):
    session = ScriptedSession(delay=0.05)
    bridge, heard = border(session)
    told = Indexed(bridge)
    bridge.warm_up()
    qtbot.waitUntil(lambda: len(told.segments()) >= 1)
    bridge.ask("When?")
    before, meanwhile = len(told.events), []
    bridge.arrived.connect(lambda _: meanwhile.append(len(told.events)))
    qtbot.waitUntil(lambda: bool(heard.of(SegmentScored)))
    assert not any(isinstance(event, IndexCompleted) for event in told.events)
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))
    assert set(meanwhile) == {before}  # silent until the answer is there
    qtbot.waitUntil(lambda: any(isinstance(event, IndexCompleted) for event in told.events))
    assert sum(isinstance(event, IndexFound) for event in told.events) == 2


def test_indexing_that_fails_is_told_and_the_next_question_is_answered(border, qtbot):
    session = ScriptedSession()
    bridge, heard = border(session)
    told = Indexed(bridge)

    def breaks(*, emit, cancel, gently):
        raise VideoError("The film went away.")
        yield

    session.index = breaks
    bridge.warm_up()
    qtbot.waitUntil(lambda: bool(told.events))
    assert told.events[0].message == "The film went away."
    bridge.ask("When?")
    qtbot.waitUntil(lambda: bool(heard.of(AnswerGrounded)))


def test_a_surprise_while_indexing_is_told_and_indexing_is_tried_again(border, qtbot, logged_errors):
    session = ScriptedSession()
    bridge, _ = border(session)
    told, index = Indexed(bridge), session.index

    def breaks(*, emit, cancel, gently):
        session.index = index
        raise ValueError("nobody thought of this")

    session.index = breaks
    bridge.warm_up()
    qtbot.waitUntil(lambda: bool(told.events))
    assert "ValueError" in told.events[0].message
    bridge.ask("When?")
    qtbot.waitUntil(lambda: any(isinstance(event, IndexCompleted) for event in told.events))
    assert [record.getMessage() for record in logged_errors.records] == ["a chore failed unexpectedly"]
    logged_errors.records.clear()


def test_a_chore_that_is_under_way_is_closed_with_the_window(border, qtbot):
    session, closed = ScriptedSession(), []
    bridge, _ = border(session)
    told = Indexed(bridge)

    def endless(*, emit, cancel, gently):
        try:
            for step in range(10**6):
                emit(SegmentIndexed(step % 3, 1, 3))
                time.sleep(0.01)
                yield step + 1
        finally:
            closed.append(True)

    session.index = endless
    bridge.warm_up()
    qtbot.waitUntil(lambda: bool(told.events))
    assert bridge.shutdown()
    assert closed == [True]


def test_closing_stops_indexing(border, qtbot):
    bridge, _ = border(ScriptedSession(delay=0.3))
    told = Indexed(bridge)
    bridge.warm_up()
    qtbot.waitUntil(lambda: bool(told.events))
    assert bridge.shutdown()
    assert not any(isinstance(event, IndexCompleted) for event in told.events)
