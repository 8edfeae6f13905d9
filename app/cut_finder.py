"""A film in, its shot cuts out as they are found, by a process of its own that yields to everything else.

It begins when the film has been on screen for a moment, and rests while a question is answered. What it finds stays in
memory.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from app.timeline.content import Cuts

if TYPE_CHECKING:
    from engine.ingest.video import Film

log = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[1]
_PATIENCE_MILLISECONDS = 600
_LATER_MILLISECONDS = 1500  # first the player opens the film, and thumbnails are read


class CutFinder(QObject):
    """Searches one film at a time."""

    changed = Signal(object)  # app.timeline.content.Cuts
    hurry = False  # at the usual priority

    def __init__(self, parent: QObject | None = None, *, later_milliseconds: int = _LATER_MILLISECONDS) -> None:
        super().__init__(parent)
        self._later = QTimer(self, singleShot=True, interval=later_milliseconds)
        self._later.timeout.connect(self._start)
        self._process: QProcess | None = None
        self._film: Film | None = None
        self._cuts = Cuts()
        self._wanted, self._resting = True, False

    @property
    def process(self) -> QProcess | None:
        """The search under way."""
        return self._process

    def set_film(self, film: Film | None) -> None:
        """Search another film, or none."""
        self._stop()
        self._film = film
        self._tell(Cuts())
        self._begin()

    def set_wanted(self, wanted: bool) -> None:
        """Whether anybody looks; a search under way goes on to its end."""
        self._wanted = wanted
        self._begin()

    def rest(self, resting: bool) -> None:
        """Rest while something more urgent is computed."""
        self._resting = resting
        if self._process is not None:
            self._process.write(b"rest\n" if resting else b"go\n")

    def shutdown(self) -> bool:
        """End the search. False if it did not end in time."""
        return self._stop()

    def _stop(self) -> bool:
        self._later.stop()
        process, self._process = self._process, None
        if process is None:
            return True
        process.blockSignals(True)  # nothing of the film before arrives
        process.kill()
        ended = process.waitForFinished(_PATIENCE_MILLISECONDS)
        process.deleteLater()
        if not ended:
            log.warning("the search for cuts did not end within %d ms", _PATIENCE_MILLISECONDS)
        return ended

    def _begin(self) -> None:
        if self._wanted and self._film is not None and self._cuts == Cuts():
            self._tell(Cuts(searching=True))
            self._later.start()

    def _start(self) -> None:
        from engine.cut_process import packed

        self._process = process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        paths = [str(_ROOT), *filter(None, [environment.value("PYTHONPATH")])]
        environment.insert("PYTHONPATH", os.pathsep.join(paths))
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._on_end)
        process.errorOccurred.connect(self._on_error)
        process.start(sys.executable, ["-m", "engine.cut_process", *(["--hurry"] if self.hurry else [])])
        process.write(packed(self._film))
        self.rest(self._resting)

    def _read(self) -> None:
        process, film = self._process, self._film
        if process is None or film is None:
            return
        cuts, duration = self._cuts, max(film.info.duration_seconds, 1e-6)
        while process.canReadLine():
            word = json.loads(process.readLine().data())
            if "trouble" in word:
                cuts = Cuts(trouble=f"Cuts cannot be looked for: {word['trouble']}")
            elif "done" in word:
                cuts = Cuts(cuts.seconds, share=1.0)
            else:
                share = min(word["seconds"] / duration, 1.0)
                cuts = Cuts((*cuts.seconds, *word["cuts"]), searching=True, share=share)
        self._tell(cuts)

    def _on_end(self) -> None:
        self._read()
        if self._cuts.searching:  # it was ended from outside, or broke
            self._on_error()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None

    def _on_error(self) -> None:
        log.warning("the search for cuts broke off: %s", self._process.errorString() if self._process else "")
        self._tell(Cuts(self._cuts.seconds, trouble="Cuts could not be looked for in this film"))

    def _tell(self, cuts: Cuts) -> None:
        if cuts != self._cuts or cuts == Cuts():
            self._cuts = cuts
            self.changed.emit(cuts)
