"""The window of charts on a real window: opens by key, follows questions while they are scored, leads the player."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from scripted import ScriptedSession, cut, share

from app.charts.desk import ChartsDesk
from app.charts.window import HINT, ChartsWindow
from app.theme import DARK, LIGHT
from app.timeline.content import Content
from app.timeline.heat import heat
from app.timeline.heatmap import Heatmap


def heatmap(count, question=1, *, peak=0.4):
    segments = cut(2.0 * count)
    scores = [max(0.9 - 3 * abs(place / count - peak), 0.05 + place * 7 % 5 / 50) for place in range(count)]
    allocation = share(scores, limit=4 * count)
    shares = dict(enumerate(allocation.shares))
    return Heatmap(question, segments, dict(enumerate(scores)), shares, 1, 8, 4 * count)


@pytest.fixture
def charts(qtbot):
    made = ChartsWindow(DARK)
    qtbot.addWidget(made)
    made.show_content(Content(heatmap=heatmap(20, 2), earlier=heatmap(20, 1, peak=0.7)))
    made.show()
    qtbot.waitExposed(made)
    return made


def pixel(chart, place):
    """Where a rank is on screen."""
    return chart.mapFromScene(chart.plotItem.vb.mapViewToScene(QPointF(*chart.at[place])))


def asked(window, qtbot, question="When?"):
    window.ask(question)
    qtbot.waitUntil(lambda: not window._bridge.busy and bool(window.timeline.heatmap.pins), timeout=20_000)


def test_the_key_opens_it_and_it_shows_the_question(on_film, qtbot):
    window = on_film()
    assert window.charts.pane is None
    asked(window, qtbot)
    window.player.setFocus()
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    pane = window.charts.pane
    assert pane.isVisible()
    assert not pane.isModal()
    assert len(pane.ranks) == len(window.timeline.heatmap.segments) == 10
    assert [rank.relevance for rank in pane.ranks] == sorted(window.timeline.heatmap.scores.values(), reverse=True)


def test_the_header_and_the_menu_open_it_too(open_window):
    window = open_window()
    window.timeline.header.buttons["charts"].click()
    pane = window.charts.pane
    assert pane.isVisible()
    assert pane.nothing.isVisible()
    assert pane.nothing.text().startswith("Ask a question")
    pane.close()
    menu = window.top._view.menu()
    next(action for action in menu.actions() if action.text().startswith("Charts")).trigger()
    assert window.charts.pane is pane
    assert pane.isVisible()


def test_it_follows_while_segments_are_scored_and_shows_the_question_before(on_film, qtbot):
    window = on_film(ScriptedSession(delay=0.06))
    window.charts.show()
    pane = window.charts.pane
    seen = set()
    window.timeline.shown.connect(lambda _: seen.add(len(pane.ranks)))
    asked(window, qtbot)
    qtbot.waitUntil(lambda: len(pane.ranks) == 10, timeout=5000)
    assert seen & set(range(1, 10)), "nothing was shown before the end"
    assert pane.by_rank._earlier.getData()[0] is None
    window.ask("And when again?")
    qtbot.waitUntil(lambda: not window._bridge.busy and window.timeline.heatmap.question == 2, timeout=20_000)
    qtbot.waitUntil(lambda: pane.caption.text().startswith("Tokens given for question 2"), timeout=5000)
    assert len(pane.by_rank._earlier.getData()[0]) == 10
    assert len(pane.ranks) == 10


def test_nothing_is_drawn_while_it_is_closed(on_film, qtbot):
    window = on_film()
    window.charts.show()
    pane = window.charts.pane
    pane.close()
    asked(window, qtbot)
    assert pane.ranks == ()
    window.charts.show()
    assert len(pane.ranks) == 10


@pytest.mark.parametrize("name", ["by_rank", "scatter"])
def test_a_click_seeks_and_outlines_the_segment(on_film, qtbot, name):
    window = on_film()
    asked(window, qtbot)
    window.charts.show()
    pane = window.charts.pane
    qtbot.waitExposed(pane)
    chart = getattr(pane, name)
    best = pane.ranks[0].segment
    assert best.start_seconds > 0
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=pixel(chart, 0))
    assert window.player.playback.wanted == pytest.approx(best.start_seconds)
    assert window.timeline.plot._outlined == best
    assert pane.by_rank.marked == pane.scatter.marked == 0


def test_the_mouse_points_at_a_segment_in_both_charts(charts, qtbot):
    chart = charts.scatter
    for away in (QPoint(0, 0), QPoint(3, 2)):
        QTest.mouseMove(chart.viewport(), pixel(chart, 0) + away)
        qtbot.waitUntil(lambda: charts.by_rank.marked == 0, timeout=2000)
    assert charts.told.text() == charts.ranks[0].text
    chart.pointed.emit(None)
    assert charts.told.text() == HINT
    assert charts.by_rank.marked is None


def test_arrows_walk_and_enter_goes_there(charts):
    chart = charts.by_rank
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert charts.told.text() == charts.ranks[1].text
    QTest.keyClick(chart, Qt.Key.Key_Home)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.marked == 0
    said = []
    charts.seek_wanted.connect(said.append)
    charts.segment_pointed.connect(said.append)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    segment = charts.ranks[0].segment
    assert said == [segment.start_seconds, segment.index]
    assert charts.isVisible()


def test_a_view_that_was_zoomed_stays_until_fit(charts):
    box = charts.by_rank.plotItem.vb
    fitted = box.viewRange()
    box.scaleBy((0.5, 0.5))
    box.sigRangeChangedManually.emit([True, True])
    zoomed = box.viewRange()
    charts.show_content(Content(heatmap=heatmap(20, 2, peak=0.6)))
    assert box.viewRange() == zoomed
    charts.fit_button.click()
    assert box.viewRange()[0] == pytest.approx(fitted[0])
    assert box.viewRange()[1] == pytest.approx(fitted[1])
    box.scaleBy((0.5, 0.5))
    box.sigRangeChangedManually.emit([True, True])
    charts.show_content(Content(heatmap=heatmap(30, 3)))
    assert box.viewRange()[0][1] == pytest.approx(30.6)


def test_the_menu_saves_a_picture_a_drawing_and_a_table(charts, qtbot, tmp_path, monkeypatch):
    for number, kind in enumerate(("png", "svg", "csv")):
        path = tmp_path / f"chart.{kind}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        charts.by_rank.scene().contextMenu[number].trigger()
        qtbot.waitUntil(lambda path=path: charts.told.text() == f"Saved {path.name}.", timeout=5000)
    assert not QImage(str(tmp_path / "chart.png")).isNull()
    assert QSvgRenderer(str(tmp_path / "chart.svg")).isValid()
    head, first, *rest = (tmp_path / "chart.csv").read_text().splitlines()
    best = charts.ranks[0]
    assert head.split(",")[-2:] == ["relevance", "tokens"]
    assert first.split(",")[:2] == ["1", str(best.segment.index + 1)]
    assert first.split(",")[-2:] == [str(best.relevance), str(best.tokens)]
    assert len(rest) == 19


def test_a_full_disk_leaves_the_chart_that_was_there(charts, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "chart.csv"
    path.write_text("the one before")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    def half(part, content):
        with part.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    charts.scatter.export_wanted.emit("csv")
    told = "The chart could not be saved: No space left on device."
    qtbot.waitUntil(lambda: charts.told.text() == told, timeout=5000)
    assert path.read_text() == "the one before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["chart.csv"]


def test_a_file_that_cannot_be_written_is_one_sentence(charts, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no folder" / "a.csv"), ""))
    charts.scatter.export_wanted.emit("csv")
    told = "The chart could not be saved: No such file or directory."
    qtbot.waitUntil(lambda: charts.told.text() == told, timeout=5000)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    charts.scatter.export_wanted.emit("csv")
    assert charts.told.text() == HINT


def test_the_menu_has_no_dead_entries(charts):
    for chart in charts.charts:
        shown = {action.text() for menu in (chart.plotItem.vb.menu, chart.plotItem.ctrlMenu)
                 for action in menu.actions() if action.isVisible()}  # fmt: skip
        assert shown == {"View All", "Mouse Mode", "Grid"}
        assert [action.text() for action in chart.scene().contextMenu] == [
            "Save as PNG…",
            "Save as SVG…",
            "Save as CSV…",
        ]


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
def test_both_palettes(charts, palette):
    charts.apply_palette(palette)
    picture = charts.scatter.grab().toImage()
    assert picture.pixelColor(2, 2).name() == QColor(palette.lane).name()
    for point, rank in zip(charts.scatter._points.points(), charts.ranks, strict=True):
        assert point.brush().color().getRgb()[:3] == heat(rank.tokens, low=1, high=8, dark=palette.dark)


def test_the_theme_reaches_an_open_window(open_window):
    window = open_window()
    window.charts.show()
    before = window.charts.pane.by_rank.colours
    window._theme.flip()
    assert window.charts.pane.by_rank.colours != before
    window._theme.flip()


def test_it_closes_with_the_main_window(open_window, qapp):
    window = open_window()
    window.charts.show()
    assert window.charts.pane in qapp.topLevelWidgets()
    window.close()
    assert not [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]


def test_the_desk_alone_imports_no_pyqtgraph():
    code = f"import sys; import {ChartsDesk.__module__}; print('pyqtgraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr


def test_a_thousand_segments(charts, capsys):
    """Prints how long a redraw takes, arithmetic and painting; what it draws is asserted."""
    charts.resize(1400, 800)
    took = []
    for turn in range(15):
        content = Content(heatmap=heatmap(1024, 3, peak=0.2 + turn / 100))
        QApplication.processEvents()
        begun = time.perf_counter()
        charts.show_content(content)
        drawn = time.perf_counter()
        for chart in charts.charts:
            chart.viewport().repaint()
        took.append(((drawn - begun) * 1000, (time.perf_counter() - drawn) * 1000))
    with capsys.disabled():
        told, painted = (statistics.median(part) for part in zip(*took, strict=True))
        whole = statistics.median(map(sum, took))
        sys.stdout.write(f"\n1,024 segments: {told:.1f} ms to tell, {painted:.1f} ms to paint, {whole:.1f} ms in all\n")
    assert len(charts.scatter.at) == 1024
    assert len(charts.by_rank._curve.getData()[0]) == 1024
