"""The models pane and a hub on loopback: download, pause, resume, use, remove; a fault is a sentence in its card."""

from __future__ import annotations

import pytest
from hub import Hub, tiny_repositories, use_hub
from PySide6.QtCore import Qt

from app.models.jobs import ModelJobs
from app.models.pane import ModelsPane
from app.models.rows import progress_text, rows
from engine.weights.catalogue import COMPLETE, PUBLISHED, models_folder

MODEL = PUBLISHED["tempo-6b"]


@pytest.fixture
def hub(tiny_tempo, tmp_path, monkeypatch):
    monkeypatch.setenv("TEMPO_DESK_MODELS", str(tmp_path / "models"))
    with Hub(tiny_repositories(tiny_tempo, tmp_path)) as serving:
        use_hub(serving, monkeypatch)
        yield serving


@pytest.fixture
def pane(qapp, qtbot, hub):
    jobs = ModelJobs()
    made = ModelsPane(jobs, "nano")
    made.agree = made.sure = lambda row: True
    qtbot.addWidget(made)
    made.show()
    yield made
    assert jobs.shutdown()


def click(qtbot, button):
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_model_is_fetched_used_and_removed(pane, qtbot):
    card = pane.cards["tempo-6b"]
    assert not card.use.isVisible()
    click(qtbot, card.fetch)
    assert card.pause.isVisible()
    qtbot.waitUntil(lambda: card.use.isVisible(), timeout=20_000)
    assert (models_folder() / "tempo-6b" / COMPLETE).is_file()
    assert not card.fetch.isVisible()
    with qtbot.waitSignal(pane.use_wanted) as wanted:
        click(qtbot, card.use)
    assert wanted.args == ["tempo-6b"]
    pane.show_use("tempo-6b")
    assert (card.use.text(), card.use.isEnabled(), card.remove.isVisible()) == ("In use", False, False)
    assert pane.cards["nano"].use.isEnabled()
    pane.show_use("nano")
    click(qtbot, card.remove)
    qtbot.waitUntil(lambda: card.fetch.isVisible(), timeout=5000)
    assert not (models_folder() / "tempo-6b").exists()


def test_a_pause_keeps_what_arrived_and_resume_goes_on(pane, qtbot, hub):
    hub.bytes_a_second = 1_500_000
    card = pane.cards["tempo-6b"]
    click(qtbot, card.fetch)
    qtbot.waitUntil(
        lambda: " of 3." in card._progress.text() and not card._progress.text().startswith("0"), timeout=9000
    )
    click(qtbot, card.pause)
    qtbot.waitUntil(lambda: card.fetch.isVisible(), timeout=5000)
    assert (card.fetch.text(), card.message) == ("Resume", "")
    kept = (models_folder() / "tempo-6b" / "model.safetensors.part").stat().st_size
    assert kept > 0
    hub.bytes_a_second = 0
    click(qtbot, card.fetch)
    qtbot.waitUntil(lambda: card.use.isVisible(), timeout=20_000)
    assert (f"{MODEL.repo}/model.safetensors", f"bytes={kept}-") in hub.asked


def test_without_agreement_nothing_is_fetched(pane, qtbot, hub):
    pane.agree = lambda row: False
    click(qtbot, pane.cards["tempo-6b"].fetch)
    assert pane.cards["tempo-6b"].fetch.isVisible()
    assert not hub.asked


def test_a_fault_is_a_sentence_in_its_card(pane, qtbot, hub):
    hub.gated = True
    card = pane.cards["tempo-6b"]
    click(qtbot, card.fetch)
    qtbot.waitUntil(lambda: bool(card.message), timeout=5000)
    assert "wants its terms accepted first" in card.message
    assert card.fetch.isVisible()


def test_every_model_says_whether_it_fits_before_it_is_here(pane, qtbot):
    qtbot.waitUntil(lambda: pane.cards["nano"]._fit.text() == "Fits this machine", timeout=30_000)
    assert "GB free" in pane.cards["nano"]._fit.toolTip()
    qtbot.waitUntil(lambda: all(card.fit_known for card in pane.cards.values()), timeout=30_000)


def test_a_folder_that_holds_no_model_is_refused_in_words(pane, qtbot, tmp_path, tiny_tempo):
    pane.use_folder(tmp_path)
    assert "has no config.json" in pane._place.text()
    with qtbot.waitSignal(pane.use_wanted) as wanted:
        pane.use_folder(tiny_tempo)
    assert wanted.args == [str(tiny_tempo)]


def test_the_window_answers_with_the_model_that_was_chosen(open_window, qtbot, film, settings):
    from scripted import ScriptedSession

    session = ScriptedSession()
    window = open_window(session)
    window.open_film(film)
    qtbot.waitUntil(lambda: window.desk.video is not None)
    window.models.choose("tempo-6b")
    qtbot.waitUntil(lambda: session.adopted == ["tempo-6b"])
    window.ask("When?")
    qtbot.waitUntil(lambda: session.asked == ["When?"] and not window._bridge.busy)
    assert settings.value("model") == "tempo-6b"
    window.models.show()
    window.models.pane.precision.setCurrentIndex(4)
    qtbot.waitUntil(lambda: len(session.adopted) == 2)
    assert settings.value("precision") == "nf4"


def test_ctrl_m_opens_the_pane(open_window, qtbot):
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert window.models.pane.isVisible()
    assert set(window.models.pane.cards) == {row.name for row in rows()}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((1_500_000_000, 12_000_000_000, 240), "1.5 of 12.0 GB, 4 min left"),
        ((1, 3_000_000, None), "0.0 of 3.0 MB"),
        ((0, 10**10, 20_000), "0.0 of 10.0 GB, 6 h left"),
        ((2_900_000, 3_000_000, 0.2), "2.9 of 3.0 MB, 1 s left"),
    ],
)
def test_progress_reads_as_people_say_it(given, text):
    assert progress_text(*given) == text
