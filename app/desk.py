"""What is open, what is asked, what becomes of it: engine events and wishes in, calls to panes and bridge out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.conversation import Conversation
from app.export import dialog as export
from app.knowledge import Knowledge, read_knowledge, suggestions
from app.opener import Opener
from app.opening import KEY_FRAMES_ONLY, Opening, ask_for_film
from engine.events import AnswerGrounded, Event, Failed, ModelLoaded, Stopped, VideoOpened
from engine.records import ModelInfo, VideoInfo
from engine.settings import Settings

if TYPE_CHECKING:
    from app.bridge import Bridge
    from app.main_window import MainWindow

FOR_ANOTHER = "Stopped to open another film."


class Desk(QObject):
    """One film and the questions about it. Owns no widget."""

    def __init__(self, window: MainWindow, bridge: Bridge, *, sample: Path) -> None:
        super().__init__(window)
        self._window, self._bridge, self._sample = window, bridge, sample
        self.opener = Opener(window, bridge)
        self.opener.begun.connect(lambda: self._end_answer(FOR_ANOTHER))
        self.opener.failed.connect(lambda event: window.message.say(event.message, event.advice))
        self._abandoned = False  # True: what the question still tells is about nothing on screen
        self.video: VideoInfo | None = None
        self.knowledge = read_knowledge()
        self._saver = export.Saver(self)
        self._saver.said.connect(lambda text, good: window.message.say(text, good=good))

    @property
    def has_sample(self) -> bool:
        """True if the film that comes with the program is there."""
        return self._sample.exists()

    # what the engine says -----------------------------------------------------------------------------------------

    def on_event(self, event: Event) -> None:
        """What happens to the request."""
        window = self._window
        if isinstance(event, VideoOpened):
            self._on_opened(event.video)
        elif isinstance(event, Failed | Stopped) and self.opener.opening:
            self.opener.end(event if isinstance(event, Failed) else None)
        elif not self.opener.opening and (not self._abandoned or isinstance(event, ModelLoaded)):
            for pane in window.hearing:
                pane.receive(event)
            if isinstance(event, AnswerGrounded):
                window.top.set_export(True)

    def _on_opened(self, video: VideoInfo) -> None:
        opening, self.video = self.opener.end(), video
        window = self._window
        window.history.film_opened(video)
        window.message.hide()
        window.player.load(video.path)
        for pane in (window.top, window.timeline, window.moments, window.settings, window.status):
            pane.set_film(video)
        window.player.show_film(video)
        window.chat.set_film(video, self.suggestions())
        window.thumbnails.set_film(video.path)
        window.cuts.set_film(None)  # until the film's keyframes are known
        window.top.set_export(False)
        window.setWindowTitle(f"{video.path.name} – Tempo Desk")
        window.message.say(" ".join(video.notes), good=True) if video.notes else None
        if opening is not None and opening.question:
            self.ask(opening.question)
        elif opening is not None and opening.suggestion:
            window.chat.composer.suggest(opening.suggestion)

    def on_times(self, times: Sequence[float], stops: Sequence[int] | None, keyframes: Sequence[int] = ()) -> None:
        """The moments of the film's pictures."""
        self._window.player.know_times(times, stops, keyframes)
        if stops is not None:
            self._window.top.add_fact("seeks land on key frames")
            self._window.message.say(KEY_FRAMES_ONLY, "For exact seeks put it into an MP4 or MKV file.")

    def on_warmed(self, event: Event) -> None:
        """How getting the model ready ended."""
        if isinstance(event, Failed):
            self._window.status.model_missing(event.message)
            self._window.chat.model.show_missing()
        else:
            for pane in (self._window.chat, self._window.status):
                pane.receive(event)
            if isinstance(event, ModelLoaded):
                self._suggest_for(event.model)

    def on_indexed(self, event: Event) -> None:
        """What happens while nobody asks."""
        if isinstance(event, Failed):
            self._window.status.index_failed(event.message)
        elif not self.opener.opening:
            for pane in (self._window.timeline, self._window.status):
                pane.receive(event)

    def _suggest_for(self, model: ModelInfo) -> None:
        """Questions for another kind of model, as long as none was asked."""
        changed = model.bundled != bool(self.knowledge.things)
        self.knowledge = read_knowledge() if model.bundled else Knowledge()
        if changed and not self._window.chat.exchanges:
            self._window.chat.set_film(self.video, self.suggestions())

    def suggestions(self) -> tuple[str, ...]:
        """Questions to offer about what is open."""
        path = self.video.path if self.video else None
        return suggestions(path, knowledge=self.knowledge, sample=self._sample)

    # what people want ---------------------------------------------------------------------------------------------

    def open_film(self, path: Path, *, question: str = "", suggestion: str = "") -> None:
        """Open a film; the one before, and an answer about it, stay until the new one is known to be good. `question`
        is asked right after, `suggestion` is typed in and not sent."""
        self.opener.open(Opening(path, question, suggestion), answering=self._answering)

    @property
    def _answering(self) -> bool:
        """True while the engine works on a question."""
        return self._bridge.busy and not self.opener.opening

    def _end_answer(self, why: str) -> None:
        """Nothing more will be heard of what runs: every pane is told so."""
        if self._window.chat.overtaken(why):
            for pane in self._window.hearing:
                pane.receive(Stopped())

    def open_sample(self) -> None:
        """The film that comes with the program."""
        self.open_film(self._sample)

    def choose_film(self) -> None:
        """Ask for a film."""
        chosen = ask_for_film(self._window, beside=self.video.path if self.video else None)
        if chosen:
            self.open_film(chosen)

    def ask(self, question: str, frames: int | None = None) -> None:
        """Ask about the open film, or the sample, of no more than so many frames."""
        if self.video is None:
            self.open_film(self._sample, question=question)
        else:
            self.ask_again(question, {"max_frames": frames} if frames else {})

    def ask_again(self, question: str, changed: Mapping[str, Any]) -> None:
        """Ask about the open film with some settings changed for this once."""
        window = self._window
        window.timeline.begin_question(window.chat.begin(question))
        self._abandoned = False
        self._bridge.ask(question, settings=replace(window.settings.settings, **changed))
        window.chat.set_busy(True)

    def stop(self) -> bool:
        """Stop the answer. False if none runs that was not told to stop yet."""
        if not self._answering or self._bridge.stopping:
            return False
        self._window.chat.say_stopping()
        self._bridge.cancel()
        return True

    def abandon(self, why: str) -> None:
        """Stop the answer, of which nothing more is shown: something else comes on screen in its place."""
        if self._answering:
            self._end_answer(why)
            self._abandoned = True
            self._bridge.cancel()

    def use_model(self, settings: Settings) -> None:
        """Answer with another model, or at another precision."""
        self.stop()
        self._window.status.model_loading(settings.model)
        self._bridge.use(settings)
        self._bridge.warm_up()

    def use_settings(self, settings: Settings) -> None:
        """Ask with other settings from the next question on; the one that runs goes on as it began."""
        self._bridge.use(settings)
        self._bridge.warm_up()

    def export(self) -> None:
        """Save the conversation."""
        window = self._window
        if self.video is None or not window.chat.exchanges:
            window.message.say("There is nothing to save yet.", "Ask something first.", good=True)
            return
        conversation = Conversation(self.video, window.chat.exchanges)
        path = export.ask_where(window, conversation)
        if path is not None:
            self._saver.save(conversation, path)

    def shutdown(self) -> bool:
        """Wait for what is being saved and what is looked at. False if that did not end in time."""
        ended = (self._saver.shutdown(), self.opener.shutdown())
        return all(ended)
