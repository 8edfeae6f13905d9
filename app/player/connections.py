"""Who hears whom inside the player: the deck tells screen and bar, and they ask the deck."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.player.controls import Controls
    from app.player.pane import PlayerPane
    from app.player.screen import Screen


def connect(pane: PlayerPane, screen: Screen, controls: Controls) -> None:
    """Connect the parts of one player."""
    _tell(pane, screen, controls)
    _ask(pane, screen, controls)


def _tell(pane: PlayerPane, screen: Screen, controls: Controls) -> None:
    deck, bar = pane.deck, controls.transport
    for name in ("noted", "chapters_changed", "loop_changed", "span_changed"):
        getattr(deck, name).connect(getattr(pane, name))
    deck.playback.frame_shown.connect(screen.show_frame)
    deck.playback.moved.connect(pane.on_moved)
    deck.playback.playing_changed.connect(bar.set_playing)
    deck.playback.failed.connect(pane.failed)
    deck.subtitles.failed.connect(pane.failed)
    for writer in (pane.snapshots, pane.clips):
        writer.said.connect(lambda text, good: (pane.noted if good else pane.failed).emit(text))
    deck.subtitles.shown.connect(screen.set_cues)
    deck.subtitles.changed.connect(lambda: screen.set_letter_scale(deck.subtitles.scale))
    deck.told.connect(screen.say)
    deck.chapters_changed.connect(controls.set_chapters)
    deck.loop_changed.connect(controls.set_loop)
    deck.chapter_changed.connect(bar.set_chapter)
    deck.speed_changed.connect(bar.set_speed)
    deck.sound.changed.connect(pane.on_sound)


def _ask(pane: PlayerPane, screen: Screen, controls: Controls) -> None:
    deck, bar, line = pane.deck, controls.transport, controls.line
    screen.clicked.connect(deck.playback.toggle)
    screen.double_clicked.connect(pane.full_screen_wanted)
    screen.turned.connect(deck.sound.change_volume)
    screen.menu_wanted.connect(pane.show_menu)
    pane.welcome.open_wanted.connect(pane.open_wanted)
    pane.welcome.sample_wanted.connect(pane.sample_wanted)
    bar.toggled.connect(deck.playback.toggle)
    bar.stepped.connect(deck.playback.step)
    bar.start_wanted.connect(lambda: deck.seek(0.0))
    bar.end_wanted.connect(deck.to_end)
    bar.seek_wanted.connect(deck.seek)
    bar.loop_wanted.connect(deck.playback.mark_loop)
    bar.sound_wanted.connect(deck.sound.set_track)
    bar.speed_wanted.connect(deck.set_speed)
    bar.volume_wanted.connect(deck.sound.set_volume)
    bar.mute_wanted.connect(deck.sound.toggle_mute)
    bar.full_screen_wanted.connect(pane.full_screen_wanted)
    bar.keys_wanted.connect(pane.keys_wanted)
    bar.subtitle_file_wanted.connect(pane.choose_subtitles)
    bar.time.typed.connect(pane.go_to)
    bar.time.closed.connect(pane.setFocus)
    line.scrub_wanted.connect(deck.scrub)
    line.seek_wanted.connect(deck.seek)
