"""The card says of the bundled model what its own list says, of any other what is true of all."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel

from app.chat.model_card import ModelCard, ThingsDialog
from app.knowledge import Knowledge, read_knowledge
from app.theme import DARK
from engine.training.architecture import write_json
from engine.training.publishing import knowledge


def texts(card):
    return [label.text() for label in card.findChildren(QLabel) if label.text()]


def test_the_bundled_models_own_list_is_told(qtbot, tmp_path, plain_answer):
    write_json(tmp_path / "knows.json", knowledge())
    for known in (read_knowledge(), read_knowledge(tmp_path)):
        card = ModelCard(known, DARK)
        qtbot.addWidget(card)
        assert len(known.can) == len(known.cannot) == 3
        assert {f"✓  {one}" for one in known.can} | {f"×  {one}" for one in known.cannot} <= set(texts(card))
        assert known.summary in texts(card)
        card.show_model(replace(plain_answer.model, bundled=False))
        assert not set(known.summary.split("\n")) & set(texts(card))
        assert "✓  the order of events" in texts(card)


def test_a_list_that_is_missing_leaves_no_signs_behind(qtbot):
    card = ModelCard(Knowledge(), DARK)
    qtbot.addWidget(card)
    assert not [text for text in texts(card) if text.startswith(("✓", "×"))]


def test_everything_it_knows_can_be_searched(qtbot, tmp_path):
    write_json(tmp_path / "knows.json", knowledge())
    dialog = ThingsDialog(read_knowledge(tmp_path))
    qtbot.addWidget(dialog)

    def shown():
        items = (dialog.list.item(row) for row in range(dialog.list.count()))
        return [item.text() for item in items if not item.isHidden()]

    assert {"dog", "red, a colour", "beach, a place", "GATE, a word on screen"} <= set(shown())
    qtbot.keyClicks(dialog.search, "beac")
    assert shown() == ["beach, a place", "BEACH, a word on screen"]
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "zeppelin")
    assert shown() == []
    assert f"0 of {dialog.list.count()}" in texts(dialog)
