"""The styles of drawing and the fonts: which package holds each, under which licence, and which are kept for the test.

`noto` comes from Debian's fonts-noto-color-emoji and is always there; the others are fetched once (`fetch.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.store_place import cache_folder


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package, pinned."""

    name: str
    version: str
    integrity: str  # as npm states it
    licence: str
    by: str


@dataclass(frozen=True, slots=True)
class Style:
    """One artist's drawings of the world's things."""

    name: str
    package: Package
    held_out: bool = False  # never seen in training
    run_on: bool = False  # the package writes its names without hyphens


@dataclass(frozen=True, slots=True)
class Font:
    """One face for text on screen."""

    name: str
    package: Package
    member: str  # path in the package
    held_out: bool = False


NOTO = "noto"
STYLES = (
    Style("twemoji", Package(
        "@iconify-json/twemoji", "1.2.5",
        "sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
        "CC BY 4.0", "Twitter and jdecked/twemoji",
    )),
    Style("fluent", Package(
        "@iconify-json/fluent-emoji", "1.2.7",
        "sha512-D8G6bKAyIsyxP1rzZtIWr/gg/fO4Rg1+DyCWlfqKK4h8W+4Em/Y0P6QYgJUQTlUcagzJvSyg+9OBv4hz4Hc/QA==",
        "MIT", "Microsoft Corporation",
    )),
    Style("flat", Package(
        "@iconify-json/fluent-emoji-flat", "1.2.6",
        "sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
        "MIT", "Microsoft Corporation",
    )),
    Style("blob", Package(
        "@iconify-json/noto-v1", "1.2.5",
        "sha512-/DsVMius69Q0fRS53z7QK1TROSuar606jiIx+laXtdsYGMXpf6LtHBx6CGfoo3UHHb/XpBsw+1L1x3eyPqMuVA==",
        "Apache 2.0", "Google Inc",
    )),
    Style("emojitwo", Package(
        "@iconify-json/emojione", "1.2.3",
        "sha512-T9+T3HIbJNLKKsmxYKlaYhvnHYkz/HNYTV7SHCXVZPfeUi4FqskY70YeN8yYAZT8cCv7w5vJxS4Q1m8zb9CMMg==",
        "CC BY 4.0", "Emoji One and EmojiTwo",
    )),
    Style("firefox", Package(
        "@iconify-json/fxemoji", "1.2.2",
        "sha512-UAasRaxzFUKfIGSmLwnoarsssA4LX0VLLuEmplIqM6ZNQqIQRtav8tZ4H1neTlBreXuMQyAifr5jP4kn78DpiQ==",
        "Apache 2.0", "Mozilla",
    ), run_on=True),
    Style("streamline", Package(
        "@iconify-json/streamline-emojis", "1.2.4",
        "sha512-iNr9T9XuZVTyQPJO8ZlLxBzPkpi7qMl+z1l0C31vpEMqhPMelth3n7CeWQYtixdetDPdI81yeG4ROqjWpYJE6A==",
        "CC BY 4.0", "Streamline",
    )),
    Style("openmoji", Package(
        "@iconify-json/openmoji", "1.2.29",
        "sha512-vXdhkqcXVSO6suy+m9LbcUM3OdVyuNOtpV8/als/WqfkQIRxevL5Geb/g+6GH/Qwnq1OqksEmaDGTCmZ5nFKJQ==",
        "CC BY-SA 4.0", "OpenMoji",
    ), held_out=True),
)  # fmt: skip
TRAINED = (NOTO, *(style.name for style in STYLES if not style.held_out))
HELD_OUT = tuple(style.name for style in STYLES if style.held_out)


def _font(name: str, weight: int, integrity: str, *, held_out: bool = False) -> Font:
    package = Package(f"@fontsource/{name}", "5.3.0", integrity, "SIL OFL 1.1", name.replace("-", " ").title())
    return Font(name, package, f"package/files/{name}-latin-{weight}-normal.woff", held_out)


FONTS = (
    _font("roboto", 500,
          "sha512-BapRJOWYP+LZ21zp+wBQjfpPYKRoxc4LspJ/RLuI+HSMBD5u/X4O+ESDrSvEqDSy0rAl7GwBJ+09mdc16cVQ1Q=="),
    _font("lora", 700,
          "sha512-OK1g1z01rHVPqO5aw/FOIoDqc46KKYZdgL3NOLkxLWDk6QhDHhdr/h2BV1cke6gTvR1tzpDfdKyUkGsC+sQLeQ=="),
    _font("oswald", 600,
          "sha512-16r2aHActe0pH+9FLdk/74/YxXM7HpGak05kAzx3RvSToiJwGvyhv6GvckPz+YuZmvL1nxWbEop2jAXRcXYPRg=="),
    _font("courier-prime", 700,
          "sha512-KIi1k4VG1Wv+/CGpb1AUpLkUuOAQA6zmvthqxOZGN0AV8BEgQgbK7qAtquv14zsBJAY1bb5BHIEbWVFLgENh0w=="),
    _font("bangers", 400,
          "sha512-tSRpmWwkqrO9PCqo9wjA/99/5sLOIWm5cf51G3ooEHd8qZus8sVSSJoWp/7EvM5rIgZMjKRG6XtY9yeisKxE7g=="),
    _font("patrick-hand", 400,
          "sha512-V8C38IlIFfdWg0Xtri3F7sLCVpm069rUwn6w4n+oyn38gt7H4arOJmuReg3tAw1Q6jHqZp89wTnAAJagq4Atxw=="),
    _font("fredoka", 600,
          "sha512-s2IhjQ50wDnKkkaKmjhtL0rxQg6ITsVusiipM3m7zUwVZZbbCKsscNDkngwp28xVzfIt7neWrkgU1qKqyTycQg=="),
    _font("comic-neue", 700,
          "sha512-uZsyUTExw8tCySNhL65dN6rEUhASMPGintSS5Kw/ZkrQTK1vcAgramzOLT/mZKtZ+EXr03MHj0s5osVVJITCow==",
          held_out=True),
)  # fmt: skip


def world_folder() -> Path:
    """Where fetched pictures and fonts lie: in the user's cache, for they can be had again."""
    return cache_folder() / "world"
