"""Text on screen: the words there are, the fonts, and a caption's picture."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import cv2
import numpy as np

from engine.training.world.palette import COLOURS
from engine.training.world.plan import HEIGHT, WIDTH, Caption
from engine.training.world.styles import FONTS, world_folder
from engine.training.world.things import parted

WORDS = parted(
    "OPEN CLOSED SALE EXIT ENTER NEWS TODAY TOMORROW MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY NORTH "
    "SOUTH EAST WEST PARIS LONDON ROME BERLIN TOKYO MADRID VIENNA OSLO CAIRO LIMA SPRING SUMMER AUTUMN WINTER JANUARY "
    "APRIL JUNE AUGUST OCTOBER START STOP FINISH LEVEL SCORE ROUND GAME WINNER PLAYER CHAPTER PART GATE PLATFORM FLOOR "
    "LINE TRACK HELLO WELCOME GOODBYE THANKS PLEASE DANGER CAUTION QUIET MUSIC DINNER LUNCH MENU PRICE FREE BEST FAST "
    "SLOW PUSH PULL HELP POLICE LIBRARY MARKET STATION AIRPORT GARDEN KITCHEN OFFICE STUDIO CINEMA LIVE REPLAY GOLD "
    "SILVER DAY NIGHT LEFT RIGHT SCHOOL HOTEL BANK PARK BRIDGE BEACH"
)
NUMBERS = 100  # a number on screen is below this
BUILT_IN = "plain"  # Pillow's own font, always there
STROKED = {"stroke": cv2.FONT_HERSHEY_DUPLEX, "serif": cv2.FONT_HERSHEY_TRIPLEX}  # OpenCV's, always there
TALLEST, WIDEST = 40.0, 286.0  # canvas units


def fonts_here(*, held_out: bool = False) -> tuple[str, ...]:
    """Fonts on this machine: those of the training, or those kept for the test."""
    fetched = fonts_fetched(held_out=held_out)
    return fetched if held_out else (BUILT_IN, *STROKED, *fetched)


def fonts_fetched(*, held_out: bool) -> tuple[str, ...]:
    """Those of them that came from packages."""
    return tuple(
        font.name
        for font in FONTS
        if font.held_out == held_out and (world_folder() / "fonts" / f"{font.name}.woff").exists()
    )


def lettered(caption: Caption, width: int, height: int) -> tuple[np.ndarray, int, int]:
    """The caption's picture, premultiplied [h, w, 4], for a film of `width` by `height`, and its centre there."""
    picture = _lettered(caption.text, caption.font, caption.colour, caption.band, width, height)
    middle = HEIGHT * (0.135 if caption.top else 0.865)
    return picture, width // 2, round(middle * height / HEIGHT)


@lru_cache(maxsize=400)
def _lettered(text: str, font: str, colour: str, band: str, width: int, height: int) -> np.ndarray:
    mask = _mask(text, font)
    scale = min(TALLEST / mask.shape[0], WIDEST / mask.shape[1])
    size = (round(mask.shape[1] * scale * width / WIDTH), round(mask.shape[0] * scale * height / HEIGHT))
    letters = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    border = max(2, height // 48)
    letters = cv2.copyMakeBorder(letters, border, border, 2 * border, 2 * border, cv2.BORDER_CONSTANT, value=0)
    thick = max(3, height // 40) | 1
    around = np.full_like(letters, 255) if band else cv2.dilate(letters, np.ones((thick, thick), np.uint8))
    edge = COLOURS[band] if band else _contrast(colour)
    share = letters[..., None].astype(np.float32) / 255
    alpha = around[..., None].astype(np.float32)
    filled = np.array(COLOURS[colour], np.float32) * share + np.array(edge, np.float32) * (1 - share)
    return np.concatenate([filled * alpha / 255, alpha], 2).round().astype(np.uint8)


def _contrast(colour: str) -> tuple[int, int, int]:
    return COLOURS["black" if sum(COLOURS[colour]) > 330 else "white"]


def _mask(text: str, font: str) -> np.ndarray:
    """White letters on black, 64 pixels high or so, cropped."""
    if font in STROKED:
        (wide, high), base = cv2.getTextSize(text, STROKED[font], 2.2, 4)
        mask = np.zeros((high + base + 16, wide + 16), np.uint8)
        cv2.putText(mask, text, (8, high + 8), STROKED[font], 2.2, 255, 5, cv2.LINE_AA)
    else:
        mask = _set(text, font)
    rows, columns = (np.flatnonzero(mask.max(axis) > 20) for axis in (1, 0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _set(text: str, font: str) -> np.ndarray:
    from PIL import Image, ImageDraw

    canvas = Image.new("L", (110 * (len(text) + 1), 160))
    ImageDraw.Draw(canvas).text((20, 20), text, font=_face(font), fill=255)
    return np.asarray(canvas)


@cache
def _face(font: str) -> Any:
    from PIL import ImageFont

    if font == BUILT_IN:
        return ImageFont.load_default(80)
    return ImageFont.truetype(str(world_folder() / "fonts" / f"{font}.woff"), 80)
