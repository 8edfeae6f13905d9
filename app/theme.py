"""A palette in, the look of every widget out: colours, style sheet, icons, fonts. Numbers from shared/look.md."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from app.style import style_sheet


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, by role."""

    name: str
    window: str
    panel: str
    raised: str
    hover: str
    lane: str
    block: str
    hairline: str
    border: str
    text: str
    text2: str
    text3: str
    accent: str
    on_accent: str
    soft: str

    @property
    def dark(self) -> bool:
        """True for the dark theme."""
        return self.name == "dark"


DARK = Palette(
    name="dark", window="#121417", panel="#181B1F", raised="#22262B", hover="#2C3138", lane="#14171A", block="#1D2125",
    hairline="#2A2F35", border="#414952", text="#E9EBEE", text2="#B1B8C1", text3="#929BA6",
    accent="#5CB8F2", on_accent="#06202F", soft="#1A3244",
)  # fmt: skip
LIGHT = Palette(
    name="light", window="#E9EBEE", panel="#F8F9FA", raised="#FFFFFF", hover="#E6E9ED", lane="#FFFFFF", block="#F0F2F4",
    hairline="#D9DDE2", border="#A9B1BB", text="#15181C", text2="#434B54", text3="#5C6570",
    accent="#0A62A6", on_accent="#FFFFFF", soft="#DCEAF6",
)  # fmt: skip

MODES = ("system", "dark", "light")


class Theme(QObject):
    """The palette in force. `mode` is system, dark or light; `changed` carries the new palette."""

    changed = Signal(object)

    def __init__(self, mode: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = mode if mode in MODES else "system"
        self._palette = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def palette(self) -> Palette:
        """The colours to paint with now."""
        return self._palette

    @property
    def mode(self) -> str:
        """What the person chose: system, dark or light."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Choose a theme, or follow the system."""
        self._mode = mode if mode in MODES else "system"
        self._follow()

    def flip(self) -> None:
        """The other one of dark and light."""
        self.set_mode("light" if self._palette.dark else "dark")

    def apply(self) -> None:
        """Dress the whole application."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setFont(base_font())
            application.setPalette(_qt_palette(self._palette))
            application.setStyleSheet(style_sheet(self._palette))

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted != self._palette:
            self._palette = wanted
            self.apply()
            self.changed.emit(wanted)

    def _wanted(self) -> Palette:
        if self._mode != "system":
            return DARK if self._mode == "dark" else LIGHT
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK


def base_font() -> QFont:
    """Inter if it is installed, else the system's own; figures of equal width, so that counters do not dance."""
    font = QFont("Inter") if "Inter" in QFontDatabase.families() else QFont(QApplication.font())
    font.setPixelSize(13)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def sized(pixels: int, *, weight: int = 400) -> QFont:
    """The base font at another size, for painting."""
    font = base_font()
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    return font


def icon(name: str, colour: str, *, disabled: str | None = None) -> QIcon:
    """A Phosphor line icon in one colour of the palette."""
    import qtawesome

    return qtawesome.icon(f"ph.{name}", color=colour, color_disabled=disabled or colour)


def _qt_palette(palette: Palette) -> QPalette:
    roles = QPalette.ColorRole
    colours = {
        roles.Window: palette.panel, roles.Base: palette.panel, roles.AlternateBase: palette.block,
        roles.Button: palette.raised, roles.WindowText: palette.text, roles.Text: palette.text,
        roles.ButtonText: palette.text, roles.ToolTipBase: palette.raised, roles.ToolTipText: palette.text,
        roles.Highlight: palette.soft, roles.HighlightedText: palette.text, roles.Link: palette.accent,
        roles.LinkVisited: palette.accent, roles.PlaceholderText: palette.text3,
    }  # fmt: skip
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    return made
