"""Lays out the panes and connects their signals to the bridge; owns no logic of its own.

Panes emit intentions; engine events go to every pane that shows them; what the window decides is only who hears whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow

from app.bars import MessageBar, StatusLine, TopBar
from app.bridge import Bridge
from app.chat.model_card import ThingsDialog
from app.chat.pane import ChatPane
from app.conversation import Conversation
from app.export import dialog as export
from app.knowledge import SAMPLE, Knowledge, read_knowledge, suggestions
from app.layout import lay_out
from app.models.desk import ModelsDesk
from app.opening import KEY_FRAMES_ONLY, Opening, ask_for_film, local_files
from app.player.keys import KeysDialog, action_for
from app.player.pane import PlayerPane
from app.remembered import Remembered
from app.shortcuts import key_actions
from app.theme import Palette, Theme
from app.thumbnails import Thumbnails
from app.timeline.pane import TimelinePane
from app.wiring import connect
from engine.events import AnswerGrounded, Event, Failed, ModelLoaded, Stopped, VideoOpened
from engine.records import ModelInfo, VideoInfo
from engine.settings import Settings


class MainWindow(QMainWindow):
    """The one window."""

    def __init__(self, bridge: Bridge, theme: Theme, settings: QSettings, *, sample: Path = SAMPLE) -> None:
        super().__init__()
        self._bridge, self._theme, self._sample = bridge, theme, sample
        self._video: VideoInfo | None = None
        self._opening: Opening | None = None
        self.stopped = False  # True once all threads have ended
        self._knowledge = read_knowledge()
        palette, has_sample = theme.palette, sample.exists()
        self.top = TopBar(palette, has_sample=has_sample)
        self.message = MessageBar(palette)
        self.player = PlayerPane(palette, has_sample=has_sample)
        self.chat = ChatPane(self._knowledge, palette)
        self.timeline = TimelinePane(palette)
        self.status = StatusLine(palette)
        self.thumbnails = Thumbnails(self)
        self.models = ModelsDesk(settings, self)
        bridge.begin_with(self.models.settings)
        self.setWindowTitle("Tempo Desk")
        self.setAcceptDrops(True)
        self._above, self._panes = lay_out(self)
        connect(self, bridge, theme)
        self._actions = key_actions(self)
        self.chat.set_film(None, self._suggestions())
        self._remembered = Remembered(settings, self, {"above": self._above, "panes": self._panes})
        self._remembered.restore()
        self.player.set_volume(self._remembered.volume)
        self.player.setFocus()

    # what the engine says -----------------------------------------------------------------------------------------

    def on_event(self, event: Event) -> None:
        """What happens to the request."""
        if isinstance(event, VideoOpened):
            self._on_opened(event.video)
        elif isinstance(event, Failed | Stopped) and self._opening is not None:
            self._opening = None
            if isinstance(event, Failed):
                self.message.say(event.message, event.advice)
        elif self._opening is None:
            for pane in (self.chat, self.timeline, self.status):
                pane.receive(event)
            if isinstance(event, AnswerGrounded):
                self.top.set_export(True)

    def _on_opened(self, video: VideoInfo) -> None:
        opening, self._opening, self._video = self._opening, None, video
        self.message.hide()
        self.player.load(video.path)
        for pane in (self.top, self.timeline, self.status):
            pane.set_film(video)
        self.player.show_film(video)
        self.chat.set_film(video, self._suggestions())
        self.thumbnails.set_film(video.path)
        self.top.set_export(False)
        self.setWindowTitle(f"{video.path.name} – Tempo Desk")
        self.message.say(" ".join(video.notes), good=True) if video.notes else None
        if opening is not None and opening.question:
            self.ask(opening.question)
        elif opening is not None and opening.suggestion:
            self.chat.composer.suggest(opening.suggestion)

    def on_times(self, times: Sequence[float], stops: Sequence[int] | None) -> None:
        """The moments of the film's pictures."""
        self.player.playback.know_times(times, stops)
        if stops is not None:
            self.top.add_fact("seeks land on key frames")
            self.message.say(KEY_FRAMES_ONLY, "For exact seeks put it into an MP4 or MKV file.")

    def on_warmed(self, event: Event) -> None:
        """How getting the model ready ended."""
        if isinstance(event, Failed):
            self.status.model_missing(event.message)
        else:
            for pane in (self.chat, self.status):
                pane.receive(event)
            if isinstance(event, ModelLoaded):
                self._suggest_for(event.model)

    def _suggest_for(self, model: ModelInfo) -> None:
        """Questions for another kind of model, as long as none was asked."""
        changed = model.bundled != bool(self._knowledge.things)
        self._knowledge = read_knowledge() if model.bundled else Knowledge()
        if changed and not self.chat.exchanges:
            self.chat.set_film(self._video, self._suggestions())

    def _suggestions(self) -> tuple[str, ...]:
        path = self._video.path if self._video else None
        return suggestions(path, knowledge=self._knowledge, sample=self._sample)

    def on_indexed(self, event: Event) -> None:
        """What happens while nobody asks."""
        if isinstance(event, Failed):
            self.status.index_failed(event.message)
        elif self._opening is None:
            for pane in (self.timeline, self.status):
                pane.receive(event)

    def on_palette(self, palette: Palette) -> None:
        """Other colours."""
        for pane in (self.top, self.message, self.player, self.chat, self.timeline, self.status):
            pane.apply_palette(palette)

    # intentions ---------------------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Get the model ready while nobody waits for it."""
        self._bridge.warm_up()

    def open_film(self, path: Path, *, question: str = "", suggestion: str = "") -> None:
        """Open a film; the one before stays until the new one is known to be good. `question` is asked right after,
        `suggestion` is typed in and not sent."""
        self._opening = Opening(path, question, suggestion)
        self.chat.overtaken("Stopped, because another film was opened.")
        self._bridge.open(path)

    def open_sample(self) -> None:
        """The film that comes with the program."""
        self.open_film(self._sample)

    def choose_film(self) -> None:
        """Ask for a film."""
        chosen = ask_for_film(self, beside=self._video.path if self._video else None)
        if chosen:
            self.open_film(chosen)

    def ask(self, question: str, frames: int | None = None) -> None:
        """Ask about the open film, or the sample, of no more than so many frames."""
        if self._video is None:
            self.open_film(self._sample, question=question)
            return
        self.timeline.begin_question(self.chat.begin(question))
        self._bridge.ask(question, settings=replace(self.models.settings, max_frames=frames) if frames else None)
        self.chat.set_busy(True)

    def stop(self) -> None:
        """Stop the answer."""
        if self._bridge.busy and self._opening is None:
            self.chat.say_stopping()
            self._bridge.cancel()

    def export(self) -> None:
        """Save the conversation."""
        if self._video is None or not self.chat.exchanges:
            self.message.say("There is nothing to save yet.", "Ask something first.", good=True)
            return
        conversation = Conversation(self._video, self.chat.exchanges)
        path = export.ask_where(self, conversation)
        if path is not None:
            self.message.say(export.save(conversation, path), good=True)

    def toggle_full_screen(self) -> None:
        """The film alone, and back."""
        full = not self.isFullScreen()
        for part in (self.top, self.chat, self.timeline, self.status):
            part.setVisible(not full)
        self.showFullScreen() if full else self.showNormal()
        self.player.setFocus()

    def show_keys(self) -> None:
        """The list."""
        KeysDialog(self).exec()

    def use_model(self, settings: Settings) -> None:
        """Answer with another model, or at another precision."""
        self.stop()
        self.status.model_loading(settings.model)
        self._bridge.use(settings)
        self._bridge.warm_up()

    def show_things(self) -> None:
        """What the bundled model knows."""
        ThingsDialog(self._knowledge.things, self).exec()

    def escape(self) -> None:
        """Stop the answer, else leave full screen, else leave the question box."""
        if self._bridge.busy:
            self.stop()
        elif self.isFullScreen():
            self.toggle_full_screen()
        else:
            self.player.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keys that the focused part did not want are the player's."""
        action = self._actions.get(action_for(event) or "")
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Files are welcome."""
        if local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open the first."""
        if files := local_files(event):
            event.acceptProposedAction()
            self.open_film(files[0])

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the window, let go of the film, stop the engine."""
        self._remembered.keep(volume=self.player.volume, theme=self._theme.mode)
        self.player.show_film(None)
        self.models.stop()
        others = (self.thumbnails.shutdown(), self._bridge.shutdown(), self.models.shutdown())
        self.stopped = all(others)
        super().closeEvent(event)
