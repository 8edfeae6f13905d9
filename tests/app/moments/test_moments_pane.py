"""The list of moments in a real window: keys, mouse, scores that arrive, pictures only for what is in view."""

import random
import time
from pathlib import Path

import pytest
from heatmaps import heatmap, pin
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from app.moments.export.files import FORMATS
from app.moments.model import MOMENT, Column
from app.moments.moments import DEFAULT_THRESHOLD, Order
from app.moments.nothing import ASK
from app.moments.pane import MomentsPane
from app.theme import DARK, LIGHT
from app.timeline.heatmap import Heatmap
from engine.records import VideoInfo

LEFT = Qt.MouseButton.LeftButton
FILM = VideoInfo(Path("films") / "a film.mp4", 18.0, 450, 25.0, 160, 96, 0, 0.0, "h264", False, False)
SCORES = [0, 0.7, 0.8, 0, 0.95, 0, 0, 0.6, 0]  # 2-6 (rank 2), 8-10 (rank 1), 14-16 (rank 3)


class Heard:
    """What a pane has said."""

    def __init__(self, pane):
        self.all = []
        for name in ("seek_wanted", "span_wanted", "loop_wanted", "clip_wanted", "range_wanted", "segment_pointed",
                     "thumbnail_wanted", "told", "failed"):  # fmt: skip
            getattr(pane, name).connect(lambda *values, name=name: self.all.append((name, *values)))

    def of(self, name):
        return [said[1:] if len(said) > 2 else said[1] for said in self.all if said[0] == name]


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def pane(qapp, qtbot, settings):
    made = MomentsPane(settings, DARK)
    made.heard = Heard(made)
    made.tester = QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    qtbot.addWidget(made)
    made.resize(544, 400)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def row_point(pane, row):
    return pane.view.visualRect(pane.model.index(row, Column.TIME)).center()


def click(pane, row):
    QTest.mouseClick(pane.view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, row_point(pane, row))


def ranks(pane):
    return [moment.rank for moment in pane.model.moments]


def test_a_click_seeks_and_points_and_a_double_click_plays(pane):
    pane.show_heatmap(heatmap(SCORES))
    assert ranks(pane) == [1, 2, 3]
    click(pane, 1)
    assert pane.heard.of("seek_wanted") == [2.0]
    assert pane.heard.of("segment_pointed") == [2]
    click(pane, 1)  # again, on the selected row
    assert pane.heard.of("seek_wanted") == [2.0, 2.0]
    QTest.mouseDClick(pane.view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, row_point(pane, 0))
    assert pane.heard.of("span_wanted") == [(8.0, 10.0)]
    assert pane.heard.all[-1][0] == "span_wanted"  # no seek comes after it and stops it


def test_up_and_down_seek_enter_plays_and_other_keys_are_the_players(pane, qtbot):
    pane.show_heatmap(heatmap(SCORES))
    pane.view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(pane.view, key)
    moved = pane.heard.of("seek_wanted")
    assert moved == [8.0, 2.0, 8.0, 14.0, 8.0]
    QTest.keyClick(pane.view, Qt.Key.Key_Home)  # nowhere to go: no seek
    assert pane.heard.of("seek_wanted") == moved
    QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert pane.heard.of("span_wanted") == [(8.0, 10.0)]
    unwanted = []
    pane.keyPressEvent = lambda event: unwanted.append(event.key())
    for key in (Qt.Key.Key_Space, Qt.Key.Key_M, Qt.Key.Key_Left, Qt.Key.Key_Escape):
        QTest.keyClick(pane.view, key)
    assert unwanted == [Qt.Key.Key_Space, Qt.Key.Key_M, Qt.Key.Key_Left, Qt.Key.Key_Escape]
    assert pane.view.moment.rank == 1


def test_next_and_previous_go_by_time_and_go_on_while_the_player_seeks(pane):
    pane.next()
    assert pane.heard.of("told") == [ASK]
    pane.show_heatmap(heatmap(SCORES))
    pane.set_seconds(0.0)
    pane.next()
    pane.set_seconds(0.1)  # the player has not arrived yet
    pane.next()
    assert pane.heard.of("seek_wanted") == [2.0, 8.0]
    assert pane.view.moment.rank == 1
    pane.set_seconds(7.98)  # the picture before
    pane.next()
    pane.set_seconds(14.0)
    pane.next()
    assert pane.heard.of("seek_wanted") == [2.0, 8.0, 14.0]
    assert pane.heard.of("told")[-1] == "There is no later moment."
    pane.previous()
    assert pane.heard.of("seek_wanted")[-1] == 8.0


def test_play_takes_the_moment_at_the_playhead_then_the_selected_then_the_next(pane):
    pane.show_heatmap(heatmap(SCORES))
    pane.set_seconds(0.5)
    pane.play()
    assert pane.heard.of("span_wanted") == [(2.0, 6.0)]
    pane.set_seconds(2.0)
    pane.set_seconds(15.0)
    pane.play()
    pane.set_seconds(14.0)
    pane.set_seconds(17.5)
    pane.play()
    assert pane.heard.of("span_wanted") == [(2.0, 6.0), (14.0, 16.0), (14.0, 16.0)]


def test_the_playhead_marks_its_row_and_a_click_on_the_timeline_selects(pane):
    pane.show_heatmap(heatmap(SCORES))
    pane.set_seconds(9.0)
    assert pane.model.now == pane.model.moments[0].key
    said = pane.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Moment 1, 0:08.0 – 0:10.0, relevance 0.95, 95 tokens, playing here"
    pane.set_seconds(11.0)
    assert pane.model.now is None
    pane.select_at(15.0)
    assert pane.view.moment.rank == 3
    pane.select_at(11.0)
    assert pane.view.moment.rank == 3
    assert pane.heard.of("seek_wanted") == []


def test_the_list_fills_while_scores_arrive_and_the_selection_stays(pane, qtbot):
    scores = [random.Random(at).random() for at in range(120)]
    full = heatmap(scores)
    live = [heatmap([score if at < done else None for at, score in enumerate(scores)]) for done in range(1, 121)]
    pane.show_heatmap(Heatmap(question=1, segments=full.segments, provisional=True))
    assert "first segments are scored" in pane.nothing.text
    held = top = None
    for step, one in enumerate(live):
        pane.show_heatmap(Heatmap(1, one.segments, one.scores, one.shares, 4, 128, provisional=True))
        if step == 20:
            qtbot.waitUntil(lambda: len(pane.model.moments) > 2, timeout=2000)
            click(pane, 2)
            held, top = pane.view.moment, pane.view.top_of_current
    qtbot.waitUntil(lambda: len(pane.model.moments) > 25, timeout=2000)
    assert (pane.view.moment.start_seconds, pane.view.top_of_current) == (held.start_seconds, top)
    assert pane.heard.of("seek_wanted") == [held.start_seconds]  # nothing but the click
    pane.show_heatmap(full)
    assert ranks(pane) == sorted(ranks(pane))
    assert pane.view.moment.start_seconds == held.start_seconds
    assert pane.foot.text.startswith(f"{len(pane.model.moments)} moments, ")


def test_a_moment_that_becomes_part_of_another_hands_its_selection_on(pane):
    pane.show_heatmap(heatmap([0.9, None, 0.8]))
    click(pane, 1)
    assert pane.view.moment.start_seconds == 4.0
    pane.show_heatmap(heatmap([0.9, 0.7, 0.8]))
    assert pane.view.moment.start_seconds == 0.0
    pane.show_heatmap(heatmap([0.1, 0.1, 0.1]))
    assert pane.view.moment is None
    assert pane.heard.of("segment_pointed")[-1] is None


def test_threshold_and_order_are_obeyed_and_remembered(pane, qtbot, settings):
    pane.show_heatmap(heatmap(SCORES, shares=[4, 90, 90, 4, 50, 4, 4, 95, 4]))
    assert pane.controls.threshold == DEFAULT_THRESHOLD
    pane.controls.slider.setFocus()
    QTest.keyClick(pane.controls.slider, Qt.Key.Key_PageUp)
    QTest.keyClick(pane.controls.slider, Qt.Key.Key_PageUp)
    assert pane.controls._number.text() == "0.70"
    assert pane.foot.text == "2 moments, 0:06.0 in total"
    pane.controls.slider.setValue(50)
    pane.controls.set_order(Order.TOKENS)
    assert ranks(pane) == [3, 2, 1]
    header = pane.view.header()
    QTest.mouseClick(header.viewport(), LEFT, pos=QPoint(header.sectionViewportPosition(Column.TIME) + 9, 9))
    assert ranks(pane) == [2, 1, 3]
    assert pane.controls.order is Order.TIME
    pane.controls.slider.setValue(62)
    other = MomentsPane(settings, LIGHT)
    qtbot.addWidget(other)
    assert (other.controls.threshold, other.controls.order) == (62, Order.TIME)


@pytest.mark.parametrize("stored", ["often", "-3", "", "99999999", "0.5"])
def test_what_was_stored_wrongly_is_the_default(qapp, qtbot, settings, stored):
    settings.setValue("moments/threshold", stored)
    settings.setValue("moments/order", stored)
    made = MomentsPane(settings, DARK)
    qtbot.addWidget(made)
    assert (made.controls.threshold, made.controls.order) == (DEFAULT_THRESHOLD, Order.RELEVANCE)


def test_pictures_are_asked_for_rows_in_view_only_and_once(pane, qtbot):
    scores = [0.9 if at % 2 else 0.0 for at in range(2000)]
    pane.show_heatmap(heatmap(scores))
    pane.controls.set_order(Order.TIME)
    assert pane.model.rowCount() == 1000
    qtbot.waitUntil(lambda: len(pane.heard.of("thumbnail_wanted")) > 3, timeout=2000)
    qtbot.wait(200)
    asked = pane.heard.of("thumbnail_wanted")
    assert len(asked) < 9
    assert set(asked) == {moment.middle for moment in pane.view.rows_in_view()}
    assert asked[-1] == pane.model.moments[0].middle  # the newest wish is read first
    picture = QImage(416, 234, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.green)
    for seconds in asked:
        pane.set_thumbnail(seconds, picture)
    pane.set_thumbnail(77_777.0, picture)  # somebody else's wish
    place = pane.view.visualRect(pane.model.index(0, Column.PICTURE)).center()
    shown = pane.view.viewport().grab().toImage()
    assert shown.pixelColor(place * shown.devicePixelRatio()).green() == 255
    pane.view.verticalScrollBar().setValue(pane.view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: pane.model.moments[-1].middle in pane.heard.of("thumbnail_wanted"), timeout=2000)
    assert len(pane.heard.of("thumbnail_wanted")) < 20
    pane.view.verticalScrollBar().setValue(0)
    qtbot.wait(200)
    assert pane.heard.of("thumbnail_wanted").count(asked[0]) == 1


def test_a_hidden_list_asks_for_no_pictures(qapp, qtbot, settings):
    made = MomentsPane(settings, DARK)
    qtbot.addWidget(made)
    heard = Heard(made)
    made.show_heatmap(heatmap(SCORES))
    qtbot.wait(150)
    assert heard.of("thumbnail_wanted") == []
    made.next()
    assert heard.of("seek_wanted") == [2.0]


def test_a_thousand_moments_scroll_at_sixty_frames_a_second(pane):
    pane.show_heatmap(heatmap([0.9 if at % 2 else 0.0 for at in range(2000)]))
    bar, times = pane.view.verticalScrollBar(), []
    for step in range(60):
        bar.setValue(step * bar.maximum() // 60)
        begun = time.perf_counter()
        pane.view.viewport().repaint()
        times.append(time.perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 1 / 60


def menu_of(pane):
    return next(menu for menu in pane.findChildren(QMenu) if menu.isVisible())


def test_the_context_menu_plays_loops_asks_saves_and_copies(pane, qtbot):
    pane.show_heatmap(heatmap(SCORES, pins=(pin(1, 4),)))
    for wish, heard in (("Play it in a loop", "loop_wanted"), ("Ask about this part only", "range_wanted"),
                        ("Save it as a clip…", "clip_wanted")):  # fmt: skip
        where = row_point(pane, 1)
        QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.RightButton, pos=where)
        pane.view.menu_wanted.emit(pane.view.moment, pane.view.viewport().mapToGlobal(where))
        menu = menu_of(pane)
        next(action for action in menu.actions() if action.text() == wish).trigger()
        menu.close()
        QApplication.processEvents()
        assert pane.heard.of(heard) == [(2.0, 6.0)]
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0:02.0 – 0:06.0  relevance 0.80, 80 tokens\n"
    entry(pane, "Markdown").trigger()
    assert QGuiApplication.clipboard().text().splitlines()[0] == (
        "- **0:08.0 – 0:10.0**: relevance 0.95, 95 tokens, cited as 1"
    )


def entry(pane, words):
    return next(action for action in pane.foot.export.menu().actions() if words in action.text())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.csv", ""),
        ("a.srt", ""),
        ("a.vtt", ""),
        ("a.otio", ""),
        ("a.edl", " Import it onto a timeline of 25 frames a second"),
    ],
)
def test_all_moments_are_saved_where_somebody_says(pane, qtbot, tmp_path, monkeypatch, name, told):
    pane.set_film(FILM)
    pane.show_heatmap(heatmap(SCORES, pins=(pin(1, 4),)))
    asked = []
    chosen = tmp_path / name
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *said: (asked.append(said[1:3]), (str(chosen), ""))[1])
    entry(pane, "Save…").trigger()
    assert asked == [("Save the moments", str(Path("films") / "a film moments.csv"))]
    qtbot.waitUntil(lambda: bool(pane.heard.of("told")), timeout=5000)
    assert pane.heard.of("told")[0].startswith(f"Saved {name}.{told}")
    format_ = next(one for one in FORMATS if one.suffix == chosen.suffix)
    assert chosen.read_bytes() == format_.write(pane.model.moments, FILM).encode()
    assert pane.shutdown()


def test_what_cannot_be_saved_says_why_and_stays(pane, qtbot, tmp_path, monkeypatch):
    pane.save()
    assert pane.heard.of("told") == [ASK]
    pane.set_film(FILM)
    pane.show_heatmap(heatmap(SCORES))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.txt"), ""))
    pane.save()
    assert pane.heard.of("failed")[0].startswith("YouTube wants at least 3 chapters")
    assert list(tmp_path.glob("*.txt")) == []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "gone" / "a.csv"), ""))
    pane.save()
    qtbot.waitUntil(lambda: len(pane.heard.of("failed")) == 2, timeout=5000)
    assert pane.heard.of("failed")[1].startswith("The list of moments could not be saved: ")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    pane.save()
    assert pane.shutdown()
    assert len(pane.heard.all) == 3, "who changes their mind hears nothing"


def test_nothing_reaches_the_threshold_and_the_best_place_is_one_click_away(pane):
    assert pane.nothing.text == ASK
    assert not pane.foot.export.isEnabled()
    pane.show_heatmap(heatmap([0.1, 0.29, 0.2]))
    assert "The highest is 0.29." in pane.nothing.text
    QTest.mouseClick(pane.nothing.button, LEFT)
    assert pane.heard.of("seek_wanted") == [2.0]
    pane.next()
    assert "0.29" in pane.heard.of("told")[0]


def test_another_film_forgets_everything(pane):
    pane.show_heatmap(heatmap(SCORES))
    click(pane, 0)
    pane.set_film(None)
    assert (pane.model.moments, pane.view.moment, pane.nothing.text) == ((), None, ASK)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize("width", [340, 380, 544, 900])
def test_every_number_is_painted_whole(pane, palette, width):
    pane.apply_palette(palette)
    pane.resize(width, 400)
    pane.show_heatmap(heatmap(SCORES, shares=[128] * 9, seconds=1500.0))  # hours into the film
    QApplication.processEvents()
    view = pane.view
    right = view.header().sectionViewportPosition(Column.RELEVANCE) + view.header().sectionSize(Column.RELEVANCE)
    assert right <= view.viewport().width()
    metrics = view.fontMetrics()
    for column in (Column.TIME, Column.TOKENS, Column.RELEVANCE):
        text = pane.model.index(0, column).data()
        assert metrics.horizontalAdvance(text) <= view.header().sectionSize(column)
    assert view.model().index(0, 0).data(MOMENT).end_seconds == 7500.0
