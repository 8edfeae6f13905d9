"""The bars around the panes: film and commands above, a message when there is one, the state of things below."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from app.announcing import announce
from app.clock import clock
from app.counting import count, count_of
from app.style import mark
from app.theme import Palette, icon
from app.tool_button import ToolButton
from engine.events import Event, FramesRead, IndexCompleted, IndexFound, ModelLoaded, SegmentIndexed, SegmentsFound
from engine.records import VideoInfo

_MESSAGE_MILLISECONDS = 6000


class TopBar(QWidget):
    """Film name and facts; Open, Sample, Export, theme."""

    open_wanted = Signal()
    sample_wanted = Signal()
    export_wanted = Signal()
    theme_wanted = Signal()
    models_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, palette: Palette, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _dress(self, 48)
        self._picture = QLabel()
        self._name = QLabel("No film open")
        mark(self._name, kind="strong")
        self._length = QLabel()
        mark(self._length, kind="control", tone="2")
        self._facts = QLabel()
        mark(self._facts, kind="small", tone="3")
        for label in (self._name, self._facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(0)
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._open = _tool("Open", "Open a film (Ctrl+O)", self.open_wanted)
        self._sample = _tool("Sample", "Open the sample film", self.sample_wanted)
        self._sample.setEnabled(has_sample)
        self._export = _tool("Export", "Save the conversation as a file (Ctrl+S)", self.export_wanted)
        self._models = _tool("Models", "Choose, download or remove a model (Ctrl+M)", self.models_wanted)
        self._settings = _tool("Settings", "What is read, tokens, answer, memory (Ctrl+,)", self.settings_wanted)
        self._view = _tool("View", "Panes, colours, full screen", None)
        self._view.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._theme = _tool("", "Dark or light", self.theme_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(10)
        for part in (self._picture, self._name, self._length):
            row.addWidget(part)
        row.addWidget(self._facts, 1)
        for button in (self._open, self._sample, self._models, self._settings, self._export, self._view, self._theme):
            row.addWidget(button)
        self.setFocusProxy(self._open)
        self.set_export(False)
        self.apply_palette(palette)

    def set_film(self, video: VideoInfo | None) -> None:
        """Name the film."""
        if video is None:
            self._name.setText("No film open")
            self._length.setText("")
            self._facts.setText("")
            return
        rate = "variable rate, " if video.variable_rate else ""
        facts = (f"{video.width} × {video.height}", f"{rate}{video.frame_rate:.4g} fps", video.codec,
                 "sound" if video.has_audio else "no sound", *_noted(video))  # fmt: skip
        self._name.setText(video.path.name)
        self._length.setText(clock(video.duration_seconds))
        self._facts.setText("  ·  ".join(facts))
        self.setToolTip("\n".join((str(video.path), *video.notes)))

    def set_open_menu(self, menu: QMenu) -> None:
        """What the arrow beside Open opens."""
        self._open.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._open.setMenu(menu)

    def set_view_menu(self, menu: QMenu) -> None:
        """What the View button opens."""
        self._view.setMenu(menu)

    def add_fact(self, fact: str) -> None:
        """One more fact about the open film."""
        self._facts.setText(f"{self._facts.text()}  ·  {fact}")

    def set_export(self, possible: bool) -> None:
        """There is something to save."""
        self._export.setEnabled(possible)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._picture.setPixmap(icon("film-strip", palette.text2).pixmap(18, 18))
        pictures = {self._open: "folder-open", self._sample: "play-circle", self._export: "export",
                    self._models: "cube", self._settings: "sliders-horizontal", self._view: "layout",
                    self._theme: "sun" if palette.dark else "moon"}  # fmt: skip
        for button, name in pictures.items():
            button.setIcon(icon(name, palette.text, disabled=palette.text3))


def _noted(video: VideoInfo) -> tuple[str, ...]:
    """That there is something to know about a film; pointing at the bar says what."""
    return (count(len(video.notes), "note"),) if video.notes else ()


class MessageBar(QWidget):
    """One plain sentence and what can be done about it. Good news goes by itself, bad news stays."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, panel="notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._picture = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark(self._text, kind="control")
        self._close = _tool("", "Close this message", None)
        self._close.clicked.connect(self.hide)
        self._timer = QTimer(self, singleShot=True, interval=_MESSAGE_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self._good = False
        self.apply_palette(palette)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, message: str, advice: str = "", *, good: bool = False) -> None:
        """Show a message, and have it said; bad news before anything else."""
        self._text.setText(f"{message} {advice}".strip())
        announce(self, self.text, urgent=not good)
        self._good = good
        self.apply_palette(self._palette)
        self.show()
        self._timer.start() if good else self._timer.stop()

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._palette = palette
        self._picture.setPixmap(icon("check" if self._good else "warning-circle", palette.text).pixmap(18, 18))
        self._close.setIcon(icon("x-circle", palette.text2))


class StatusLine(QWidget):
    """Model and device, index, and the promise that nothing leaves the machine."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _dress(self, 32)
        self._cpu, self._lock = QLabel(), QLabel()
        self._model = QLabel("Model: bundled, not loaded yet")
        self._index = QLabel("Index: no film")
        promise = QLabel("Film and questions stay on this computer")
        for label in (self._model, self._index, promise):
            mark(label, kind="small", tone="2")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._cpu)
        row.addWidget(self._model)
        row.addSpacing(16)
        row.addWidget(self._index)
        row.addStretch()
        row.addWidget(self._lock)
        row.addWidget(promise)
        self._frames = self._segments = 0
        self.apply_palette(palette)

    def set_film(self, video: VideoInfo | None) -> None:
        """A new film has no index yet."""
        self._index.setText("Index: no film" if video is None else "Index: waiting")

    def receive(self, event: Event) -> None:
        """Follow the engine."""
        match event:
            case ModelLoaded(model=model):
                self._model.setToolTip("\n".join(model.reasons))
                size = f"{model.parameters / 1e6:,.1f} M parameters"
                self._model.setText(f"Model: {model.name}, {size}, {model.device}, {model.precision}")
            case SegmentsFound(segments=segments, frames_sampled=frames):
                self._frames, self._segments = frames, len(segments)
            case FramesRead(done=done, total=total):
                self._index.setText(f"Index: {count_of(done, total, 'frame')}")
            case SegmentIndexed(done=done, total=total) if done >= total:
                self._index.setText(self._ready())
            case IndexFound(segments=segments, ready=ready):
                self._frames, self._segments = sum(len(s.frame_seconds) for s in segments), len(segments)
                self._index.setText(f"Index: {count_of(len(ready), len(segments), 'segment')}")
            case IndexCompleted(segments=segments, ready=ready) if ready < segments:
                self._index.setText(f"Index: {count_of(ready, segments, 'segment')}, no room for more")
            case IndexCompleted():
                self._index.setText(self._ready())

    def _ready(self) -> str:
        return f"Index: {count(self._frames, 'frame')}, {count(self._segments, 'segment')}, ready"

    def model_loading(self, name: str) -> None:
        """Another model is on its way."""
        self._model.setToolTip("")
        self._model.setText(f"Model: {name}, loading")

    def model_missing(self, why: str) -> None:
        """The model could not be loaded ahead; the first question will say so at length."""
        self._model.setText("Model: cannot be loaded")
        self._model.setToolTip(why)

    def index_failed(self, why: str) -> None:
        """The film could not be indexed ahead; the next question will say so at length."""
        self._index.setText("Index: stopped")
        self._index.setToolTip(why)

    def apply_palette(self, palette: Palette) -> None:
        """Icons in the new colours."""
        self._cpu.setPixmap(icon("cpu", palette.text3).pixmap(16, 16))
        self._lock.setPixmap(icon("lock-simple", palette.text3).pixmap(16, 16))


def _dress(bar: QWidget, height: int) -> None:
    mark(bar, panel="panel")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    bar.setFixedHeight(height)


def _tool(text: str, tip: str, signal: Signal | None) -> QToolButton:
    button = ToolButton(tip, text=text, size=18)
    if signal is not None:
        button.clicked.connect(signal)
    return button
