"""The film: a path in, the moment on screen out. Puts screen, bar and deck together; what can be done is the deck's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QVBoxLayout, QWidget

from app.player.clips import Clips
from app.player.connections import connect
from app.player.controls import Controls
from app.player.deck import Deck
from app.player.film_menu import film_menu
from app.player.full_screen import RestingControls
from app.player.playback import Playback
from app.player.screen import Screen
from app.player.snapshots import Snapshots
from app.player.transport import Transport
from app.player.typed_time import TimeTextError
from app.player.welcome import Welcome
from app.style import mark
from app.theme import Palette
from engine.records import VideoInfo

if TYPE_CHECKING:
    from engine.ingest.video import Film

_SUBTITLES = "Subtitles (*.srt *.vtt *.ass *.ssa);;All files (*)"


class PlayerPane(QWidget):
    """Plays the film and says where it is."""

    moved = Signal(float)
    failed = Signal(str)
    noted = Signal(str)
    open_wanted = Signal()
    sample_wanted = Signal()
    full_screen_wanted = Signal()
    keys_wanted = Signal()
    chapters_changed = Signal(object)  # tuple of Chapter
    loop_changed = Signal(object)  # (start, end), (start, None) while half set, None
    span_changed = Signal(object)  # (start, end) while only that is played, None

    def __init__(self, palette: Palette, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.deck = Deck(self)
        self.snapshots, self.clips = Snapshots(self), Clips(self)
        self._film: Path | None = None
        self._screen = Screen(palette)
        self.welcome = Welcome(palette, has_sample=has_sample)
        self._bar = Controls(palette, self.deck.subtitles)
        self._transport, self._line = self._bar.transport, self._bar.line
        self._stage = QWidget()
        self._stack = QStackedLayout(self._stage)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self._screen)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._stage, 1)
        self._column.addWidget(self._bar)
        self._controls = RestingControls(self._screen, self._bar, self)
        connect(self, self._screen, self._bar)
        self._controls.shown_changed.connect(self._on_controls)
        self.deck.sound.set_volume(self.deck.sound.volume, tell=False)

    @property
    def playback(self) -> Playback:
        """What plays."""
        return self.deck.playback

    @property
    def transport(self) -> Transport:
        """The bar under the film."""
        return self._transport

    @property
    def seconds(self) -> float:
        """The moment on screen."""
        return self.playback.seconds

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        return self.deck.sound.volume

    def set_volume(self, share: float) -> None:
        """Loudness, 0 to 1, as it was remembered."""
        self.deck.sound.set_volume(share, tell=False)

    def load(self, path: Path) -> None:
        """Open a film, held at its first picture."""
        self._film = path
        self._tell_writers(path)
        self.playback.load(path)

    def show_film(self, video: VideoInfo | None) -> None:
        """The engine knows the film now: its clock is the one that counts. None: no film."""
        self.deck.set_film(video)
        self._bar.set_film(None if video is None else video.duration_seconds)
        self._stack.setCurrentWidget(self.welcome if video is None else self._screen)
        if video is None:
            self._tell_writers(None)
            self._screen.show_frame(None)

    def know_times(self, times: Sequence[float], stops: Sequence[int] | None, keyframes: Sequence[int] = ()) -> None:
        """The moments of the film's pictures."""
        self.playback.know_times(times, stops, keyframes)
        self._show_frame_number(self.playback.wanted)

    def shutdown(self) -> bool:
        """End what reads on other threads. False if something did not end in time."""
        self._controls.set_active(False)
        stopped = [part.shutdown() for part in (self.deck, self._screen, self.snapshots, self.clips)]
        return all(stopped)

    def seek(self, seconds: float) -> None:
        """Go to a moment."""
        self.deck.seek(seconds)

    def scrub(self, seconds: float) -> None:
        """Follow a dragging hand; `seek` where it lets go."""
        self.deck.scrub(seconds)

    def play_span(self, start: float, end: float) -> None:
        """Play this and no more."""
        self.deck.play_span(start, end)

    def set_loop(self, start: float | None, end: float | None = None) -> None:
        """Play a stretch again and again; without one, no loop."""
        self.deck.set_loop(start, end)

    def undo_seek(self) -> None:
        """Back to where the last jump began."""
        self.deck.undo_seek()

    def redo_seek(self) -> None:
        """Where one was before undoing."""
        self.deck.redo_seek()

    def take_subtitles(self, paths: Sequence[Path]) -> list[Path]:
        """Show the subtitle files among `paths`; returns the others."""
        return self.deck.take_subtitles(paths)

    def edit_time(self) -> None:
        """Let somebody type a time."""
        self._controls.wake()
        self._transport.time.edit()

    def save_picture(self) -> None:
        """Save the picture on screen as a file."""
        self.snapshots.take(max(self.playback.pictures.at(self.seconds), 0.0))

    def save_clip(self, start: float, end: float) -> None:
        """Save a stretch as a film of its own."""
        self.clips.save(start, end)

    def know_film(self, film: Film) -> None:
        """Somebody has opened it for reading."""
        self.snapshots.know(film)
        self.clips.know(film)

    def _tell_writers(self, path: Path | None) -> None:
        self.snapshots.set_film(path)
        self.clips.set_film(path)

    def choose_subtitles(self) -> None:
        """Let somebody choose a subtitle file."""
        folder = self._film.parent if self._film is not None else Path.home()
        chosen, _ = QFileDialog.getOpenFileName(self, "Open subtitles", str(folder), _SUBTITLES)
        if chosen:
            self.deck.subtitles.open(Path(chosen))

    def show_seek_bar(self, shown: bool) -> None:
        """A line to seek on, where there is no timeline."""
        self._line.setVisible(shown)
        self._place_bar()

    def set_full_screen(self, full: bool) -> None:
        """The film alone: its bar lies over the picture and rests with the mouse."""
        self._transport.set_full_screen(full)
        if full:
            self._column.removeWidget(self._bar)
        elif self._column.indexOf(self._bar) < 0:
            self._column.addWidget(self._bar)
        self._controls.set_active(full)
        self._place_bar()

    def apply_palette(self, palette: Palette) -> None:
        """Repaint in the new colours."""
        for part in (self._screen, self.welcome, self._bar):
            part.apply_palette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Other room."""
        super().resizeEvent(event)
        self._place_bar()

    def _place_bar(self) -> None:
        if self._controls.active:
            height = self._bar.sizeHint().height()
            self._bar.setGeometry(0, self.height() - height, self.width(), height)
            self._bar.raise_()

    def show_menu(self, place: QPoint) -> None:
        """What the film offers, at a place on the desktop."""
        menu = film_menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def go_to(self, typed: str) -> None:
        """Go to a typed time, or say what is wrong with it."""
        try:
            self.deck.go_to(typed)
        except TimeTextError as error:
            self._transport.time.refuse(str(error))
        else:
            self._transport.time.close_editor()

    def on_moved(self, seconds: float) -> None:
        """The film is elsewhere."""
        self._bar.set_seconds(seconds)
        self._show_frame_number(seconds)
        self.moved.emit(seconds)

    def _show_frame_number(self, seconds: float) -> None:
        pictures = self.playback.pictures
        self._transport.set_frame(pictures.number(seconds), count=pictures.count)

    def on_sound(self) -> None:
        """Loudness, silence or the sound tracks changed."""
        sound = self.deck.sound
        self._transport.set_volume(sound.volume, muted=sound.muted)
        self._transport.set_sounds(sound.tracks, sound.track)

    def _on_controls(self, shown: bool) -> None:
        self._screen.set_lift(self._bar.height() if shown and self._controls.active else 0.0)
