"""What is worth knowing about a film reaches people: at once in a message, later by pointing at the film's name."""

import pytest
from films import make_film

LONG = 10_000
HDR = {"x264-params": "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"}


@pytest.mark.parametrize(
    ("options", "word"),
    [({"times": [0.0, 0.1, 0.5, 0.6, 1.4, 1.5]}, "Variable frame rate"), ({"options": HDR}, "High dynamic range (PQ)")],
    ids=["variable rate", "HDR"],
)
def test_notes_reach_people(open_window, qtbot, tmp_path, options, word):
    window = open_window()
    window.open_film(make_film(tmp_path / "film.mp4", size=(160, 96), **options))
    qtbot.waitUntil(lambda: word in window.message.text, timeout=LONG)
    assert window.message.isVisible()
    assert word in window.top.toolTip()
    assert "1 note" in window.top._facts.text()


def test_a_film_without_notes_makes_none(open_window, qtbot, tmp_path):
    window = open_window()
    window.open_film(make_film(tmp_path / "plain.mp4", size=(160, 96)))
    qtbot.waitUntil(lambda: window.windowTitle().startswith("plain.mp4"), timeout=LONG)
    assert not window.message.isVisible()
    assert "note" not in window.top._facts.text()
