"""A palette in, one Qt style sheet out. Widgets say what they are by the property `kind`; colours live only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.chat.dress import chat_rules

if TYPE_CHECKING:
    from app.theme import Palette

_TYPE = {"title": (20, 600), "strong": (14, 600), "body": (14, 400), "control": (13, 500),
         "label": (12, 600), "small": (12, 400), "caption": (11, 400)}  # fmt: skip


def mark(widget: QWidget, **properties: str) -> None:
    """Say what a widget is (`kind`, `tone`); the style sheet does the rest."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # Qt dresses it once, before it is first shown
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def style_sheet(palette: Palette) -> str:
    """The sheet of the whole window."""
    return "\n".join(
        (_types(palette), _panels(palette), _buttons(palette), _fields(palette), _bars(palette), chat_rules(palette))
    )


def _types(p: Palette) -> str:
    sizes = "\n".join(
        f'*[kind="{kind}"] {{ font-size: {size}px; font-weight: {weight}; }}' for kind, (size, weight) in _TYPE.items()
    )
    tones = f"""
    QLabel {{ color: {p.text}; background: transparent; }}
    QLabel[tone="2"] {{ color: {p.text2}; }}
    QLabel[tone="3"] {{ color: {p.text3}; }}
    QLabel[tone="accent"] {{ color: {p.accent}; }}"""
    return sizes + tones


def _panels(p: Palette) -> str:
    return f"""
    QMainWindow, QDialog {{ background: {p.panel}; color: {p.text}; }}
    *[panel="window"] {{ background: {p.window}; }}
    *[panel="panel"] {{ background: {p.panel}; }}
    *[panel="card"] {{ background: {p.panel}; border: 1px solid {p.hairline}; border-radius: 8px; }}
    *[panel="raised"] {{ background: {p.raised}; border-radius: 8px; }}
    *[panel="notice"] {{ background: {p.soft}; border: none; }}
    *[panel="line"] {{ background: {p.hairline}; border: none; }}
    *[panel="error"] {{ background: {p.block}; border: 1px solid {p.border}; border-radius: 8px; }}
    *[panel="composer"] {{ background: {p.lane}; border: 1px solid {p.border}; border-radius: 8px; }}
    *[panel="composer"][focused="yes"] {{ border: 2px solid {p.accent}; }}
    *[panel="key"] {{ background: {p.raised}; border: 1px solid {p.border}; border-radius: 4px; padding: 1px 6px; }}
    *[panel="drop"] {{ border: 1px dashed {p.border}; border-radius: 8px; background: {p.lane}; }}
    QToolTip {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.border}; padding: 4px 6px; }}
    QMainWindow::separator {{ background: {p.window}; width: 4px; height: 4px; }}
    QMainWindow::separator:hover {{ background: {p.accent}; }}
    QDockWidget {{ color: {p.text}; border: 1px solid {p.border}; }}
    QStatusBar {{ background: {p.panel}; }}
    QStatusBar::item {{ border: none; }}
    QTabBar {{ qproperty-drawBase: 0; border: none; background: {p.panel}; font-size: 13px; font-weight: 500; }}
    QTabBar::tab {{ background: {p.panel}; color: {p.text2}; padding: 8px 14px 6px 14px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {p.text}; border-bottom: 2px solid {p.accent}; }}
    QTabBar::tab:hover {{ background: {p.hover}; }}
    QTabBar::tab:focus {{ border: 2px solid {p.accent}; }}"""


def _buttons(p: Palette) -> str:
    return f"""
    QAbstractButton {{ color: {p.text}; background: transparent; border: 2px solid transparent; border-radius: 6px;
        padding: 4px 8px; font-size: 13px; font-weight: 500; }}
    QAbstractButton:hover {{ background: {p.hover}; }}
    QAbstractButton:focus {{ border: 2px solid {p.accent}; }}
    QAbstractButton:disabled {{ color: {p.text3}; }}
    *[button="icon"] {{ padding: 0px; min-width: 28px; min-height: 28px; max-width: 28px; max-height: 28px; }}
    *[button="play"] {{ padding: 0px; min-width: 30px; min-height: 30px; max-width: 30px; max-height: 30px;
        border-radius: 17px; background: {p.hover}; }}
    *[button="main"] {{ background: {p.accent}; color: {p.on_accent}; padding: 8px 16px; }}
    *[button="main"]:hover {{ background: {p.accent}; border: 2px solid {p.text}; }}
    *[button="main"]:disabled {{ background: {p.hover}; color: {p.text3}; }}
    *[button="plain"] {{ background: {p.raised}; border: 1px solid {p.border}; padding: 9px 17px; }}
    *[button="plain"]:hover {{ background: {p.hover}; }}
    *[button="plain"]:focus {{ border: 2px solid {p.accent}; padding: 8px 16px; }}
    *[button="send"] {{ background: {p.accent}; padding: 0px; min-width: 28px; min-height: 28px; }}
    *[button="send"]:disabled {{ background: {p.hover}; }}
    *[button="stop"] {{ border: 1px solid {p.accent}; color: {p.accent}; padding: 4px 10px; min-height: 20px; }}
    *[button="row"] {{ background: {p.raised}; border: 1px solid {p.hairline}; text-align: left; padding: 8px 10px;
        font-weight: 400; }}
    *[button="row"]:hover {{ background: {p.hover}; border: 1px solid {p.border}; }}
    *[button="row"]:focus {{ border: 2px solid {p.accent}; padding: 7px 9px; }}
    *[button="fold"] {{ padding: 2px 0px; border: none; text-align: left; font-size: 12px; font-weight: 600; }}
    *[button="fold"]:focus {{ border: none; color: {p.accent}; }}
    *[button="link"] {{ color: {p.accent}; padding: 2px 4px; font-size: 12px; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton::menu-button {{ border: none; width: 18px; }}"""


def _fields(p: Palette) -> str:
    return f"""
    QPlainTextEdit, QTextBrowser {{ background: transparent; color: {p.text}; border: none; font-size: 14px;
        selection-background-color: {p.accent}; selection-color: {p.on_accent}; }}
    QLineEdit {{ background: {p.lane}; color: {p.text}; border: 1px solid {p.border}; border-radius: 6px;
        padding: 6px; }}
    QLineEdit:focus {{ border: 2px solid {p.accent}; padding: 5px; }}
    QListWidget {{ background: {p.lane}; color: {p.text}; border: 1px solid {p.hairline}; border-radius: 6px;
        padding: 4px; }}
    QMenu {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.border}; padding: 4px; }}
    QMenu::item {{ padding: 5px 20px 5px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {p.hover}; }}
    QMenu::item:disabled {{ background: transparent; color: {p.text3}; }}
    QTreeView {{ background: transparent; border: none; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: {p.panel}; color: {p.text2}; border: none;
        border-bottom: 1px solid {p.hairline}; padding: 4px 0px; font-size: 11px; font-weight: 500; }}
    QHeaderView::section:hover {{ color: {p.text}; }}
    QScrollArea {{ background: transparent; border: none; }}"""


def _bars(p: Palette) -> str:
    return f"""
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0px; }}
    QScrollBar::handle:vertical {{ background: {p.border}; border-radius: 3px; min-height: 32px; margin: 0px 2px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0px; width: 0px; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QComboBox {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.border}; border-radius: 6px;
        padding: 8px 12px; font-size: 13px; }}
    QComboBox:focus {{ border: 2px solid {p.accent}; padding: 7px 11px; }}
    QComboBox[field="small"] {{ padding: 3px 8px; }}
    QComboBox[field="small"]:focus {{ padding: 2px 7px; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox QAbstractItemView {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.border}; }}
    QSlider::groove:horizontal {{ height: 4px; background: {p.border}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {p.text2}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ background: {p.text}; width: 12px; margin: -4px 0px; border-radius: 6px; }}
    QSlider:focus {{ border: 2px solid {p.accent}; border-radius: 4px; }}
    QProgressBar {{ background: {p.hover}; border: none; border-radius: 1px; max-height: 2px; min-height: 2px; }}
    QProgressBar::chunk {{ background: {p.text2}; border-radius: 1px; }}
    QProgressBar[running="yes"]::chunk {{ background: {p.accent}; }}"""
