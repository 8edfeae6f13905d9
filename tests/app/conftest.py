"""Windows for tests: settings in a temporary folder, no thread and no window left behind, Qt's known noise named."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from films import make_film
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QApplication
from scripted import ScriptedSession

from app.application import make_application, make_window
from app.cut_finder import CutFinder

# What the machine lacks and Qt mentions: neither is ours to repair, and each is said by name.
KNOWN_NOISE = (
    "This plugin does not support",  # the offscreen platform's own limits
    "PulseAudioService",  # no sound server
    "No audio device detected",
    "No RHI backend",  # no graphics device: frames are converted on the CPU
    "pipewire",
    "Could not open media",  # Qt's own word on a bad file; ours is the message
    "No HW decoder found",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell pytest-qt which messages are the machine's."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*KNOWN_NOISE, extend=True))


@pytest.fixture(scope="session")
def qapp_cls():
    return QApplication


@pytest.fixture(scope="session")
def qapp(qapp_args, pytestconfig):
    """The application as the program makes it."""
    return make_application(["tests"])


@pytest.fixture(autouse=True)
def _settings_in_a_temporary_folder(tmp_path):
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def _cuts_are_looked_for_in_a_hurry(monkeypatch):
    """At the lowest priority a busy machine may keep it waiting for minutes."""
    monkeypatch.setattr(CutFinder, "hurry", True)


@pytest.fixture
def settings(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> Path:
    """Twenty seconds of numbered pictures with sound: ten segments of the scripted session."""
    path = tmp_path_factory.mktemp("films") / "numbered.mp4"
    return make_film(path, frames=200, rate=10, size=(160, 96), audio_seconds=20.0)


@pytest.fixture
def open_window(qapp, qtbot, settings):
    """Makes windows on a scripted session, shown and active; closes them and checks that all threads ended."""
    made = []
    before = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]  # what another test left behind

    def make(session=None, *, make_session=None, size=(1280, 720), sample=Path("no sample")):
        session = session or ScriptedSession()
        window = make_window(make_session or (lambda: session), settings=settings, sample=sample)
        made.append(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in made:
        window.close()
        assert window.stopped, "the engine's thread did not end"
        assert not [thread for thread in window.findChildren(QThread) if thread.isRunning()]
        window.deleteLater()
    qapp.sendPostedEvents(None, 52)  # deferred deletes
    qapp.processEvents()
    shown = [widget for widget in qapp.topLevelWidgets() if widget.isVisible() and widget not in before]
    left = [widget for widget in qapp.topLevelWidgets() if widget in made or widget in shown]
    assert not left, f"windows survive: {left}"


@pytest.fixture
def on_film(open_window, qtbot, film):
    """A window with the numbered film open and its first picture on screen."""

    def make(session=None, **options):
        window = open_window(session, **options)
        window.open_film(film)
        qtbot.waitUntil(lambda: window.player.playback.loaded and window.player._screen.has_picture, timeout=8000)
        return window

    return make
