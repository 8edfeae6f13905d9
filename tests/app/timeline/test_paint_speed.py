"""A two-hour film with all lanes filled: playing and pointing cost a small part of a whole painting, at any length."""

import time

import pytest

from app.timeline import paint_speed


@pytest.mark.parametrize(("segments", "size"), [(128, (1600, 320)), (1024, (2560, 320))])
def test_playing_and_pointing_paint_no_lane(qapp, capsys, segments, size, monkeypatch):
    """Medians of computing time beside those of whole paintings in the same run, whatever machine it is; that these
    are quick enough the script shows (docs/measured.md)."""
    monkeypatch.setattr(paint_speed, "TIMES", 120)
    found = paint_speed.run(segments, size, time.thread_time)
    assert capsys.readouterr().out.count("\n") == 5
    whole = found["zoom"][0]
    assert found["play"][0] < whole / 2
    assert found["hover"][0] < whole / 2
