"""Garbage: none collected by the engine's thread or in the middle of a question, all of it afterwards."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from app.garbage import FEW, Garbage


class Knot:
    """Refers to itself: only the collector frees it."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def garbage(qapp):
    gc.collect()
    parent = QObject()
    yield Garbage(parent)
    parent.deleteLater()
    qapp.sendPostedEvents(None, 52)
    assert not gc.isenabled(), "the window that goes would be where Python collects next"


def knots(count):
    made = [Knot() for _ in range(count)]
    return weakref.ref(made[0])


def test_no_other_thread_collects(garbage):
    found = []
    thread = threading.Thread(target=lambda: found.append(knots(50_000)))
    thread.start()
    thread.join()
    assert found[0]() is not None
    garbage.set_busy(False)
    garbage.look()
    assert found[0]() is None


def test_while_a_question_is_answered_only_the_youngest_are_collected(garbage):
    older = knots(FEW)
    held = older()
    gc.collect(0)
    del held
    assert older() is not None, "it is of an older generation now"
    garbage.set_busy(True)
    youngest = knots(FEW + 1)
    garbage.look()
    assert youngest() is None
    assert older() is not None
    garbage.set_busy(False)
    knots(FEW + 1)
    garbage.look()
    assert older() is None


def test_a_few_are_left_alone(garbage):
    gc.collect()
    few = knots(FEW // 10)
    garbage.set_busy(False)
    garbage.look()
    assert few() is not None


def test_a_window_has_one_and_it_knows_when_it_is_busy(on_film, qtbot):
    window = on_film()
    garbage = window.findChild(Garbage)
    assert not gc.isenabled()
    seen = []
    window._bridge.busy_changed.connect(lambda busy: seen.append(garbage._busy is busy))
    window.ask("When?")
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=20_000)
    assert all(seen)
