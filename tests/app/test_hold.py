"""Hold: what a pane asks of the window, and what it keeps to itself."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget

from app.hold import Hold


class Window(QMainWindow):
    def __init__(self):
        super().__init__()
        self.layouts = 0

    def event(self, event):
        self.layouts += event.type() == event.Type.LayoutRequest
        return super().event(event)


@pytest.fixture
def held(qtbot):
    def make(**options):
        window = Window()
        qtbot.addWidget(window)
        pane = QWidget()
        label = QLabel("12 of 128", pane)
        QHBoxLayout(pane).addWidget(label)
        between = QWidget()
        column = QVBoxLayout(between)
        column.addWidget(Hold(pane, **options))
        window.setCentralWidget(between)
        window.resize(500, 200)
        window.show()
        qtbot.waitExposed(window)
        qtbot.wait(20)
        window.layouts = 0
        return window, pane, label

    return make


def test_a_count_that_changes_concerns_nobody_else(held, qtbot):
    window, pane, label = held()
    for count in range(10, 40):
        label.setText(f"{count} of 128")
        qtbot.wait(1)
    assert window.layouts <= 1
    assert pane.size() == pane.parentWidget().size()


def test_a_pane_that_needs_more_room_gets_it_and_one_that_needs_much_less_gives_it_back(held, qtbot):
    window, _pane, label = held()
    label.setMinimumWidth(700)
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() >= 700, timeout=2000)
    label.setMinimumWidth(80)
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() < 300, timeout=2000)


def test_a_bar_that_can_do_with_less_says_so_whatever_its_words(held):
    _window, pane, label = held(least=QSize(90, 20))
    label.setText("a very long sentence " * 20)
    assert pane.parentWidget().minimumSizeHint() == QSize(90, 20)
