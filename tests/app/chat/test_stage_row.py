"""The five stages: as many beside one another as fit, what each says, in which colour."""

import pytest
from PySide6.QtGui import QColor
from scripted import ScriptedSession

from app.chat.progress import Progress, Stage, State
from app.chat.stages import StageRow
from app.theme import DARK, LIGHT


@pytest.fixture
def row(qtbot):
    made = StageRow(DARK)
    qtbot.addWidget(made)
    made.show_progress(
        Progress(
            reading=Stage("Reading", State.DONE, 8, 8, "8 of 8"),
            indexing=Stage("Indexing", State.RUNNING, 3, 6, "3 of 6"),
        )
    )
    made.resize(510, made.heightForWidth(510))
    made.show()
    return made


@pytest.mark.parametrize(("width", "lines"), [(510, 1), (499, 1), (420, 2), (300, 2), (210, 3)])
def test_lines_by_width(row, width, lines):
    row.resize(width, row.heightForWidth(width))
    places = row.places()
    assert len({box.top() for box in places}) == lines
    assert max(box.bottom() for box in places) <= row.height() + 0.5
    assert max(box.right() for box in places) <= width + 0.5


@pytest.mark.parametrize(("width", "lines"), [(560, 1), (340, 2)])
def test_in_a_conversation_all_five_are_on_screen(open_window, qtbot, film, width, lines):
    window = open_window(ScriptedSession(delay=0.02))
    window.open_film(film)
    qtbot.waitUntil(lambda: window.player.playback.loaded, timeout=8000)
    window.docks["chat"].setFloating(True)
    window.docks["chat"].resize(width + 60, 600)
    window.ask("When?")
    row = window.chat.turns[0].take.stages
    qtbot.waitUntil(lambda: len({box.top() for box in row.places()}) == lines, timeout=5000)
    qtbot.waitUntil(lambda: row.isVisible() and row.height() == row.heightForWidth(row.width()), timeout=5000)
    qtbot.waitUntil(lambda: not window._bridge.busy, timeout=20_000)


def test_it_is_read_out(row):
    assert row.accessibleName().startswith("Reading: done, 8 of 8; Indexing: running, 3 of 6; Scoring: waiting")


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_bars_are_as_long_as_the_stage_is_far(row, palette):
    row.apply_palette(palette)
    picture = row.grab().toImage()
    reading, indexing, *_ = row.places()

    def colour(box, share):
        return picture.pixelColor(round(box.left() + share * box.width()), 0)

    assert colour(reading, 0.9) == QColor(palette.text2)
    assert colour(indexing, 0.4) == QColor(palette.accent)
    assert colour(indexing, 0.6) == QColor(palette.hover)
