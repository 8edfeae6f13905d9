"""Pins that would overlap share a disc."""

from app.pins import Pin
from app.timeline.pin_marks import merge_pins


def pin(number, *, weak=False):
    return Pin(number, float(number), number + 1.0, number, 3, 0.5, named=True, weak=weak)


def test_close_pins_merge_and_keep_their_numbers():
    marks = merge_pins([(100.0, pin(1)), (300.0, pin(2)), (310.0, pin(3)), (320.0, pin(4))])
    assert [mark.label for mark in marks] == ["1", "2-4"]
    assert marks[1].pixel == 310
    assert merge_pins([(10.0, pin(1)), (20.0, pin(5))])[0].label == "1,5"
    assert merge_pins([]) == []


def test_a_merged_disc_is_weak_only_if_all_its_pins_are():
    assert merge_pins([(10.0, pin(1, weak=True)), (20.0, pin(2))])[0].weak is False
    assert merge_pins([(10.0, pin(1, weak=True)), (20.0, pin(2, weak=True))])[0].weak is True
