"""Every part of the window that takes keys has a name for screen readers; icon-only buttons say what they do."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QTabBar,
    QWidget,
)


def nameless(root):
    """Parts that can be reached by Tab and of which a screen reader would say nothing."""
    return [f"{type(part).__name__} in {type(part.parentWidget()).__name__}" for part in root.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and not _internal(part) and not _name(part)]  # fmt: skip


def mute(root):
    """Buttons with a picture alone and no tooltip."""
    return [f"{type(button).__name__} {button.accessibleName()}" for button in root.findChildren(QAbstractButton)
            if not button.text() and not button.toolTip() and not _internal(button)]  # fmt: skip


def _internal(part):
    """What Qt builds inside its own widgets: a combo box's list, a line's cross, a tab bar's arrows."""
    inside = part.parentWidget()
    while inside is not None:
        if isinstance(inside, QComboBox | QLineEdit | QTabBar):
            return True
        if isinstance(inside, QAbstractScrollArea) and inside.viewport() is part:
            return True
        inside = inside.parentWidget()
    return part.objectName().startswith("qt_")


def _name(part):
    interface = QAccessible.queryAccessibleInterface(part)
    return part.accessibleName() or (interface and interface.text(QAccessible.Text.Name))


def test_every_part_of_the_window_has_a_name(on_film, qtbot):
    window = on_film()
    window.ask("When?")
    qtbot.waitUntil(lambda: not window._bridge.busy and bool(window.chat.exchanges), timeout=20_000)
    assert nameless(window) == []
    assert mute(window) == []


@pytest.mark.parametrize("wish", ["show_things", "show_keys", "show_about"])
def test_every_part_of_the_dialogs_has_a_name(open_window, qtbot, wish, monkeypatch):
    window = open_window()
    seen = []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: (dialog.show(), seen.append(dialog)))
    getattr(window, wish)()
    QApplication.processEvents()
    assert seen, "no dialog opened"
    assert nameless(seen[0]) == []
    assert mute(seen[0]) == []
    seen[0].close()


def test_the_models_pane_has_names(open_window, qtbot):
    window = open_window()
    window.models.show()
    qtbot.waitUntil(lambda: window.models.pane.cards["nano"].fit_known, timeout=60_000)  # an import cannot be stopped
    assert nameless(window.models.pane) == []
    assert mute(window.models.pane) == []
    window.models.pane.close()


def test_the_settings_have_names(open_window):
    window = open_window()
    window.settings.show()
    QApplication.processEvents()
    assert nameless(window.settings.pane) == []
    assert mute(window.settings.pane) == []
    window.settings.pane.close()
