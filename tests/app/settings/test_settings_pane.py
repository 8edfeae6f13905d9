"""The window of settings, by mouse and keys: what is typed, refused, taken, taken back, found."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from app.settings.desk import SettingsDesk
from app.settings.fields import TextField
from app.settings.row import AGAIN
from app.theme import DARK, LIGHT
from engine.events import ModelLoaded
from engine.records import ModelInfo
from engine.settings import KNOBS, Settings

LEFT = Qt.MouseButton.LeftButton
NANO = ModelInfo(
    "nano", "cpu", "fp32", 1, bundled=True,
    sample_fps=2.0, max_frames=512, frames_per_segment=4, budget=1024, context_limit=4096,
)  # fmt: skip


@pytest.fixture
def stored(tmp_path):
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def desk(qapp, qtbot, stored):
    window = QWidget()
    qtbot.addWidget(window)
    made = SettingsDesk(stored, SimpleNamespace(settings=Settings(model="tempo-6b", precision="nf4")), DARK, window)
    made.heard = []
    made.changed.connect(made.heard.append)
    made.show()
    qtbot.waitExposed(made.pane)
    yield made
    made.pane.close()


def write(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def test_there_is_a_row_for_every_setting_with_help_bounds_default_and_a_way_back(desk):
    rows = desk.pane.rows
    assert set(rows) | {"model", "device", "precision"} == set(KNOBS)
    for name, row in rows.items():
        words = " ".join(label.text() for label in row.findChildren(QLabel))
        assert KNOBS[name].label in words
        assert KNOBS[name].help in words
        assert "efault" in words
        assert (AGAIN in words) == KNOBS[name].again
        assert row.field.accessibleName() == KNOBS[name].label
        assert KNOBS[name].help in row.field.accessibleDescription()
        assert row.back.accessibleName()
    assert "1 to 8,192, default: 1,024 tokens" in rows["max_new_tokens"].field.accessibleDescription()


def test_a_value_counts_once_it_is_finished(desk):
    field = desk.pane.rows["max_new_tokens"].field
    write(field, "200")
    assert desk.heard == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.heard == [Settings(model="tempo-6b", precision="nf4", max_new_tokens=200)]
    assert desk.pane.isVisible()  # Enter pressed no button
    assert desk.settings.max_new_tokens == 200


def test_one_of_a_unit_is_said_as_one(desk):
    row = desk.pane.rows["micro_batch"]
    write(row.field, "1")
    QTest.keyClick(row.field, Qt.Key.Key_Tab)
    write(row.field, "none")
    assert row.message.text().endswith("It stays at 1 segment.")


def test_what_cannot_be_is_said_while_typing_and_nothing_is_lost(desk):
    row = desk.pane.rows["budget"]
    write(row.field, "0")
    assert row.message.text() == "Token budget must lie between 1 and 131,072, not 0. It stays as the model says."
    desk.pane.rows["seed"].field.setFocus()  # going away does not make it right, nor lose it
    assert (row.field.text(), desk.heard, row.message.isVisible()) == ("0", [], True)
    desk.pane.rows["seed"].value_wanted.emit("seed", 5)  # nor does a change elsewhere
    assert (row.field.text(), row.message.isVisible()) == ("0", True)
    write(row.field, "40 00")
    assert not row.message.isVisible()
    QTest.keyClick(row.field, Qt.Key.Key_Tab)
    assert (desk.settings.budget, row.field.text()) == (4000, "4000")
    write(row.field, "many")
    assert row.message.text().endswith("not many. It stays at 4,000 tokens.")
    QTest.mouseClick(row.back, LEFT)
    assert (desk.settings.budget, row.field.text(), row.message.isVisible()) == (None, "", False)
    assert not row.back.isEnabled()


def test_what_a_model_says_is_shown_where_nothing_is_set(desk):
    row = desk.pane.rows["budget"]
    assert row.field.placeholderText() == "As the model says"
    desk.receive(ModelLoaded(NANO, 0.1))
    assert row.field.placeholderText() == "Model: 1,024"
    assert "as the model says: 1,024" in row._bounds.text()
    assert desk.pane._model.text() == "nano on cpu, fp32"
    row.field.setFocus()
    QTest.keyClick(row.field, Qt.Key.Key_Up)
    assert row.field.text() == "1280"


@pytest.mark.parametrize(
    ("name", "presses", "text"),
    [
        ("temperature", [Qt.Key.Key_Up] * 3, "0.3"),
        ("temperature", [Qt.Key.Key_Down], "0"),
        ("temperature", [Qt.Key.Key_PageUp] * 3, "2"),
        ("seed", [Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Down], "10"),
        ("micro_batch", [Qt.Key.Key_Up], "1"),
        ("sample_fps", [Qt.Key.Key_Up], "0.5"),
        ("range_seconds", [Qt.Key.Key_Up], ""),
    ],
)
def test_arrow_keys_count_within_bounds(desk, name, presses, text):
    field = desk.pane.rows[name].field
    field.setFocus()
    for key in presses:
        QTest.keyClick(field, key)
    assert field.text() == text


def test_settings_that_contradict_each_other_are_told(desk):
    desk.receive(ModelLoaded(NANO, 0.1))
    row = desk.pane.rows["top_p"]
    write(row.field, "0,5")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert (desk.settings.top_p, row.field.text()) == (0.5, "0.5")
    assert row.message.text() == "Without effect at temperature 0, where the likeliest word is always taken."
    desk.store.set("temperature", 0.4)
    assert not row.message.isVisible()
    desk.store.set("budget", 100)
    assert "128 segments" in desk.pane.rows["budget"].message.text()


def test_switches_and_choices_count_at_once(desk):
    switch, choice = desk.pane.rows["keep_index"].field, desk.pane.rows["allocation"].field
    QTest.mouseClick(switch, LEFT, pos=QPoint(15, switch.height() // 2))
    assert desk.settings.keep_index is False
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert desk.settings.keep_index is True
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert desk.settings.allocation == "uniform"
    bits = desk.pane.rows["prefix_bits"].field
    bits.setFocus()
    QTest.keyClick(bits, Qt.Key.Key_Down)
    assert desk.settings.prefix_bits == 8


def test_reset_all_can_be_taken_back(desk):
    assert not desk.pane.all_back.isEnabled()
    desk.store.set("seed", 5)
    desk.store.set("temperature", 0.5)
    write(desk.pane.rows["budget"].field, "0")
    QTest.mouseClick(desk.pane.all_back, LEFT)
    assert desk.settings == Settings(model="tempo-6b", precision="nf4")
    assert (desk.pane.rows["budget"].field.text(), desk.pane.all_back.text()) == ("", "Undo reset")
    QTest.mouseClick(desk.pane.all_back, LEFT)
    assert (desk.settings.seed, desk.settings.temperature) == (5, 0.5)
    assert desk.pane.all_back.text() == "Reset all"


def test_the_filter_finds_by_name_help_and_group(desk):
    def shown():
        return [name for name, row in desk.pane.rows.items() if row.isVisible()]

    assert len(shown()) == len(desk.pane.rows) > 15
    QTest.keyClicks(desk.pane.filter, "keyframe")
    assert shown() == ["nearest_keyframe"]
    assert not desk.pane.models.isVisible()
    QTest.keyClick(desk.pane.filter, Qt.Key.Key_Escape)
    assert (desk.pane.filter.text(), desk.pane.isVisible()) == ("", True)
    desk.pane.filter.setText("answer LONG")
    assert shown() == ["max_new_tokens"]
    desk.pane.filter.setText("precision")
    assert desk.pane.models.isVisible()
    desk.pane.filter.setText("colour of the sky")
    assert shown() == []
    assert desk.pane._nothing.text() == "No setting has “colour of the sky” in its name or its help."
    assert desk.pane._nothing.isVisible()


def test_what_is_typed_counts_when_the_window_is_closed_right_after(desk):
    write(desk.pane.rows["seed"].field, "7")
    desk.pane.close()
    assert desk.settings.seed == 7


def test_the_range_is_the_films(desk):
    row, spans = desk.pane.rows["range_seconds"], []
    desk.range_changed.connect(spans.append)
    desk.set_range((12, 34.5))
    assert row.field.text() == "0:12-0:34.5"
    write(row.field, "1:02 - 1:30")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert (spans, desk.range) == ([(12.0, 34.5), (62.0, 90.0)], (62.0, 90.0))
    assert row.field.text() == "1:02-1:30"
    write(row.field, "34-12")
    assert row.message.text() == "The range 34-12 does not run forward. It stays at 1:02-1:30."
    row.drop_typed()
    desk.set_film(None)
    assert (desk.range, row.field.text(), spans[-1]) == (None, "", None)


def test_stored_nonsense_is_told_in_the_window(qapp, qtbot, stored):
    stored.setValue("settings/temperature", "hot")
    window = QWidget()
    qtbot.addWidget(window)
    desk = SettingsDesk(stored, SimpleNamespace(settings=Settings()), LIGHT, window)
    desk.show()
    assert "Temperature must be a number, not hot." in desk.pane.note
    assert desk.notes
    desk.pane.close()


def test_the_row_of_the_model_leads_to_the_window_of_models(desk, qtbot):
    with qtbot.waitSignal(desk.models_wanted, timeout=1000):
        QTest.mouseClick(desk.pane.models, LEFT)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_nothing_is_cut(desk, qtbot, palette):
    desk.apply_palette(palette)
    desk.receive(ModelLoaded(NANO, 0.1))
    desk.pane.resize(desk.pane.minimumSizeHint().width(), 600)
    QGuiApplication.processEvents()
    scroll = desk.pane.findChild(QScrollArea)
    assert scroll.widget().width() <= scroll.viewport().width()
    assert desk.pane.width() <= 720
    for row in desk.pane.rows.values():
        for label in row.findChildren(QLabel):
            if label.isVisible() and not label.wordWrap():
                assert label.width() >= label.sizeHint().width(), label.text()
        if isinstance(row.field, TextField):
            words = row.field.placeholderText()
            assert row.field.fontMetrics().horizontalAdvance(words) <= row.field.width() - 16, words
        else:
            assert row.field.width() >= min(row.field.sizeHint().width(), 168)
