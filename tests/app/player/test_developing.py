"""Pictures made of frames off the window's thread: the engine's own pixels, upright, of any layout Qt brings."""

import logging
import time

import av
import numpy as np
import pytest
from films import make_film, marked_corner, numbered_picture, picture_number
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from app.player.developing import Developer, develop
from engine.ingest.frames import read_frame_at
from engine.ingest.video import open_video

LONG = 10_000


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def encoded(path, layout, *, codec="libx264", size=(160, 96), space=None):
    """Three numbered pictures in a layout."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = *size, layout
        if space is not None:
            stream.codec_context.colorspace = space
        if codec.startswith("libx26"):
            params = {"libx264": "x264-params", "libx265": "x265-params"}[codec]
            stream.codec_context.options = {"crf": "8", "preset": "ultrafast", params: "log-level=error"}
        for number in range(3):
            picture = av.VideoFrame.from_ndarray(numbered_picture(number, size), format="rgb24")
            output.mux(stream.encode(picture.reformat(format=layout)))
        output.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("name", "layout", "codec", "size"),
    [
        ("sd.mp4", "yuv420p", "libx264", (160, 96)),
        ("hd.mp4", "yuv420p", "libx264", (320, 640)),  # tall enough to be taken for HD
        ("odd.mp4", "yuv420p", "libx264", (162, 98)),
        ("full.mp4", "yuv444p", "libx264", (162, 98)),
        ("ten.mp4", "yuv420p10le", "libx265", (160, 96)),  # of which Qt alone makes nothing without a graphics card
        ("rgb.mkv", "bgr0", "ffv1", (160, 96)),
        ("grey.mkv", "gray", "ffv1", (160, 96)),
        ("wide.mov", "yuv422p10le", "prores_ks", (160, 96)),
    ],
)
def test_pixels_are_the_engines_own(watched, tmp_path, name, layout, codec, size):
    path = encoded(tmp_path / name, layout, codec=codec, size=size)
    it = watched(path)
    made = develop(it.frame, it.frame.size())
    assert made is not None
    wanted = read_frame_at(open_video(path), 0.0, for_people=True).picture.astype(int)
    assert pixels(made).shape == wanted.shape
    assert np.abs(pixels(made) - wanted).mean() < 2
    assert np.abs(pixels(made)[:, -2:] - wanted[:, -2:]).mean() < 4
    assert picture_number(pixels(made)) == 0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_frames_stand_upright(watched, tmp_path, turn):
    it = watched(make_film(tmp_path / "turned.mp4", frames=3, size=(160, 96), upright_turn=turn))
    made = develop(it.frame, QSize(160, 96))
    assert made.size() == QSize(160, 96)
    assert marked_corner(pixels(made).astype(np.uint8)) == "bottom right"


def test_mirrored_frames(qapp):
    image = QImage(64, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    image.setPixelColor(0, 0, QColor("white"))
    surface = QVideoFrameFormat(QSize(64, 32), QVideoFrameFormat.PixelFormat.Format_BGRX8888)
    surface.setMirrored(True)
    frame = QVideoFrame(surface)
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    frame.bits(0)[: 64 * 32 * 4] = bytes(image.constBits())
    frame.unmap()
    made = pixels(develop(frame, QSize(64, 32)))
    assert made[0, 63].sum() > 700
    assert made[0, 0].sum() < 60


@pytest.mark.parametrize("size", [QSize(80, 48), QSize(161, 97), QSize(640, 384)])
def test_any_size(watched, film, size):
    made = develop(watched(film).frame, size)
    assert made.size() == size
    corner = made.pixelColor(size.width() - 2, size.height() - 2)
    assert corner.red() > 150
    assert corner.green() < 90


def bright(path, transfer, light):
    """Three pictures of high dynamic range, all of one grey, given as its code in ten bits."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx265", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p10le"
        colours = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
        stream.codec_context.options = {"crf": "4", "preset": "ultrafast", "x265-params": f"log-level=error:{colours}"}
        for _ in range(3):
            frame = av.VideoFrame(160, 96, "yuv420p10le")
            for plane, value in zip(frame.planes, (light, 512, 512), strict=True):
                plane.update(np.full(plane.buffer_size // 2, value, np.uint16).tobytes())
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("transfer", "share", "grey"),
    [("smpte2084", 0.5807, 233), ("smpte2084", 0.3, 63), ("arib-std-b67", 0.75, 233), ("arib-std-b67", 0.25, 61)],
)
def test_high_dynamic_range_is_brought_to_the_screen(watched, tmp_path, transfer, share, grey):
    it = watched(bright(tmp_path / "bright.mp4", transfer, round(64 + share * 876)))
    made = pixels(develop(it.frame, QSize(320, 192)))
    assert made.shape == (192, 320, 3)
    assert made.mean(axis=(0, 1)) == pytest.approx([grey] * 3, abs=5)
    small = read_frame_at(open_video(tmp_path / "bright.mp4"), 0.0, for_people=True).picture  # as on thumbnails
    assert small.mean(axis=(0, 1)) == pytest.approx([grey] * 3, abs=5)
    large = develop(it.frame, QSize(3200, 1920))
    assert large.width() * large.height() <= 1_002_000
    assert large.width() / large.height() == pytest.approx(160 / 96, abs=0.01)


def test_what_is_none_makes_none(qapp):
    surface = QVideoFrameFormat(QSize(64, 32), QVideoFrameFormat.PixelFormat.Format_BGRX8888)
    assert develop(QVideoFrame(surface), QSize()) is None
    rare = QVideoFrameFormat(QSize(64, 32), QVideoFrameFormat.PixelFormat.Format_IMC1)
    assert develop(QVideoFrame(rare), QSize(64, 32)) is None


@pytest.fixture
def developer(qapp):
    made = Developer()
    yield made
    assert made.shutdown()


def test_the_newest_frame_counts_and_few_are_made(developer, watched, qtbot, film):
    frame = watched(film).frame
    made = []
    developer.developed.connect(lambda _, picture: made.append(picture.width()))
    for width in range(100, 200):
        developer.want(frame, QSize(width, 96))
    qtbot.waitUntil(lambda: made[-1:] == [199], timeout=LONG)
    assert len(made) < 50
    developer.want(frame, QSize(300, 96))
    qtbot.waitUntil(lambda: made[-1:] == [300], timeout=LONG)


def test_an_error_is_logged_and_does_not_end_it(developer, watched, qtbot, film, monkeypatch, logged_errors):
    frame = watched(film).frame
    made = []
    developer.developed.connect(lambda _, picture: made.append(picture.size()))
    monkeypatch.setattr("app.player.developing._scaled", lambda *_: 1 / 0)
    developer.want(frame, QSize(50, 50))
    qtbot.waitUntil(lambda: len(made) == 1, timeout=LONG)
    assert made == [frame.size()]  # Qt's own
    assert logged_errors.records.pop().levelno == logging.ERROR
    monkeypatch.undo()
    developer.want(frame, QSize(60, 60))
    qtbot.waitUntil(lambda: made[-1] == QSize(60, 60), timeout=LONG)


def test_shutting_down_in_the_middle_is_quick(qapp, watched, film):
    developer = Developer()
    frame = watched(film).frame
    for width in range(100, 140):
        developer.want(frame, QSize(width * 20, 1000))
    begun = time.monotonic()
    assert developer.shutdown()
    assert time.monotonic() - begun < 1


def test_a_window_of_another_size_gets_its_picture(on_film, qtbot):
    window = on_film()
    screen = window.player._screen
    qtbot.waitUntil(lambda: screen._picture is not None and screen._picture.size() == screen._pixels(), timeout=LONG)
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: screen.width() > 800 and screen._picture.size() == screen._pixels(), timeout=LONG)


def test_hd_without_a_word_about_colours_is_hd_to_people_only(tmp_path):
    film = open_video(encoded(tmp_path / "hd.mp4", "yuv420p", size=(320, 640)))
    for_model, for_people = (read_frame_at(film, 0.0, for_people=people).picture for people in (False, True))
    assert np.abs(for_model.astype(int) - for_people).max() > 10  # in the red corner
    small = open_video(encoded(tmp_path / "sd.mp4", "yuv420p"))
    same = [read_frame_at(small, 0.0, for_people=people).picture for people in (False, True)]
    assert np.array_equal(*same)
