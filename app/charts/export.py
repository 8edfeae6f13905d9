"""A chart out as a picture, a drawing or a table, and a file for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pyqtgraph.exporters import ImageExporter
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog

from app.charts.chart import Chart
from app.charts.ranks import Ranked

COLUMNS = ("rank", "segment", "start_seconds", "end_seconds", "relevance", "tokens")
KINDS = {"png": "Picture (*.png)", "svg": "Drawing (*.svg)", "csv": "Table (*.csv)"}


def picture(chart: Chart) -> bytes:
    """A PNG of the chart as it is on screen."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    ImageExporter(chart.plotItem).export(toBytes=True).save(buffer, "PNG")
    return bytes(buffer.data().data())


def drawing(chart: Chart) -> bytes:
    """An SVG of it, by Qt: pyqtgraph's own trips over what Qt writes for these items."""
    buffer = QBuffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the version that can clip
    generator.setOutputDevice(buffer)
    generator.setSize(chart.viewport().size())
    generator.setViewBox(chart.viewport().rect())
    generator.setTitle(chart.accessibleName())
    painter = QPainter(generator)
    chart.render(painter)
    painter.end()
    return bytes(buffer.data().data())


def table(ranks: Sequence[Ranked]) -> bytes:
    """Everything that both charts are drawn from."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for place, rank in enumerate(ranks, start=1):
        segment = rank.segment
        tokens = "" if rank.tokens is None else rank.tokens
        lines.writerow((place, segment.index + 1, segment.start_seconds, segment.end_seconds, rank.relevance, tokens))
    return text.getvalue().encode()


def ask_and_save(chart: Chart, kind: str, ranks: Sequence[Ranked]) -> str:
    """Let the person choose a file and write it; returns what to tell them, nothing if they changed their mind."""
    name = f"{chart.accessibleName().lower()}.{kind}"
    chosen, _ = QFileDialog.getSaveFileName(chart.window(), "Save the chart", str(Path.home() / name), KINDS[kind])
    if not chosen:
        return ""
    content = table(ranks) if kind == "csv" else picture(chart) if kind == "png" else drawing(chart)
    try:
        Path(chosen).write_bytes(content)
    except OSError as error:
        return f"The chart could not be saved: {error.strerror or error}."
    return f"Saved {Path(chosen).name}."
