"""What of a conversation is not written yet: each change once, and never one conversation over another."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.conversation import Exchange, Outcome
from app.history.recorder import Recorder
from app.history.records import Chat, Kept

RUNNING = Exchange(1, "When?", Outcome.RUNNING)
DONE = replace(RUNNING, outcome=Outcome.ANSWERED, text="Now.")
SECOND = Exchange(2, "What?", Outcome.RUNNING)


def written(changes):
    return [kept.exchange for kept in changes.written]


def test_each_change_is_written_once_and_under_one_key():
    recorder = Recorder()
    first = recorder.look((RUNNING,))
    assert written(first) == [RUNNING]
    assert written(recorder.look((RUNNING,))) == []
    grown = recorder.look((replace(RUNNING, text="No"),))
    assert grown.written[0].key == first.written[0].key
    later = recorder.look((DONE, SECOND))
    assert written(later) == [DONE, SECOND]
    assert later.written[0].key == first.written[0].key != later.written[1].key
    assert {first.chat.key, grown.chat.key, later.chat.key} == {recorder.key}


def test_an_emptied_conversation_is_another_one_and_the_old_one_stays():
    recorder = Recorder()
    first = recorder.look((DONE,))
    assert recorder.look(()).dropped == ()
    second = recorder.look((replace(SECOND, number=1),))
    assert second.chat.key != first.chat.key
    assert second.dropped == ()


def test_a_conversation_that_was_set_aside_and_is_brought_back_goes_on():
    recorder = Recorder()
    first = recorder.look((DONE,))
    recorder.begin()
    assert recorder.look(()).written == ()
    back = recorder.look((DONE, SECOND))
    assert (back.chat.key, written(back)) == (first.chat.key, [SECOND])
    recorder.look(())
    other = recorder.look((replace(DONE, question="Who?"),))
    assert other.chat.key != first.chat.key
    recorder.forget()
    assert recorder.look((DONE,)).chat.key != first.chat.key, "of another film"


def test_another_first_question_is_another_conversation():
    """New chat and a question between two looks."""
    recorder = Recorder()
    first = recorder.look((DONE, SECOND))
    other = recorder.look((replace(RUNNING, question="Who?"),))
    assert other.chat.key != first.chat.key
    assert other.dropped == ()
    assert written(other) == [replace(RUNNING, question="Who?")]


def test_an_exchange_taken_off_the_screen_is_dropped():
    recorder = Recorder()
    first = recorder.look((DONE, SECOND))
    assert recorder.look((DONE,)).dropped == (first.written[1].key,)


def test_a_conversation_of_the_past_goes_on():
    recorder, past = Recorder(), Chat("old", 1.0, (Kept("a", DONE),))
    recorder.go_on(past)
    assert recorder.look((DONE,)).written == ()
    more = recorder.look((DONE, SECOND))
    assert (more.chat.key, written(more)) == ("old", [SECOND])


def test_what_follows_an_earlier_version_begins_a_conversation_of_its_own():
    recorder, past = Recorder(), Chat("old", 1.0, (Kept("a", DONE),), earlier_version=True)
    recorder.go_on(past)
    assert recorder.look((DONE,)).written == ()
    more = recorder.look((DONE, SECOND))
    assert more.chat.key != "old"
    assert written(more) == [SECOND]
    assert written(recorder.look((DONE, replace(SECOND, text="x")))) == [replace(SECOND, text="x")]
    recorder.look(())
    assert written(recorder.look((DONE,))) == [DONE], "after a new conversation all count"


def test_what_was_passed_over_is_not_written_later():
    recorder = Recorder()
    recorder.pass_over((DONE,))
    assert recorder.look((DONE,)).written == ()
    assert written(recorder.look((DONE, SECOND))) == [SECOND]


def test_at_the_end_what_runs_is_stopped():
    recorder = Recorder()
    recorder.look((RUNNING,))
    (kept,) = recorder.look((replace(RUNNING, text="No"),), ending="Closed.").written
    assert (kept.exchange.outcome, kept.exchange.text, kept.exchange.message) == (Outcome.STOPPED, "No", "Closed.")
    assert recorder.look((DONE,), ending="Closed.").written[0].exchange == DONE


@given(st.lists(st.lists(st.sampled_from(("a", "ab", "abc")), max_size=5), max_size=12))
def test_what_is_written_is_always_what_is_on_screen(screens):
    """Replaying every change gives the screen, for conversations that grow, change and end in any way."""
    recorder, kept, owner = Recorder(), {}, {}
    for texts in screens:
        screen = [Exchange(n, f"{n}?", Outcome.RUNNING, text) for n, text in enumerate(texts, start=1)]
        changes = recorder.look(screen)
        for one in changes.written:
            kept[one.key], owner[one.key] = one.exchange, changes.chat.key
        for key in changes.dropped:
            del kept[key], owner[key]
        assert [kept[key] for key in kept if owner[key] == changes.chat.key] == screen or not screen
