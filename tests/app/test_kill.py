"""A window that is killed loses at most its last moments."""

from kill import kill_windows

from app.knowledge import SAMPLE


def test_windows_killed_while_answering_and_while_writing_lose_only_their_last_moments(tmp_path):
    report = kill_windows(SAMPLE, tmp_path / "data", times=4, seed=3)
    assert report.faults == []
    assert report.killed == 4
    assert report.while_writing >= 1
    assert report.answered + report.partial >= 2, report
