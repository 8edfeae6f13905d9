"""A long history is read without holding the window up; `python tests/app/history_size.py` prints figures."""

from history_size import LONGEST, fill, measure


def test_many_films_and_questions_do_not_hold_up_the_window(qapp, tmp_path):
    fill(tmp_path, count=80, questions=5, most=100)
    for stretch in measure(tmp_path, count=80):
        assert stretch.own < LONGEST, stretch  # how late it is depends on what else the machine does
