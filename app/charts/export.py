"""A chart out as a picture, a drawing or a table, and the place for a file of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pyqtgraph.exporters import ImageExporter
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from app import saving
from app.charts.chart import Chart
from app.charts.ranks import Ranked

COLUMNS = ("rank", "segment", "start_seconds", "end_seconds", "relevance", "tokens")
KINDS = {"png": saving.Kind(".png", "Picture"), "svg": saving.Kind(".svg", "Drawing"),
         "csv": saving.Kind(".csv", "Table")}  # fmt: skip


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


def ask_where(chart: Chart, kind: str) -> Path | None:
    """Let the person choose a file; None if they changed their mind."""
    name = f"{chart.accessibleName().lower()}.{kind}"
    return saving.ask_where(chart.window(), "Save the chart", Path.home() / name, (KINDS[kind],))


def content(chart: Chart, kind: str, ranks: Sequence[Ranked]) -> bytes:
    """What the file holds."""
    return table(ranks) if kind == "csv" else picture(chart) if kind == "png" else drawing(chart)
