"""An afternoon with the program: the bundled model and the sample film in a real window, mouse and keys only.

Open, ask, watch it fill, follow a citation, zoom, point, walk the moments, loop, edit and ask again, quit while it
works, start again and find everything.
"""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from sample_film import ENTERS, THING, WHEN

from app.conversation import Outcome
from app.knowledge import SAMPLE
from engine.session import Session
from engine.settings import Settings

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LONG = 120_000  # milliseconds; only a failure waits that long
FRAME = 1 / 25  # of the sample film
EXIT_SECONDS = 2.0


@pytest.fixture
def session():
    import engine.weights.loading  # noqa: F401  (an import cannot be stopped, and is not what is judged here)

    return lambda: Session(Settings(keep_index=False))


def typed(window, words):
    """Type a question and send it, as a person does: `/`, words, Enter."""
    QTest.keyClick(window.player, Qt.Key.Key_Slash)
    box = window.chat.composer.box
    assert box.hasFocus()
    QTest.keyClicks(box, words)
    QTest.keyClick(box, Qt.Key.Key_Return)


def at_rest(window, qtbot, seconds, within=FRAME):
    close = pytest.approx(seconds, abs=within)
    qtbot.waitUntil(lambda: window.player.seconds == close and window.player.playback.wanted == close, timeout=LONG)


def test_an_afternoon(open_window, qtbot, session):
    window = open_window(make_session=session, size=(1600, 1000), sample=SAMPLE)
    sample = next(b for b in window.player.welcome.findChildren(QPushButton) if "sample" in b.text())
    QTest.mouseClick(sample, LEFT)
    qtbot.waitUntil(lambda: window.player.playback.loaded and window.player._screen.has_picture, timeout=LONG)

    seen = watch_it_fill(window, qtbot)
    assert any(0 < scored < total for scored, total in seen), f"the heatmap did not fill live: {seen[:5]}"
    follow_the_citation(window, qtbot)
    zoom_and_point(window, qtbot)
    walk_the_moments(window, qtbot)
    loop(window, qtbot)
    edit_and_ask_again(window, qtbot)
    quit_while_it_works(window, qtbot)
    find_everything(open_window(make_session=session, size=(1600, 1000), sample=SAMPLE), qtbot)


def watch_it_fill(window, qtbot):
    seen = []
    window.timeline.shown.connect(lambda heatmap: seen.append((len(heatmap.scores), len(heatmap.segments))))
    typed(window, WHEN)
    qtbot.waitUntil(lambda: bool(window.chat.exchanges) and not window._bridge.busy, timeout=LONG)
    exchange = window.chat.exchanges[0]
    assert exchange.outcome is Outcome.ANSWERED, exchange.message
    assert THING in exchange.text
    return seen


def follow_the_citation(window, qtbot):
    """The player is within one frame of the cited start."""
    turn = window.chat.turns[0]
    cited = turn.exchange.answer.citations[0]
    assert cited.start_seconds == pytest.approx(ENTERS, abs=2.0)
    cursor = turn.view.document().find(cited.quote.split()[0])
    cursor.setPosition(cursor.selectionStart() + 2)
    QTest.mouseClick(turn.view.viewport(), LEFT, NONE, turn.view.cursorRect(cursor).center())
    at_rest(window, qtbot, cited.start_seconds)


def zoom_and_point(window, qtbot):
    """The wheel zooms about the pointer; the card shows the place under it."""
    plot = window.timeline.plot
    where = QPointF(plot.scale_now.to_pixel(38.0), plot.lanes_now.bars.middle)
    before = plot.scale_now.end - plot.scale_now.start
    wheel = QWheelEvent(where, plot.mapToGlobal(where), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, NONE,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(plot, wheel)
    assert plot.scale_now.end - plot.scale_now.start < before
    assert plot.scale_now.to_pixel(38.0) == pytest.approx(where.x(), abs=1.0)
    QTest.mouseMove(plot, where.toPoint())
    looking = window.timeline.looking
    qtbot.waitUntil(lambda: looking.card is not None and looking.card.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: looking.card.picture is not None, timeout=LONG)
    assert "0:38" in looking.card.text
    QTest.mouseDClick(plot, LEFT, NONE, where.toPoint())
    assert plot.scale_now.end - plot.scale_now.start == pytest.approx(before)
    QTest.mouseMove(window.player, QPoint(50, 50))


def walk_the_moments(window, qtbot):
    window.player.setFocus()
    QTest.keyClick(window.player, Qt.Key.Key_Home)
    at_rest(window, qtbot, 0.0)
    QTest.keyClick(window.player, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(ENTERS, abs=2.1), timeout=LONG)


def loop(window, qtbot):
    """A to B by key, and round again."""
    start = window.player.seconds
    QTest.keyClick(window.player, Qt.Key.Key_L)
    for _ in range(10):
        QTest.keyClick(window.player, Qt.Key.Key_Period)
    at_rest(window, qtbot, start + 10 * FRAME)
    QTest.keyClick(window.player, Qt.Key.Key_L)
    QTest.keyClick(window.player, Qt.Key.Key_Space)
    shown = []
    window.player.moved.connect(shown.append)
    qtbot.waitUntil(lambda: sum(b < a - 2 * FRAME for a, b in pairwise(shown)) >= 2, timeout=LONG)
    window.player.moved.disconnect(shown.append)
    assert max(shown) < start + 12 * FRAME
    QTest.keyClick(window.player, Qt.Key.Key_Space)
    QTest.keyClick(window.player, Qt.Key.Key_L)


def edit_and_ask_again(window, qtbot):
    turn = window.chat.turns[0]
    QTest.mouseClick(turn.actions_row.edit, LEFT)
    box = window.chat.composer.box
    assert box.toPlainText() == WHEN
    box.selectAll()
    QTest.keyClicks(box, "Does the film show the cat?")
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "cat" in window.chat.exchanges[0].text and not window._bridge.busy, timeout=LONG)
    assert len(window.chat.exchanges) == 1
    assert [take.question for take in window.chat.exchanges[0].earlier] == [WHEN]


def quit_while_it_works(window, qtbot):
    window.player.setFocus()
    QTest.keyClick(window.player, Qt.Key.Key_Escape)
    typed(window, "What appears at 18 seconds?")
    qtbot.waitUntil(lambda: window._bridge.busy, timeout=LONG)
    begun = time.monotonic()
    window.close()
    took = time.monotonic() - begun
    assert took < EXIT_SECONDS, f"closing took {took:.1f} s"
    assert window.stopped, "a thread survived"


def find_everything(window, qtbot):
    qtbot.waitUntil(lambda: window.recent.isVisible() and window.recent.rows.rowCount() == 1, timeout=LONG)
    row = window.recent.list.visualRect(window.recent.rows.index(0))
    QTest.mouseClick(window.recent.list.viewport(), LEFT, NONE, row.center())
    qtbot.waitUntil(lambda: len(window.chat.exchanges) == 2 and window.player._screen.has_picture, timeout=LONG)
    first, second = window.chat.exchanges
    assert first.outcome is Outcome.ANSWERED
    assert "cat" in first.text  # of the edited question
    assert first.earlier[0].question == WHEN
    assert second.question == "What appears at 18 seconds?"
    assert window.timeline.heatmap.shares
    qtbot.waitUntil(lambda: window.player.seconds == pytest.approx(ENTERS, abs=4.0), timeout=LONG)  # where it stood
