"""Where Qt is sent for a picture: inside it, past the assumed end of a long one, past the key frame before."""

from app.player.pictures import Pictures

TIMES = [0.0, 0.5, 2.0, 4.0, 4.04, 4.5]


def test_a_wish_means_the_picture_on_show_then():
    pictures = Pictures(TIMES)
    assert [pictures.at(seconds) for seconds in (0.0, 0.498, 0.4995, 3.99, 4.04, 99.0)] == [
        0.0,
        0.0,
        0.5,
        2.0,
        4.04,
        4.5,
    ]
    assert [pictures.beside(4.0, step) for step in (-1, 1, -9, 9)] == [2.0, 4.04, 0.0, 4.5]
    assert pictures.end(2.5, otherwise=9.0) == 4.0
    assert pictures.end(4.5, otherwise=9.0) == 9.0


def test_qt_is_sent_a_millisecond_inside_the_picture():
    assert [Pictures(TIMES).aim(seconds) for seconds in (0.0, 0.5, 4.04)] == [1, 501, 4041]


def test_a_picture_hidden_by_the_assumed_length_of_the_one_before_is_aimed_at_past_that_length():
    pictures = Pictures(TIMES)
    assert pictures.better_aim(4.04, start=4.0, end=4.083) == 4084
    assert pictures.better_aim(4.04, start=4.04, end=4.123) is None


def test_without_an_index_only_key_frames_are_reached_from_just_past_the_one_before():
    pictures = Pictures(TIMES, stops=[0, 3])
    assert [pictures.at(seconds) for seconds in (0.1, 3.9, 4.3)] == [0.0, 0.0, 4.0]
    assert pictures.beside(0.0, 1) == 4.0
    assert [pictures.aim(seconds) for seconds in (0.0, 4.0)] == [0, 501]
    assert pictures.better_aim(4.0, start=0.0, end=0.1) is None


def test_unknown_times_change_nothing():
    assert not Pictures()
    assert Pictures().at(1.25) == 1.25
    assert Pictures().aim(1.25) == 1251
    assert Pictures().end(1.0, otherwise=2.0) == 2.0


def test_qts_clock_may_be_ahead_and_qt_may_leave_out_the_first_pictures():
    pictures = Pictures([0.0, 0.04, 0.08, 0.12])
    assert pictures.skew(0.0) == 0.0
    assert pictures.skew(0.0231) == 0.0231
    assert pictures.skew(0.04) == 0.0
    assert pictures.skew(0.081) == 0.0
    assert pictures.skew(7.5) == 0.0
    assert Pictures().skew(0.02) == 0.0


def test_on_a_clock_that_is_ahead_everything_is_aimed_at_later():
    shifted = Pictures(TIMES, keyframes=[0, 3]).shifted(0.023)
    assert [shifted.aim(seconds + 0.023) for seconds in (0.0, 0.5)] == [24, 524]
    assert shifted.near_keyframe(3.9) == 4.023


def test_keyframes_are_found_on_either_side():
    pictures = Pictures(TIMES, keyframes=[0, 3])
    assert [pictures.near_keyframe(seconds) for seconds in (0.1, 1.9, 2.1, 9.0)] == [0.0, 0.0, 4.0, 4.0]
    assert Pictures(TIMES).near_keyframe(2.1) == 2.0


def test_numbers_and_the_last_picture_before_a_moment():
    pictures = Pictures(TIMES)
    assert [pictures.number(seconds) for seconds in (0.0, 0.6, 99.0)] == [0, 1, 5]
    assert [pictures.moment(number) for number in (1, 99, -3)] == [0.5, 4.5, 0.0]
    assert [pictures.last_before(seconds) for seconds in (4.0, 4.02, 0.0, 99.0)] == [2.0, 4.0, 0.0, 4.5]
    assert Pictures().number(1.0) is None
