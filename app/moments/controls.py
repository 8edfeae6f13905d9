"""The row above the list: how it is sorted, and how relevant a segment must be. Both are remembered."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from app.choice_box import ChoiceBox
from app.moments.moments import DEFAULT_THRESHOLD, LEAST_THRESHOLD, Order
from app.style import mark

_ORDERS = {Order.RELEVANCE: "By relevance", Order.TOKENS: "By tokens", Order.TIME: "By time"}
_WHY = (
    "Neighbouring segments of at least this raw relevance make one moment.\n"
    "From 0.50 on the model itself says that a segment matters for the question."
)


class Controls(QWidget):
    """Sort order and threshold."""

    changed = Signal()

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.order_box = ChoiceBox()
        mark(self.order_box, field="small")
        self.order_box.setAccessibleName("Sort moments")
        for order, text in _ORDERS.items():
            self.order_box.addItem(text, order)
        self.order_box.setCurrentIndex(list(Order).index(_order(settings)))
        self.slider = QSlider(Qt.Orientation.Horizontal, minimum=LEAST_THRESHOLD, maximum=99)
        self.slider.setPageStep(10)
        self.slider.setMinimumWidth(48)
        self.slider.setAccessibleName("Relevance at least")
        self.slider.setAccessibleDescription(_WHY)
        self.slider.setToolTip(_WHY)
        self.slider.setValue(_threshold(settings))
        self._number = QLabel()
        mark(self._number, kind="control")
        self._number.setFixedWidth(self._number.fontMetrics().horizontalAdvance("0.00") + 6)
        title = QLabel("Relevance ≥")
        title.setToolTip(_WHY)
        mark(title, kind="small", tone="2")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(8)
        row.addWidget(self.order_box)
        row.addStretch(1)
        row.addWidget(title)
        row.addWidget(self.slider, 2)
        row.addWidget(self._number)
        self.order_box.currentIndexChanged.connect(lambda _: self._keep("order", self.order.value))
        self.slider.valueChanged.connect(lambda value: self._keep("threshold", value))
        self._say()

    @property
    def order(self) -> Order:
        """What the list is sorted by."""
        return Order(self.order_box.currentData())

    @property
    def threshold(self) -> int:
        """Hundredths of relevance."""
        return self.slider.value()

    def set_order(self, order: Order) -> None:
        """Sort by something else."""
        self.order_box.setCurrentIndex(list(Order).index(order))

    def _keep(self, name: str, value: object) -> None:
        self._settings.setValue(f"moments/{name}", value)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        self._number.setText(f"{self.threshold / 100:.2f}")


def _order(settings: QSettings) -> Order:
    found = str(settings.value("moments/order", Order.RELEVANCE.value))
    return next((order for order in Order if order.value == found), Order.RELEVANCE)


def _threshold(settings: QSettings) -> int:
    found = str(settings.value("moments/threshold", DEFAULT_THRESHOLD))
    return int(found) if found.isdecimal() and len(found) < 4 else DEFAULT_THRESHOLD
