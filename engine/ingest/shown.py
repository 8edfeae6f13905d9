"""A decoded picture in, its colours as players show them out. What the model sees is made elsewhere, and plainer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.ingest.tone import to_screen

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.reformatter import VideoReformatter

SD_LINES = 576  # a taller picture that does not say how its colours are stored is taken for HD
_UNTOLD, _PQ, _HLG = 2, 16, 18  # AVColorSpace, AVColorTransferCharacteristic
_ITU709, _BT2020 = 1, 9  # SWS_CS_*


def as_shown(frame: VideoFrame, width: int, height: int, reformatter: VideoReformatter) -> np.ndarray:
    """[height, width, 3] uint8 RGB; high dynamic range is brought to a usual screen."""
    bright = frame.color_trc in (_PQ, _HLG)
    hd = frame.colorspace == _UNTOLD and height > SD_LINES
    made = reformatter.reformat(
        frame,
        width,
        height,
        "rgb48le" if bright else "rgb24",
        src_colorspace=_BT2020 if bright else _ITU709 if hd else None,
        interpolation="BICUBIC",
    )
    pixels = made.to_ndarray()
    return to_screen(pixels, hlg=frame.color_trc == _HLG) if bright else pixels
