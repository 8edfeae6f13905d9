"""The film: playback, the screen, the bar under it, the keys."""
