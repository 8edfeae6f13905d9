"""A long history is read without holding the window up; `python tests/app/history_size.py` prints figures."""

from history_size import fill, measure

MOST_OF_IT = 0.5  # a share, for milliseconds say how fast the machine is: read on the GUI thread it would be all of it


def test_many_films_and_questions_do_not_hold_up_the_window(qapp, tmp_path):
    fill(tmp_path, count=80, questions=5, most=100)
    films, _, longest = list(measure(tmp_path, count=80))  # to its end: what it opened is closed there
    for stretch in (films, longest):
        assert stretch.own < MOST_OF_IT * stretch.all, stretch
