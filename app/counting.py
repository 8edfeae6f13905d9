"""A number and the name of a thing in, both as people say them out. Pure."""

from __future__ import annotations


def count(number: int, thing: str) -> str:
    """`no questions`, `1 question`, `1,024 segments`."""
    return f"{number:,} {plural(number, thing)}" if number else f"no {plural(number, thing)}"


def count_of(some: int, number: int, thing: str) -> str:
    """`0 of 1 segment`, `12 of 1,024 segments`."""
    return f"{some:,} of {number:,} {plural(number, thing)}"


def plural(number: float, thing: str) -> str:
    """The thing alone, one of it or several: `question`, `questions`."""
    return thing if number == 1 else f"{thing}s"
