"""The bytes of a text file in; its text, its encoding and whether that was a guess out.

Marks at the start and valid UTF-8 are no guess. Else charset-normalizer says which alphabets the bytes would make sense
in; where several Latin ones fit alike, as they do for short texts, the language that somebody hints at decides.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {  # encodings that subtitles are really found in
    "utf-8": "Unicode (UTF-8)", "utf-16": "Unicode (UTF-16)", "cp1252": "Western European",
    "cp1250": "Central European", "cp1251": "Cyrillic (Windows)", "koi8_r": "Cyrillic (KOI8-R)", "cp1253": "Greek",
    "cp1254": "Turkish",
    "cp1255": "Hebrew", "cp1256": "Arabic", "cp1257": "Baltic", "cp1258": "Vietnamese", "cp874": "Thai",
    "gb18030": "Chinese, simplified", "big5": "Chinese, traditional", "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC)", "cp949": "Korean",
}  # fmt: skip
_OF_LANGUAGE = {
    "cp1250": "bs cs hr hu pl ro sk sl sq", "cp1251": "be bg mk ru sr uk", "cp1253": "el", "cp1254": "az tr",
    "cp1255": "he", "cp1256": "ar fa ur", "cp1257": "et lt lv", "cp1258": "vi", "cp874": "th", "cp932": "ja",
    "cp949": "ko", "gb18030": "zh",
}  # fmt: skip
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp1258")
_ALIKE = 0.1  # of disorder, by charset-normalizer's measure


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and how it was read."""

    text: str
    encoding: str
    guessed: bool


def decode_text(data: bytes, *, languages: tuple[str, ...] = ()) -> DecodedText:
    """Read a text; in the worst case some signs are wrong. `languages`: two-letter codes, the likeliest first."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return DecodedText(data.decode(encoding, errors="replace").lstrip("\ufeff"), encoding, guessed=False)
    if (wide := _unmarked_utf16(data)) is not None:
        return DecodedText(data.decode(wide, errors="replace"), wide, guessed=True)
    try:
        return DecodedText(data.decode("utf-8"), "utf-8", guessed=False)
    except UnicodeDecodeError:
        encoding = _likeliest(data, languages)
        return DecodedText(data.decode(encoding, errors="replace"), encoding, guessed=True)


def _unmarked_utf16(data: bytes) -> str | None:
    """Subtitles hold line breaks and digits: in UTF-16 every second byte of those is 0."""
    head = data[:4096]
    if head.count(0) < len(head) // 8:
        return None
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _likeliest(data: bytes, languages: tuple[str, ...]) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(data, cp_isolation=[name for name in NAMES if not name.startswith("utf")])
    ranked = {name: match.chaos for match in found for name in match.could_be_from_charset if name in NAMES}
    best = min(ranked, key=lambda name: ranked[name], default="cp1252")
    alike = [name for name in ranked if ranked[name] <= ranked[best] + _ALIKE]
    wanted = [_encoding_of(language) for language in languages]
    for encoding in (*wanted, "cp1252"):
        if encoding in alike and (best in _LATIN or encoding not in _LATIN):
            return encoding
    return best


def _encoding_of(language: str) -> str:
    return next((name for name, codes in _OF_LANGUAGE.items() if language in codes.split()), "cp1252")
