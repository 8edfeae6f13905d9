"""What each key of the table does to the film; the window adds what its other parts do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.player.pane import PlayerPane
from app.player.subtitles import DELAY_STEP_SECONDS


def player_actions(player: PlayerPane) -> dict[str, Callable[[], object]]:
    """One callable for every action of the table that is about the film."""
    deck, playback, subtitles = player.deck, player.playback, player.deck.subtitles
    by = {f"{way}_{seconds}": partial(deck.seek_by, seconds * sign)
          for seconds in (1, 5, 60, 600) for way, sign in (("back", -1), ("on", 1))}  # fmt: skip
    return {
        **by,
        "toggle": playback.toggle,
        "frame_back": partial(playback.step, -1), "frame_on": partial(playback.step, 1),
        "slower": partial(deck.change_speed, -1), "faster": partial(deck.change_speed, 1),
        "half_speed": lambda: deck.set_speed(deck.speed / 2), "double_speed": lambda: deck.set_speed(deck.speed * 2),
        "normal_speed": partial(deck.set_speed, 1.0), "loop": playback.mark_loop,
        "start": partial(deck.seek, 0.0), "end": deck.to_end,
        "chapter_back": partial(deck.chapter_by, -1), "chapter_on": partial(deck.chapter_by, 1),
        "line_back": partial(deck.line_by, -1), "line_on": partial(deck.line_by, 1),
        "snapshot": player.save_picture,
        "go_to": player.edit_time, "undo": deck.undo_seek, "redo": deck.redo_seek,
        "quieter": partial(deck.sound.change_volume, -1), "louder": partial(deck.sound.change_volume, 1),
        "mute": deck.sound.toggle_mute, "next_sound": deck.sound.next_track,
        "subtitles": subtitles.toggle, "next_subtitles": partial(subtitles.cycle, 1),
        "last_subtitles": partial(subtitles.cycle, -1),
        "earlier": partial(subtitles.move, -DELAY_STEP_SECONDS), "later": partial(subtitles.move, DELAY_STEP_SECONDS),
        "smaller": partial(subtitles.resize, -1), "larger": partial(subtitles.resize, 1),
    }  # fmt: skip
