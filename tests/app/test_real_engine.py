"""The real engine behind the window: real film, real small model, real events; the window lives throughout."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QTimer

from app.conversation import Outcome
from engine.session import Session

LONG = 120_000  # milliseconds; only a failure waits that long


@pytest.fixture
def session(small_tempo, settings):
    """The engine's own; the window was left with a small model that answers in eight tokens."""
    import engine.weights.loading  # noqa: F401  (minutes on a busy machine; its import is not what is judged here)

    for key, value in (("model", str(small_tempo)), ("device", "cpu"), ("settings/max_new_tokens", 8)):
        settings.setValue(key, value)
    return Session


def test_two_questions_on_the_real_engine(open_window, qtbot, session, short_film):
    window = open_window(make_session=session)
    gaps, last = [], [time.monotonic()]

    def beat():
        now = time.monotonic()
        gaps.append(now - last[0])
        last[0] = now

    heart = QTimer(window, interval=20)
    heart.timeout.connect(beat)
    heart.start()
    window.open_film(short_film)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("short.mp4"), timeout=LONG)
    for number, question in enumerate(("When does the square appear?", "What is there at 3 seconds?"), start=1):
        window.ask(question)
        qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
        exchange = window.chat.exchanges[-1]
        assert exchange.outcome is Outcome.ANSWERED, exchange.message
        assert exchange.number == number
        heatmap = window.timeline.heatmap
        assert heatmap.question == number
        assert tuple(heatmap.shares.values()) == exchange.answer.allocation.shares
        assert tuple(heatmap.scores.values()) == exchange.answer.scores
        assert not heatmap.provisional
    assert window.chat.turns[1].take._progress.reading.count == "cached"
    heart.stop()
    assert sorted(gaps)[int(len(gaps) * 0.95)] < 0.25, "the window stutters while the engine works"
    assert max(gaps) < 3.0, f"the window froze for {max(gaps):.1f} s"


def test_another_model_is_chosen_between_two_questions(open_window, qtbot, session, short_film, tiny_tempo, settings):
    """From one model to another and its precision, in the pane, with a film open and indexed in between."""
    window = open_window(make_session=session)
    window.open_film(short_film)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("short.mp4"), timeout=LONG)
    window.warm_up()
    window.ask("When does the square appear?")
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    window.models.show()
    window.models.pane.use_folder(tiny_tempo)
    qtbot.keyClicks(window.models.pane.choices.precision, "8 b")
    qtbot.waitUntil(lambda: f"{tiny_tempo.name}, " in window.status._model.text(), timeout=LONG)
    qtbot.waitUntil(lambda: "int8" in window.status._model.text(), timeout=LONG)
    assert "int8: asked for" in window.status._model.toolTip()
    window.ask("What is there at 3 seconds?")
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    first, second = window.chat.exchanges
    assert (first.outcome, second.outcome) == (Outcome.ANSWERED, Outcome.ANSWERED), second.message
    assert (first.answer.model.name, second.answer.model.name) == ("small-tempo", tiny_tempo.name)
    assert (second.answer.model.precision, settings.value("model")) == ("int8", str(tiny_tempo))


def test_a_missing_model_is_a_message_in_the_chat(open_window, qtbot, session, settings, tmp_path, short_film):
    settings.setValue("model", str(tmp_path / "no model"))
    window = open_window(make_session=session)
    window.open_film(short_film)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("short.mp4"), timeout=LONG)
    window.ask("When?")
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    assert window.chat.exchanges[0].outcome is Outcome.FAILED
    assert "no model" in window.chat.exchanges[0].message
