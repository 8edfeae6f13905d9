"""A palette in, the chat's own rules of the style sheet out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.theme import Palette


def chat_rules(p: Palette) -> str:
    """Chips of the composer, the way back to the newest answer, a button on a picture."""
    return f"""
    *[button="chip"] {{ background: {p.raised}; color: {p.text2}; border: 1px solid {p.hairline}; padding: 2px 7px;
        min-height: 20px; font-size: 12px; }}
    *[button="chip"]:hover {{ background: {p.hover}; color: {p.text}; border: 1px solid {p.border}; }}
    *[button="chip"]:focus {{ border: 2px solid {p.accent}; padding: 1px 6px; }}
    *[button="newest"] {{ background: {p.raised}; border: 1px solid {p.border}; padding: 4px 10px; }}
    *[button="newest"]:hover {{ background: {p.hover}; }}
    *[button="newest"]:focus {{ border: 2px solid {p.accent}; padding: 3px 9px; }}
    *[button="over"] {{ background: #121417; border: none; border-radius: 11px; padding: 0px; }}
    *[button="over"]:hover {{ background: #2C3138; }}"""
