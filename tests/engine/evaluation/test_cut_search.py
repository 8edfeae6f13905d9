"""The measurement of the search for cuts runs as its own docstring says."""

import subprocess
import sys

from shot_films import CUTS, FIXED, shots, write


def test_it_prints_a_row_a_film_and_a_sentence_for_a_bad_one(tmp_path):
    film = write(tmp_path / "cut.mp4", shots(), options=FIXED)
    command = [sys.executable, "-m", "engine.evaluation.cut_search", str(film), str(tmp_path / "none.mp4")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    head, row = done.stdout.splitlines()
    assert head.split() == ["film", "s", "keyframes", "cuts", "core", "s", "s", "film"]
    assert int(row.split()[2]) == len(CUTS)
    assert row.endswith("cut.mp4")
    assert (done.returncode, "There is no file" in done.stderr) == (3, True)
