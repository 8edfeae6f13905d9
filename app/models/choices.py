"""Where and how exactly models compute: two lists to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.choice_box import ChoiceBox
from app.style import mark

if TYPE_CHECKING:
    from engine.weights.device import Device

AUTOMATIC = "auto"
NARROWEST = 150  # pixels; a longer name is cut short
PRECISIONS = {
    AUTOMATIC: "As fits best", "fp32": "32 bits, exact", "bf16": "16 bits", "int8": "8 bits",
    "nf4": "4 bits, smallest",
}  # fmt: skip
ALWAYS_HERE = {AUTOMATIC: "The fastest here", "cpu": "Processor (cpu)"}
DEVICE = re.compile(r"auto|cpu|mps|(cuda|xpu):\d{1,2}")


class Choices(QWidget):
    """Shows what was chosen last, and what this machine has once that is known."""

    precision_wanted = Signal(str)
    device_wanted = Signal(str)

    def __init__(self, precision: str, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.device, self.precision = ChoiceBox(), ChoiceBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, box in (("&Device", self.device), ("&Precision", self.precision)):
            label = QLabel(name)
            label.setBuddy(box)
            mark(label, kind="small", tone="2")
            box.setAccessibleName(name.lstrip("&"))
            box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(NARROWEST)
            row.addWidget(label)
            row.addWidget(box)
        row.addStretch()
        _fill(self.precision, PRECISIONS, precision)
        _fill(self.device, _with_chosen(ALWAYS_HERE, device, device), device)
        self.precision.activated.connect(lambda _: self.precision_wanted.emit(self.precision.currentData()))
        self.device.activated.connect(lambda _: self.device_wanted.emit(self.device.currentData()))

    def show_devices(self, devices: Iterable[Device]) -> None:
        """What this machine computes on. One that was chosen and is gone stays in the list and says so."""
        chosen = str(self.device.currentData())
        listed = {AUTOMATIC: ALWAYS_HERE[AUTOMATIC], **{one.value: f"{one.name} ({one.value})" for one in devices}}
        _fill(self.device, _with_chosen(listed, chosen, f"{chosen}, not on this machine"), chosen)


def _with_chosen(listed: dict[str, str], chosen: str, name: str) -> dict[str, str]:
    return listed if chosen in listed else {**listed, chosen: name}


def _fill(box: QComboBox, items: dict[str, str], chosen: str) -> None:
    box.clear()
    for value, meaning in items.items():
        box.addItem(meaning, value)
    box.setCurrentIndex(list(items).index(chosen))
