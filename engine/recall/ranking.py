"""Scores in, their indices from highest to lowest out, ties in the order the published code meets them.

The published allocator ranks with an unstable sort (`torch.argsort` on the CPU, which is C++'s introsort), so among
equal scores the left-over tokens go to places that look arbitrary, but are the same on every machine. The partitioning
below visits elements in that order; seven of the 160 published cases depend on it.
"""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 16  # ranges up to this size are left to the stable insertion sort at the end


def highest_first(values: Sequence[float]) -> list[int]:
    """Return the indices of `values` from the highest to the lowest."""
    order = list(range(len(values)))
    keys = [-value for value in values]
    _partition_all(order, keys, 0, len(order), depth=2 * (len(order).bit_length() - 1))
    return sorted(order, key=keys.__getitem__)


def _partition_all(order: list[int], keys: list[float], first: int, last: int, *, depth: int) -> None:
    while last - first > SMALL and depth > 0:
        depth -= 1
        cut = _partition(order, keys, first, last)
        _partition_all(order, keys, cut, last, depth=depth)
        last = cut


def _partition(order: list[int], keys: list[float], first: int, last: int) -> int:
    """Split `order[first:last]` about the median of three of its places; equal keys cross, as in the original."""
    middle = first + (last - first) // 2
    places = (first + 1, middle, last - 1)
    median = _median(places, [keys[order[place]] for place in places])
    order[first], order[median] = order[median], order[first]
    pivot = keys[order[first]]
    left, right = first + 1, last
    while True:
        while keys[order[left]] < pivot:
            left += 1
        right -= 1
        while pivot < keys[order[right]]:
            right -= 1
        if left >= right:
            return left
        order[left], order[right] = order[right], order[left]
        left += 1


def _median(places: tuple[int, int, int], keys: Sequence[float]) -> int:
    """Return the place whose key lies between the others', with the original's choice among equals."""
    low, middle, high = places
    a, b, c = keys
    if a < b:
        return middle if b < c else high if a < c else low
    return low if a < c else high if b < c else middle
