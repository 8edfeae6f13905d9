"""A pane on a scripted engine without a window: what goes out is asked at once, event by event."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from scripted import ScriptedSession

from app.chat.pane import ChatPane
from app.conversation import Exchange, Outcome
from app.knowledge import Knowledge
from app.theme import DARK, Theme
from engine.cancel import CancelToken
from engine.events import AnswerGrounded, Failed, SegmentsFound, Stopped, TokenDecoded
from engine.reply.grounding import ground


@pytest.fixture
def dressed(qapp):
    """The style sheet, for sizes as people see them."""
    Theme("dark").apply()


@pytest.fixture(scope="session")
def plain_answer(film):
    session = ScriptedSession()
    session.open(film, lambda event: None)
    return session.ask("When does the apple appear?", emit=lambda event: None, cancel=CancelToken())


@pytest.fixture(scope="session")
def answer_of(plain_answer):
    """The scripted answer with other words, its times found by the engine."""

    def make(text, question="When?"):
        made = plain_answer
        citations, evidence = ground(
            text, made.segments, made.scores, made.allocation, duration_seconds=made.video.duration_seconds
        )
        return replace(made, question=question, text=text, citations=citations, evidence=evidence)

    return make


class Desk:
    """Stands where the window stands: begins what the pane asks, and plays the engine's part."""

    def __init__(self, pane, answer_of):
        self.pane, self.answer_of = pane, answer_of
        self.asked, self.lighter, self.changed, self.stops = [], [], [], 0
        pane.question_asked.connect(self.ask)
        pane.lighter_wanted.connect(lambda question, frames: (self.lighter.append(frames), self.ask(question)))
        pane.again_wanted.connect(lambda question, change: (self.changed.append(change), self.ask(question)))
        pane.stop_wanted.connect(self.stop)

    def ask(self, question):
        self.asked.append(question)
        self.number = self.pane.begin(question)
        self.pane.set_busy(True)
        self.pane.receive(SegmentsFound(self.answer_of("").segments, 40, 2.0))

    def write(self, text):
        self.pane.receive(TokenDecoded(text))

    def answer(self, text="At 9.0 seconds."):
        self.pane.receive(AnswerGrounded(self.answer_of(text, self.asked[-1])))
        self.free()

    def fail(self, message="No memory left.", advice="Lower the budget.", *, short=False):
        self.pane.receive(Failed(message, advice, out_of_memory=short))
        self.free()

    def stop(self):
        self.stops += 1
        self.pane.say_stopping()

    def stopped(self):
        self.pane.receive(Stopped())
        self.free()

    def free(self):
        if self.pane.turns:
            self.pane.turns[-1].take.complete()
        self.pane.set_busy(False)
        QTest.qWait(1)  # the next question goes when everybody has heard


@pytest.fixture
def pane(dressed, qtbot, plain_answer):
    made = ChatPane(Knowledge(("red apple", "bicycle")), DARK)
    qtbot.addWidget(made)
    made.resize(480, 900)
    made.show()
    qtbot.waitExposed(made)
    made.set_film(plain_answer.video, ("When does the dog appear?", "Is there a cat?"))
    return made


@pytest.fixture
def desk(pane, answer_of):
    return Desk(pane, answer_of)


@pytest.fixture
def past(answer_of):
    """So many answered exchanges, as the history gives them back."""

    def make(count, text="At 9.0 seconds, and **again** at 999.0 seconds."):
        answer = answer_of(text)
        return tuple(
            Exchange(number, f"Question {number}?", Outcome.ANSWERED, text, replace(answer, question=f"{number}"))
            for number in range(1, count + 1)
        )

    return make


def typed(pane, text):
    """Type a question and send it."""
    QTest.keyClicks(pane.composer.box, text)
    QTest.keyClick(pane.composer.box, "\r")
