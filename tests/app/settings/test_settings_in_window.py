"""Settings reach the engine from the next question on, and the one that runs goes on as it began."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from scripted import ScriptedSession

from engine.settings import Settings

LONG = 20_000


def test_ctrl_comma_opens_them_and_a_change_reaches_the_engine(on_film, qtbot, settings):
    session = ScriptedSession()
    window = on_film(session)
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    row = window.settings.pane.rows["budget"]
    assert window.settings.pane.isVisible()
    QTest.keyClicks(row.field, "300")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.settings[-1:] == [Settings(budget=300)], timeout=LONG)
    assert settings.value("settings/budget") == "300"
    window.settings.pane.close()


def test_a_question_that_runs_goes_on(on_film, qtbot):
    session = ScriptedSession(delay=0.1)
    window = on_film(session)
    window.ask("When?")
    qtbot.waitUntil(lambda: len(window.timeline.heatmap.scores) >= 2, timeout=LONG)
    before = len(session.settings)
    window.settings.store.set("temperature", 0.5)
    qtbot.wait(250)
    assert window._bridge.busy
    assert len(session.settings) == before
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)
    qtbot.waitUntil(lambda: session.settings[-1:] == [Settings(temperature=0.5)], timeout=LONG)
    assert window.chat.exchanges[0].answer is not None


def test_the_next_start_asks_with_what_was_set_and_with_the_model_chosen(open_window, qtbot, settings):
    settings.setValue("settings/max_frames", "64")
    settings.setValue("settings/seed", "no number")
    settings.setValue("model", "tempo-6b")
    session = ScriptedSession()
    window = open_window(session)
    qtbot.waitUntil(lambda: session.settings == [Settings(model="tempo-6b", max_frames=64)], timeout=LONG)
    assert "Seed must be a whole number, not no number." in window.message.text
    window.models.choose(precision="nf4")
    wanted = Settings(model="tempo-6b", precision="nf4", max_frames=64)
    qtbot.waitUntil(lambda: session.settings[-1] == wanted, timeout=LONG)


def test_fewer_frames_after_a_failure_keep_the_other_settings(on_film, qtbot):
    session = ScriptedSession()
    asked = []
    ask = session.ask
    session.ask = lambda question, *, settings=None, emit, cancel: (
        asked.append(settings), ask(question, settings=settings, emit=emit, cancel=cancel))[1]  # fmt: skip
    window = on_film(session)
    window.settings.store.set("temperature", 0.5)
    window.desk.ask("When?", 20)
    qtbot.waitUntil(lambda: asked == [Settings(temperature=0.5, max_frames=20)], timeout=LONG)
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=LONG)


def test_a_range_goes_with_its_film(on_film, qtbot, film):
    window = on_film()
    window.moments.range_wanted.emit(2.0, 6.0)
    assert window.settings.settings.range_seconds == window.timeline.range == (2.0, 6.0)
    assert window.chat.composer.box.hasFocus()
    window.timeline.range_changed.emit((3.0, 5.0))
    assert window.settings.range == (3.0, 5.0)
    window.open_film(film)
    qtbot.waitUntil(lambda: window.settings.range is None, timeout=LONG)


def test_the_settings_say_what_the_loaded_model_says(open_window, qtbot):
    window = open_window()
    window.settings.show()
    window.warm_up()
    qtbot.waitUntil(lambda: "nano on cpu" in window.settings.pane._model.text(), timeout=LONG)
    window.models.choose(model="tempo-6b")
    assert window.settings.pane._model.text() == "tempo-6b, not loaded yet"
    window.settings.pane.close()
