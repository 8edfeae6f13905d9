"""The pane: events folded once, questions to choose from, ranges and loops, following, what is remembered."""

import time
from pathlib import Path

import pytest
from filled import CHAPTERS, CUTS, FILM_SECONDS, heatmap
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget
from scripted import cut, share

from app.dock import Dock
from app.theme import DARK, LIGHT
from app.timeline import menus
from app.timeline.content import Cuts
from app.timeline.heatmap import Heatmap
from app.timeline.pane import TimelinePane
from app.timeline.targets import Target
from engine.events import BudgetAllocated, SegmentScored, SegmentsFound
from engine.records import VideoInfo

VIDEO = VideoInfo(Path("film.mp4"), FILM_SECONDS, 2500, 25.0, 640, 360, 0, 0.0, "h264", False, True)


@pytest.fixture
def pane(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    pane = TimelinePane(DARK)
    window.setCentralWidget(QWidget())
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, Dock("timeline", "Timeline", pane, DARK, window))
    window.resize(1200, 700)
    window.show()
    resize(window, 330)
    pane.set_film(VIDEO)
    pane.set_chapters(CHAPTERS)
    pane.set_cuts(Cuts(CUTS, share=1.0))
    yield pane
    window.close()


def resize(window, height):
    """Give the timeline's dock a height."""
    window.resizeDocks(window.findChildren(QDockWidget), [height], Qt.Orientation.Vertical)


@pytest.fixture
def asked(pane):
    pane.restore([heatmap(1), heatmap(2), heatmap(3)])
    return pane


def settle(qtbot):
    qtbot.wait(5)


# questions ------------------------------------------------------------------------------------------------------------


def test_a_thousand_segments_arrive_in_a_few_paintings(pane, qtbot):
    """All of them at once, each with a deal of the budget so far, as after a pause of the window."""
    segments = cut(2048.0)
    pane.begin_question(1)
    pane.receive(SegmentsFound(segments, 4096, 2.0))
    stream = []
    for place in range(len(segments)):
        stream.append(SegmentScored(place, (place % 97) / 97, place + 1, len(segments)))
        deal = share([(at % 97) / 97 for at in range(place + 1)], limit=4096)
        stream.append(BudgetAllocated(deal, tuple(range(place + 1)), True))
    drawn, begun = pane.plot.renders, time.process_time()
    for event in stream:
        pane.receive(event)
    taken = time.process_time() - begun
    settle(qtbot)
    assert len(pane.heatmap.shares) == 1024
    assert pane.plot.renders - drawn <= 2
    assert taken < 0.05, f"folding 2048 events took {taken * 1000:.0f} ms"


def test_the_question_before_is_kept_beside_and_another_can_be_chosen(asked, qtbot):
    settle(qtbot)
    assert (asked.heatmap.question, asked.content.earlier.question) == (3, 2)
    asked.compare(1)
    assert asked.content.earlier.question == 1
    asked.begin_question(4)
    settle(qtbot)
    assert (asked.heatmap.question, asked.content.earlier.question) == (4, 1)
    asked.compare(None)
    assert asked.content.earlier.question == 3


def test_an_answer_of_before_is_shown_again_while_another_question_runs(asked, qtbot):
    asked.begin_question(4)
    asked.show_question(2)
    settle(qtbot)
    assert (asked.heatmap.question, asked.content.earlier.question) == (2, 1)
    asked.receive(SegmentsFound(cut(FILM_SECONDS), 40, 2.0))
    asked.receive(SegmentScored(0, 0.5, 1, 50))
    settle(qtbot)
    assert asked.heatmap.question == 2
    assert "question 2 of 4" in asked.header.caption.text()
    asked.show_question(4)
    assert asked.heatmap.scores == {0: 0.5}
    asked.show_question(99)
    assert asked.heatmap.question == 4


def test_a_click_on_the_label_lists_the_other_questions(asked, qtbot):
    settle(qtbot)
    lane = asked.plot.lanes_now.earlier
    QTest.mouseClick(asked.plot, Qt.MouseButton.LeftButton, pos=QPoint(40, int(lane.middle)))
    menu = asked.header.compare_menu
    assert menu.isVisible()
    assert [action.text() for action in menu.actions()] == ["The question before", "Question 1", "Question 2"]
    assert menu.actions()[0].isChecked()
    menu.actions()[1].trigger()
    menu.close()
    assert asked.content.earlier.question == 1
    asked.header.menu.aboutToShow.emit()
    assert menu.menuAction() in asked.header.menu.actions()  # by keyboard: the button of the lanes


def test_an_answer_makes_the_same_heatmap_as_its_events(qtbot, film):
    from scripted import ScriptedSession

    from engine.cancel import CancelToken

    session, folded = ScriptedSession(), Heatmap(question=1)
    events = []
    session.open(film, events.append)
    answer = session.ask("When?", emit=events.append, cancel=CancelToken())
    for event in events:
        folded = folded.after(event)
    assert Heatmap.from_answer(1, answer) == folded


# range and loop -------------------------------------------------------------------------------------------------------


def test_a_range_set_from_outside_is_drawn_and_not_told_again(pane):
    told = []
    pane.range_changed.connect(told.append)
    pane.set_range((10.0, 20.0))
    assert (pane.range, told) == ((10.0, 20.0), [])
    pane.set_range(None)
    assert (pane.range, told) == (None, [])


def test_another_film_has_another_range(pane):
    told = []
    pane.range_changed.connect(told.append)
    pane.set_range((10.0, 20.0))
    pane.set_film(VIDEO)
    assert (pane.range, told) == (None, [None])


def entries(asked, target):
    deeds = menus.Deeds(*[lambda *_: None] * 6)
    return [action.text() for action in menus.place(asked, target, asked.content, deeds).actions() if action.text()]


def test_the_menu_of_a_place_names_what_it_belongs_to(asked, qtbot):
    settle(qtbot)
    asked.set_loop((5.0, 9.0))
    found = entries(asked, Target(30.0, "Citation 1", 32.0))
    assert found[:2] == ["Play from 0:30.0", "Copy the time 0:30.0"]
    for words in ("Ask only about", "Loop", "Zoom to"):
        assert f"{words} this segment (0:30.0 – 0:32.0)" in found
        assert f"{words} citation 1 (0:30.0 – 0:32.0)" in found
        assert f"{words} this chapter (0:20.0 – 1:06.0)" in found
        assert f"{words} this shot (0:20.0 – 0:41.0)" in found
    assert "Ask only about the A-B loop (0:05.0 – 0:09.0)" in found
    assert "Loop the A-B loop (0:05.0 – 0:09.0)" not in found
    assert "Ask about the whole film again" not in found


def test_the_menu_asks_loops_plays_copies_and_zooms(asked, qtbot):
    settle(qtbot)
    heard = []
    for name in ("play_wanted", "loop_wanted", "ask_about_wanted", "range_changed"):
        getattr(asked, name).connect(lambda *values, name=name: heard.append((name, *values)))

    def choose(words):
        asked.plot.menu_wanted.emit(Target(30.5), asked.mapToGlobal(QPoint(300, 50)))
        menu = QGuiApplication.instance().activePopupWidget()
        next(action for action in menu.actions() if action.text().startswith(words)).trigger()
        menu.close()

    for words in ("Play", "Copy", "Ask only about this segment", "Loop this chapter", "Zoom to this chapter"):
        choose(words)
    assert heard == [("play_wanted", 30.5), ("range_changed", (30.0, 32.0)), ("ask_about_wanted", 30.0, 32.0),
                     ("loop_wanted", 20.0, 66.0)]  # fmt: skip
    assert QGuiApplication.clipboard().text() == "0:30.5"
    assert asked.plot.scale_now.start == pytest.approx(17.7)
    choose("Ask about the whole film")
    assert heard[-1] == ("range_changed", None)


# following ------------------------------------------------------------------------------------------------------------


def test_a_zoomed_view_turns_its_page_with_the_playhead(pane):
    pane.plot.zoom(10, about_pixel=pane.plot.scale_now.left)
    end = pane.plot.scale_now.end
    for step in range(300):
        pane.set_seconds(step / 25)
        assert pane.plot.scale_now.shows(step / 25)
    assert pane.plot.scale_now.start == pytest.approx(end - 0.6, abs=0.05)


def test_it_does_not_when_a_person_looks_elsewhere_until_the_playhead_is_sent_somewhere(pane):
    pane.plot.zoom(10, about_pixel=pane.plot.scale_now.right)
    view = pane.plot.scale_now
    for step in range(50):
        pane.set_seconds(step / 25)
    assert pane.plot.scale_now == view
    pane.set_seconds(40.0)
    assert pane.plot.scale_now.shows(40.0)


def test_it_does_not_when_following_is_off(pane):
    pane.header.buttons["follow"].setChecked(False)
    pane.plot.zoom(10, about_pixel=pane.plot.scale_now.left)
    view = pane.plot.scale_now
    for seconds in (5.0, 11.0, 60.0):
        pane.set_seconds(seconds)
    assert pane.plot.scale_now == view


# the card -------------------------------------------------------------------------------------------------------------


def test_the_card_wishes_for_the_newest_picture_and_takes_only_that(asked, qtbot):
    settle(qtbot)
    wishes = []
    asked.thumbnail_wanted.connect(wishes.append)
    middle = asked.plot.lanes_now.bars.middle
    for x in range(300, 320):
        asked.plot.look(QPointF(x, middle))
    qtbot.waitUntil(lambda: len(wishes) == 2)
    card = asked.looking.card
    assert wishes[-1] == card.target.seconds == asked.plot.scale_now.to_seconds(319)
    picture = QImage(64, 36, QImage.Format.Format_RGB888)
    asked.set_thumbnail(wishes[0], picture)
    assert card.picture is None
    asked.set_rough_thumbnail(wishes[-1], picture)
    assert card.picture is None
    asked.set_thumbnail(wishes[-1], picture)
    assert card.picture is not None
    asked.plot.look(QPointF(321, middle))
    assert card.picture is None


def test_the_card_tells_time_tokens_relevance_and_the_even_share(asked, qtbot):
    settle(qtbot)
    asked.plot.look(QPointF(asked.plot.scale_now.to_pixel(31.0), asked.plot.lanes_now.bars.middle))
    card = asked.looking.card
    for words in ("segment 16", "0:30.0 – 0:32.0", "Tokens 8", "Relevance 0.50", "2.00 tokens a frame", "even share 4",
                  "Middle", "Cited as 1"):  # fmt: skip
        assert words in card.text
    qtbot.waitUntil(card.isVisible)
    assert card.geometry().bottom() <= asked.plot.mapTo(card.parentWidget(), QPoint(0, 0)).y()


def test_the_card_tells_scores_that_come_while_the_pointer_rests(pane, qtbot):
    pane.begin_question(1)
    pane.receive(SegmentsFound(cut(FILM_SECONDS), 200, 2.0))
    settle(qtbot)
    pane.plot.look(QPointF(pane.plot.scale_now.to_pixel(1.0), pane.plot.lanes_now.bars.middle))
    card = pane.looking.card
    assert "Not scored yet" in card.text
    pane.receive(SegmentScored(0, 0.75, 1, 50))
    settle(qtbot)
    assert "Relevance 0.75" in card.text


def test_an_outline_does_not_outlive_its_segments(asked, qtbot):
    settle(qtbot)
    asked.outline(4)
    assert asked.plot._outlined.index == 4
    asked.outline(4000)
    assert asked.plot._outlined is None
    asked.outline(4)
    asked.begin_question(9)
    settle(qtbot)
    assert asked.plot._outlined is None


def test_over_a_detached_timeline_the_card_is_a_window_of_its_own(asked, qtbot):
    settle(qtbot)
    dock = asked.window().findChild(QDockWidget)
    dock.setFloating(True)
    settle(qtbot)
    asked.plot.look(QPointF(400, 100))
    card = asked.looking.card
    qtbot.waitUntil(card.isVisible)
    assert card.isWindow()
    assert card.geometry().bottom() < asked.plot.mapToGlobal(QPoint(0, 0)).y() or card.y() <= 8
    dock.setFloating(False)
    settle(qtbot)
    asked.plot.look(QPointF(420, 100))
    assert not card.isWindow()


# what is remembered ---------------------------------------------------------------------------------------------------


def test_lanes_scale_and_following_come_back(pane, qtbot):
    told = []
    pane.state_changed.connect(lambda: told.append(pane.state()))
    pane.header.switches["cuts"].setChecked(False)
    pane.header.buttons["log"].setChecked(True)
    pane.header.buttons["follow"].setChecked(False)
    assert len(told) == 3
    other = TimelinePane(LIGHT)
    qtbot.addWidget(other)
    other.restore_state(told[-1])
    assert other.state() == told[-1]
    assert not other.plot.lanes_now.cuts.shown
    assert other.content.log
    assert "log" in other.header.legend.accessibleName()


@pytest.mark.parametrize("bad", ["", "no", "[]", '{"hidden": 3}', '{"hidden": ["of an older version"]}'])
def test_a_state_that_makes_no_sense_changes_nothing(pane, bad):
    before = pane.state()
    pane.restore_state(bad)
    assert pane.state() == before


# room -----------------------------------------------------------------------------------------------------------------


def test_a_low_pane_scrolls_and_keeps_ruler_and_seek_bar(asked, qtbot):
    window = asked.window()
    resize(window, 200)
    settle(qtbot)
    assert asked._scroll.isVisible()
    top = asked.plot.lanes_now
    assert top.cuts.bottom > asked.plot.height()
    asked._scroll.setValue(asked._scroll.maximum())
    low = asked.plot.lanes_now
    assert low.cuts.bottom <= asked.plot.height()
    assert (low.ruler, low.seek) == (top.ruler, top.seek)
    resize(window, 400)
    settle(qtbot)
    assert not asked._scroll.isVisible()


@pytest.mark.parametrize("width", [700, 900, 1200, 2400])
def test_the_caption_is_whole_at_any_width(asked, qtbot, width):
    settle(qtbot)
    head = asked.header
    asked.window().resize(width, 600)
    settle(qtbot)
    label = head.caption if head.caption.isVisible() else head.below
    assert head.caption.isVisible() != head.below.isVisible()
    assert label.width() >= label.sizeHint().width() or label.wordWrap()
    assert head.mapTo(asked.window(), head.rect().bottomRight()).x() <= asked.window().width() == width
