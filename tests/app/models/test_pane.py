"""The models pane and a hub on loopback: download, pause, resume, use, remove; a fault is a sentence in its card."""

from __future__ import annotations

from threading import current_thread, main_thread

import pytest
from hub import Hub, tiny_repositories, use_hub
from PySide6.QtCore import Qt

from app.models.choices import Choices
from app.models.jobs import ModelJobs
from app.models.pane import ModelsPane
from app.models.rows import progress_text, rows
from engine.weights.catalogue import COMPLETE, PUBLISHED, models_folder
from engine.weights.device import Device

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
    qtbot.waitUntil(lambda: all(card.row.seen for card in made.cards.values()), timeout=20_000)
    yield made
    assert jobs.shutdown()


@pytest.mark.parametrize("in_use", ["nano", "a folder"])
def test_the_window_neither_imports_the_hub_nor_walks_over_folders(
    qapp, qtbot, hub, monkeypatch, tmp_path, tiny_tempo, in_use
):
    import app.models.rows as looking

    where = []
    for name in ("downloaded", "_size"):
        look = getattr(looking, name)
        monkeypatch.setattr(looking, name, lambda what, look=look: (where.append(current_thread()), look(what))[1])
    jobs = ModelJobs()
    pane = ModelsPane(jobs, in_use if in_use == "nano" else str(tiny_tempo))
    qtbot.addWidget(pane)
    pane.show()
    card = pane.cards["tempo-6b"]
    assert (card._title.text(), card.fetch.isVisible(), card.use.isVisible()) == ("Tempo-6B", False, False)
    assert card._facts.text().startswith("Looking whether it is here")
    qtbot.waitUntil(lambda: all(card.row.seen for card in pane.cards.values()), timeout=20_000)
    assert card.fetch.isVisible()
    assert all(card.row.nbytes for card in pane.cards.values() if card.row.here)
    pane.agree = lambda row: False
    pane.download("tempo-6b")
    pane.show_use(str(tmp_path))
    qtbot.waitUntil(lambda: pane.cards[str(tmp_path)].row.seen, timeout=60_000)
    assert where
    assert main_thread() not in where
    assert jobs.shutdown()


def test_a_disk_that_cannot_be_looked_at_is_said_on_the_cards(qapp, qtbot, hub, monkeypatch, logged_errors):
    def fails(_):
        raise OSError("the disk is gone")

    monkeypatch.setattr("app.models.rows.downloaded", fails)
    jobs = ModelJobs()
    pane = ModelsPane(jobs, "nano")
    qtbot.addWidget(pane)
    pane.show()
    card = pane.cards["tempo-6b"]
    qtbot.waitUntil(lambda: card.row.hidden, timeout=20_000)
    assert card._facts.text() == "Whether it is here could not be found out; the log has the details"
    assert not card.fetch.isVisible()
    assert [record.getMessage() for record in logged_errors.records] == [
        "the models on this machine could not be listed"
    ]
    logged_errors.records.clear()
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
    assert pane.cards["nano"]._why.isVisible()
    assert "GB can be had" in pane.cards["nano"]._why.text()
    qtbot.waitUntil(lambda: all(card.fit_known for card in pane.cards.values()), timeout=30_000)


def test_a_folder_that_holds_no_model_is_refused_in_words(pane, qtbot, tmp_path, tiny_tempo):
    pane.use_folder(tmp_path)
    assert "has no config.json" in pane._place.text()
    with qtbot.waitSignal(pane.use_wanted) as wanted:
        pane.use_folder(tiny_tempo)
    assert wanted.args == [str(tiny_tempo)]


def test_a_folder_in_use_has_a_card(pane, qtbot, tiny_tempo):
    pane.show_use(str(tiny_tempo))
    card = pane.cards[str(tiny_tempo)]
    assert (card.use.text(), card.fetch.isVisible(), card.remove.isVisible()) == ("In use", False, False)
    qtbot.waitUntil(lambda: card._fit.text() == "Fits this machine", timeout=30_000)
    pane.show_use("nano")
    qtbot.waitUntil(lambda: card.row.seen, timeout=30_000)
    click(qtbot, card.use)


def test_a_folder_that_is_gone_offers_nothing(pane, qtbot, tmp_path):
    pane.show_use(str(tmp_path / "gone"))
    card = pane.cards[str(tmp_path / "gone")]
    qtbot.waitUntil(lambda: card.row.seen, timeout=60_000)
    assert card._facts.text() == "The folder is gone"
    assert not card.use.isVisible()
    assert not card.fetch.isVisible()


def test_the_window_answers_with_the_model_that_was_chosen(open_window, qtbot, film, settings):
    from scripted import ScriptedSession

    session = ScriptedSession()
    window = open_window(session)
    window.open_film(film)
    qtbot.waitUntil(lambda: window.desk.video is not None)
    window.models.choose(model="tempo-6b")
    qtbot.waitUntil(lambda: session.adopted == ["tempo-6b"])
    window.ask("When?")
    qtbot.waitUntil(lambda: session.asked == ["When?"] and not window._bridge.busy)
    assert settings.value("model") == "tempo-6b"
    window.models.show()
    box = window.models.pane.choices.precision
    qtbot.keyClick(box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: len(session.adopted) == 2)
    assert settings.value("precision") == "nf4"


def test_the_device_is_chosen_kept_and_weighed(open_window, qtbot, film, settings):
    from scripted import ScriptedSession

    session = ScriptedSession()
    window = open_window(session)
    window.models.show()
    pane = window.models.pane
    box, fit = pane.choices.device, pane.cards["nano"]._why
    assert (box.currentText(), box.accessibleName()) == ("The fastest here", "Device")
    qtbot.waitUntil(lambda: " on cpu: " in fit.text(), timeout=30_000)
    pane._jobs.devices_found.emit((Device("cuda:0", "A card, 8 GB"), Device("cpu", "Processor")))
    assert [box.itemText(place) for place in range(box.count())] == [
        "The fastest here", "A card, 8 GB (cuda:0)", "Processor (cpu)",
    ]  # fmt: skip
    qtbot.keyClick(box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: [one.device for one in session.settings] == ["cpu"])
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: session.settings[-1].device == "cuda:0")
    assert (settings.value("device"), session.settings[-1].precision) == ("cuda:0", "auto")
    assert window.models.settings.device == "cuda:0"
    qtbot.waitUntil(lambda: "has no cuda:0 device" in fit.text(), timeout=30_000)
    assert pane.cards["nano"]._fit.text() == "Not known whether it fits"


def test_a_device_that_is_gone_says_so_and_another_can_be_chosen(qapp, qtbot):
    choices = Choices("auto", "cuda:1")
    qtbot.addWidget(choices)
    assert choices.device.currentData() == "cuda:1"
    choices.show_devices((Device("cuda:0", "A card, 8 GB"), Device("cpu", "Processor")))
    assert choices.device.currentText() == "cuda:1, not on this machine"
    with qtbot.waitSignal(choices.device_wanted) as wanted:
        qtbot.keyClick(choices.device, Qt.Key.Key_Home)
    assert wanted.args == ["auto"]


def test_settings_that_make_no_sense_count_as_automatic(open_window, settings):
    settings.setValue("device", "abacus")
    settings.setValue("precision", "fp4")
    asked = open_window().models.settings
    assert (asked.device, asked.precision) == ("auto", "auto")


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
