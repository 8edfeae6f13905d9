"""Strokes that places are painted with, on [h, w, 3] uint8 RGB pictures. Lengths are shares of the picture's height."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

Colour = Sequence[float] | np.ndarray


def gradient(width: int, height: int, top: Colour, bottom: Colour) -> np.ndarray:
    """A picture that goes from one colour to another."""
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    column = np.asarray(top, np.float32) * (1 - share) + np.asarray(bottom, np.float32) * share
    return np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)).clip(0, 255).astype(np.uint8))


def ground(picture: np.ndarray, level: float, colour: Colour, far: Colour | None = None) -> None:
    """Everything below `level`, lighter towards the horizon if `far` says so."""
    height, width = picture.shape[:2]
    first = round(level * height)
    picture[first:] = gradient(width, height - first, colour if far is None else far, colour)


def hills(picture: np.ndarray, rng: np.random.Generator, level: float, rise: float, colour: Colour) -> None:
    """A line of hills, filled downwards."""
    height, width = picture.shape[:2]
    x = np.linspace(0, 2 * np.pi, 40)
    line = sum(rng.uniform(0.2, 1) * np.sin(x * rng.uniform(0.5, 2.5) * n + rng.uniform(0, 6)) / n for n in (1, 2, 3))
    y = level * height - rise * height * (np.asarray(line) / 2)
    _fill(picture, [*zip(x / (2 * np.pi) * width, y, strict=True), (width, height), (0, height)], colour)


def peaks(picture: np.ndarray, rng: np.random.Generator, level: float, colour: Colour, cap: Colour | None) -> None:
    """Mountains, snow on top if a cap colour is given."""
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(3, 6))):
        x, half, top = rng.uniform(0, width), rng.uniform(0.3, 0.7) * height, (level - rng.uniform(0.25, 0.5)) * height
        base = level * height
        _fill(picture, [(x - half, base), (x, top), (x + half, base)], np.asarray(colour) * rng.uniform(0.8, 1.1))
        if cap is not None:
            down = top + (base - top) * 0.3
            _fill(picture, [(x - half * 0.3, down), (x, top), (x + half * 0.3, down), (x, down - height * 0.04)], cap)


def boxes(
    picture: np.ndarray, rng: np.random.Generator, level: float, shades: Sequence[Colour], lit: Colour | None
) -> None:
    """A row of houses standing on `level`, with windows."""
    height, width = picture.shape[:2]
    x = -rng.uniform(0, 0.2) * height
    while x < width:
        wide, high = rng.uniform(0.16, 0.36) * height, rng.uniform(0.2, 0.6) * height
        top = level * height - high
        colour = np.asarray(shades[int(rng.integers(len(shades)))], np.float32) * rng.uniform(0.85, 1.1)
        rectangle(picture, x, top, wide, high + 2, colour)
        if lit is not None:
            step = 0.075 * height
            for row in np.arange(top + step * 0.6, level * height - step, step):
                for column in np.arange(x + step * 0.5, x + wide - step * 0.7, step):
                    if rng.random() < 0.6:
                        rectangle(picture, column, row, step * 0.4, step * 0.5, lit)
        x += wide + rng.uniform(0, 0.05) * height


def trees(
    picture: np.ndarray, rng: np.random.Generator, level: float, crown: Colour, *, count: int, pointed: bool
) -> None:
    """Trees without names: part of a forest, or of a garden."""
    height, width = picture.shape[:2]
    for _ in range(count):
        x, tall, foot = rng.uniform(0, width), rng.uniform(0.3, 0.6) * height, (level + rng.uniform(0, 0.1)) * height
        rectangle(picture, x - tall * 0.05, foot - tall * 0.4, tall * 0.1, tall * 0.4, (92, 66, 44))
        colour = np.asarray(crown, np.float32) * rng.uniform(0.75, 1.2)
        if pointed:
            for part in range(3):
                top, half = foot - tall * (1 - 0.22 * part), tall * (0.16 + 0.06 * part)
                _fill(picture, [(x - half, top + tall * 0.36), (x, top), (x + half, top + tall * 0.36)], colour)
        else:
            circle(picture, x, foot - tall * 0.65, tall * 0.28, colour)


def specks(
    picture: np.ndarray, rng: np.random.Generator, count: int, low: float, high: float, size: float, colour: Colour
) -> None:
    """Dots between two levels: stars, snow, flowers, bubbles."""
    height, width = picture.shape[:2]
    for _ in range(count):
        x, y = rng.uniform(0, width), rng.uniform(low, high) * height
        circle(picture, x, y, max(0.6, size * height * rng.uniform(0.6, 1.4)), colour)


def stripes(picture: np.ndarray, low: float, high: float, count: int, colour: Colour, *, thick: float) -> None:
    """Lines from side to side, closer together towards the horizon: water, planks, furrows."""
    height, width = picture.shape[:2]
    for number in range(1, count + 1):
        y = (low + (high - low) * (number / count) ** 1.6) * height
        rectangle(picture, 0, y, width, max(1.0, thick * height * number / count), colour)


def circle(picture: np.ndarray, x: float, y: float, radius: float, colour: Colour) -> None:
    """A filled circle; lengths in pixels."""
    cv2.circle(picture, (round(x * 16), round(y * 16)), round(radius * 16), _shade(colour), -1, cv2.LINE_AA, 4)


def rectangle(picture: np.ndarray, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
    """A filled rectangle; lengths in pixels."""
    corner = (round(x), round(y))
    cv2.rectangle(picture, corner, (round(x + wide), round(y + high)), _shade(colour), -1)


def _fill(picture: np.ndarray, points: Sequence[tuple[float, float]], colour: Colour) -> None:
    cv2.fillPoly(picture, [np.round(np.array(points)).astype(np.int32)], _shade(colour), cv2.LINE_AA)


def _shade(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (float(np.clip(part, 0, 255)) for part in colour)
    return red, green, blue
