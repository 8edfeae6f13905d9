"""Stop in every stage of the real engine: bundled model, sample film, Esc pressed, the device idle within a second."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.conversation import Outcome
from app.knowledge import SAMPLE, sample_questions
from engine import events
from engine.session import Session
from engine.settings import Settings

LONG = 120_000  # milliseconds; only a failure waits that long
STAGES = {
    "reading": events.FramesRead, "indexing": events.SegmentIndexed, "scoring": events.SegmentScored,
    "allocating": events.BudgetAllocated, "answering": events.TokenDecoded,
}  # fmt: skip


@pytest.fixture
def session():
    import engine.weights.loading  # noqa: F401  (an import cannot be stopped, and is not what is judged here)

    return lambda: Session(Settings(keep_index=False))


@pytest.mark.parametrize("stage", STAGES)
def test_esc_frees_the_device_within_a_second(open_window, qtbot, session, stage, settings, request):
    if stage == "answering":  # the bundled model's answers are over before a key can be pressed; these take long
        settings.setValue("model", str(request.getfixturevalue("small_tempo")))
        settings.setValue("settings/max_new_tokens", 8192)
    window = open_window(make_session=session)
    window.open_film(SAMPLE)
    qtbot.waitUntil(lambda: window.player.playback.loaded and not window._bridge.busy, timeout=LONG)
    pressed = []

    def press(event):
        if isinstance(event, STAGES[stage]) and not pressed:
            pressed.append(time.monotonic())
            QTest.keyClick(window, Qt.Key.Key_Escape)

    window._bridge.arrived.connect(press)
    window.ask(sample_questions()[0])
    qtbot.waitUntil(lambda: bool(pressed) and not window._bridge.busy, timeout=LONG)
    took = time.monotonic() - pressed[0]
    assert took < 1.0, f"the device was busy for {took:.2f} s after Esc while {stage}"
    assert window.chat.exchanges[0].outcome is Outcome.STOPPED
    window._bridge.arrived.disconnect(press)
    if stage == "answering":
        return
    window.ask(sample_questions()[1])
    qtbot.waitUntil(lambda: len(window.chat.exchanges) == 2 and not window._bridge.busy, timeout=LONG)
    assert window.chat.exchanges[1].outcome is Outcome.ANSWERED, "a question after a stop is answered"
