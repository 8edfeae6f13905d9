"""Pins at pixels in, discs that do not overlap out. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.pins import Pin


@dataclass(frozen=True, slots=True)
class PinMark:
    """Pins that share one disc, because they would overlap."""

    pixel: float
    label: str
    seconds: float
    weak: bool


def merge_pins(placed: list[tuple[float, Pin]], *, apart: float = 18.0) -> list[PinMark]:
    """Discs for pins at pixels: closer than `apart` they merge to `2-4` (or `2,4` where the numbers do not follow)."""
    groups: list[list[tuple[float, Pin]]] = []
    for pixel, pin in sorted(placed, key=lambda place: place[0]):
        if groups and pixel - groups[-1][-1][0] < apart:
            groups[-1].append((pixel, pin))
        else:
            groups.append([(pixel, pin)])
    return [_mark(group) for group in groups]


def _mark(group: list[tuple[float, Pin]]) -> PinMark:
    numbers = sorted(pin.number for _, pin in group)
    straight = numbers[-1] - numbers[0] == len(numbers) - 1
    label = f"{numbers[0]}-{numbers[-1]}" if straight and len(numbers) > 1 else ",".join(map(str, numbers))
    return PinMark(
        pixel=sum(pixel for pixel, _ in group) / len(group),
        label=label,
        seconds=group[0][1].seconds,
        weak=all(pin.weak for _, pin in group),
    )
