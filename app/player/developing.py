"""Video frames and a size in, pictures ready to be drawn out, made on a thread of their own.

Qt turns a frame into a picture while it paints, holding Python's lock: 15 ms for full HD, 30 ms for UHD, for every
frame, in which no key, no mouse and no token of an answer is served. Here libswscale does it without the lock, at once
in the size of the screen. The newest frame counts; one that comes while another is made takes the place of those that
wait.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRunnable, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from engine.ingest.shown import SD_LINES
from engine.ingest.tone import to_screen

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.plane import VideoPlane

from app.task import Pool

log = logging.getLogger(__name__)

_PATIENCE_MILLISECONDS = 600
_Format = QVideoFrameFormat.PixelFormat
_FORMATS = {  # Qt's names and FFmpeg's of the same layout
    _Format.Format_YUV420P: "yuv420p", _Format.Format_YUV422P: "yuv422p", _Format.Format_NV12: "nv12",
    _Format.Format_NV21: "nv21", _Format.Format_YUV420P10: "yuv420p10le", _Format.Format_P010: "p010le",
    _Format.Format_P016: "p016le", _Format.Format_UYVY: "uyvy422", _Format.Format_YUYV: "yuyv422",
    _Format.Format_Y8: "gray", _Format.Format_BGRA8888: "bgra", _Format.Format_BGRX8888: "bgr0",
    _Format.Format_RGBA8888: "rgba", _Format.Format_RGBX8888: "rgb0",
}  # fmt: skip
_RGB = frozenset({"bgra", "bgr0", "rgba", "rgb0"})
_HLG = QVideoFrameFormat.ColorTransfer.ColorTransfer_STD_B67
_BRIGHT = frozenset({QVideoFrameFormat.ColorTransfer.ColorTransfer_ST2084, _HLG})
_MOST_BRIGHT_PIXELS = 1_000_000  # of high dynamic range, which takes 50 ns a pixel; the rest is drawn larger


class Developer(QObject):
    """Makes pictures of frames, one at a time."""

    developed = Signal(object, object)  # QVideoFrame, QImage

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = Pool(threads=1)
        self._lock = Lock()
        self._waiting: tuple[QVideoFrame, QSize] | None = None
        self._busy = False
        self._made = _Made()
        self._made.done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def want(self, frame: QVideoFrame, size: QSize) -> None:
        """A picture of this frame, of so many pixels; those that wait are forgotten."""
        with self._lock:
            self._waiting = (frame, size)
            if self._busy:
                return
            self._busy = True
        self._pool.start(_Task(self))

    def forget(self) -> None:
        """Nothing is wanted any more."""
        with self._lock:
            self._waiting = None

    def shutdown(self) -> bool:
        """Forget what waits and wait for what is made. False if that did not end in time."""
        self.forget()
        return self._pool.ended(_PATIENCE_MILLISECONDS, "a picture was still being made")

    def work(self) -> None:
        """On the pool's thread: the newest wish, until there is none."""
        while True:
            with self._lock:
                wish, self._waiting = self._waiting, None
                self._busy = wish is not None
            if wish is None:
                return
            try:
                self._made.done.emit(wish[0], develop(*wish))
            except Exception:
                log.exception("a frame cannot be developed")
                self._made.done.emit(wish[0], None)

    def _deliver(self, frame: QVideoFrame, picture: QImage | None) -> None:
        self.developed.emit(frame, picture or frame.toImage())


class _Made(QObject):
    """Carries a result to the window's thread, whatever becomes of the pool."""

    done = Signal(object, object)


class _Task(QRunnable):
    def __init__(self, owner: Developer) -> None:
        super().__init__()
        self._owner = owner

    def run(self) -> None:
        self._owner.work()


def develop(frame: QVideoFrame, size: QSize) -> QImage | None:
    """An upright picture of so many pixels, or fewer of high dynamic range; None where only Qt knows how."""
    surface = frame.surfaceFormat()
    layout = _FORMATS.get(frame.pixelFormat())
    cropped = surface.viewport().size() != frame.size()
    if layout is None or cropped or size.isEmpty():
        return None
    if surface.colorTransfer() in _BRIGHT and size.width() * size.height() > _MOST_BRIGHT_PIXELS:
        size = size * (_MOST_BRIGHT_PIXELS / (size.width() * size.height())) ** 0.5
    turns = (surface.rotation().value // 90) % 4
    stored = size.transposed() if turns % 2 else size
    pixels = _scaled(frame, layout, stored)
    if pixels is None:
        return None
    if surface.isMirrored():
        pixels = pixels[:, ::-1]
    pixels = np.ascontiguousarray(np.rot90(pixels, -turns))
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _scaled(frame: QVideoFrame, layout: str, size: QSize) -> np.ndarray | None:
    """[height, width, 4] uint8, blue first."""
    import av

    source = av.VideoFrame(frame.width(), frame.height(), layout)
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        for number, plane in enumerate(source.planes):
            _copy_plane(frame, number, plane)
    finally:
        frame.unmap()
    surface = frame.surfaceFormat()
    bright = surface.colorTransfer() in _BRIGHT
    # Where nothing is scaled libswscale leaves up to seven columns of a four-byte layout unwritten.
    whole = size == frame.size() and size.width() % 8
    made = source.reformat(
        size.width(),
        size.height(),
        "rgb48le" if bright else "bgr24" if whole else "bgr0",
        src_colorspace=None if layout in _RGB else _matrix(surface),
        src_color_range=None if layout in _RGB else _range(surface),
        dst_color_range="JPEG",
        interpolation="BILINEAR" if size.height() < frame.height() else "BICUBIC",
    )
    if bright:
        pixels = to_screen(_rows(made, np.uint16, 3), hlg=surface.colorTransfer() == _HLG)[..., ::-1]
    else:
        pixels = _rows(made, np.uint8, 3 if whole else 4)
    return pixels if pixels.shape[2] == 4 else np.pad(pixels, ((0, 0), (0, 0), (0, 1)))


def _rows(made: VideoFrame, kind: type, depth: int) -> np.ndarray:
    """[height, width, depth] of a frame in one plane."""
    plane = made.planes[0]
    rows = np.frombuffer(plane, kind).reshape(made.height, -1)
    return rows[:, : depth * made.width].reshape(made.height, made.width, depth)


def _copy_plane(frame: QVideoFrame, number: int, plane: VideoPlane) -> None:
    have, want = frame.bytesPerLine(number), plane.line_size
    lines = min(frame.mappedBytes(number) // have, plane.buffer_size // want)
    source = np.frombuffer(frame.bits(number), np.uint8)[: lines * have].reshape(lines, have)
    target = np.frombuffer(plane, np.uint8)[: lines * want].reshape(lines, want)
    both = min(have, want)
    target[:, :both] = source[:, :both]


def _matrix(surface: QVideoFrameFormat) -> str:
    spaces = QVideoFrameFormat.ColorSpace
    known = {spaces.ColorSpace_BT601: "ITU601", spaces.ColorSpace_BT709: "ITU709", spaces.ColorSpace_BT2020: "BT2020"}
    guess = "ITU709" if surface.frameHeight() > SD_LINES else "ITU601"
    return known.get(surface.colorSpace(), guess)


def _range(surface: QVideoFrameFormat) -> str:
    return "JPEG" if surface.colorRange() == QVideoFrameFormat.ColorRange.ColorRange_Full else "MPEG"
