"""At most one seek is under way, at most one waits; pictures from before a seek are not taken for its own."""

from app.player.pictures import Pictures
from app.player.seeks import Seeks, Wish

PICTURES = Pictures([number / 10 for number in range(100)])


def wish(seconds):
    return Wish(seconds, seconds)


def test_the_last_wish_wins():
    seeks = Seeks()
    assert seeks.want(wish(1.0), now=0.0) == wish(1.0)
    assert seeks.want(wish(2.0), now=0.0) is None
    assert seeks.want(wish(3.0), now=0.0) is None
    assert seeks.last == wish(3.0)
    assert seeks.next(now=0.1) == wish(3.0)
    assert seeks.next(now=0.2) is None
    assert seeks.settled


def test_before_the_film_is_ready_a_wish_waits():
    seeks = Seeks()
    assert seeks.want(wish(1.0), now=0.0, ready=False) is None
    assert not seeks.under_way
    assert seeks.next(now=0.0) == wish(1.0)


def test_what_could_be_the_wanted_picture():
    seeks = Seeks()
    assert seeks.expects(9.0, PICTURES, now=0.0)  # nobody waits for any
    seeks.want(wish(5.0), now=10.0)
    taken = [start for start in (0.3, 4.8, 4.9, 5.0, 5.1, 9.0) if seeks.expects(start, PICTURES, now=10.1)]
    assert taken == [4.9, 5.0]  # Qt may come one too early where the rate varies
    assert seeks.expects(5.1, PICTURES, now=11.0)  # so late it is no picture from before
    assert seeks.expects(0.3, Pictures(), now=10.1)  # who knows
    assert seeks.expects(0.3, Pictures([0.0, 5.0], stops=[0]), now=10.1)  # where seeks land as they can
