"""The charts say what they are to screen readers."""

from PySide6.QtWidgets import QApplication
from test_accessible import mute, nameless


def test_the_charts_have_names(on_film, qtbot):
    window = on_film()
    window.ask("When?")
    qtbot.waitUntil(lambda: not window._bridge.busy and bool(window.chat.exchanges), timeout=20_000)
    window.charts.show()
    QApplication.processEvents()
    assert nameless(window.charts.pane) == []
    assert mute(window.charts.pane) == []
    window.charts.pane.close()
