"""Lanes: which of them go where room is short."""

from app.timeline.lanes import lay_out


def test_lanes_with_nothing_to_show_go_first_where_room_is_short():
    whole = lay_out(400.0, bare=("earlier", "chapters", "cuts"))
    assert whole.chapters.shown
    low = lay_out(whole.needed - 1, bare=("earlier", "chapters"))
    assert not low.chapters.shown
    assert not low.earlier.shown
    assert low.cuts.shown
    assert low.needed < whole.needed
