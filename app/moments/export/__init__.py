"""Moments as files for other programs: a table, subtitles, chapters, markers of an editor. Writers pure, no Qt."""
