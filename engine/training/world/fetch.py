"""`python -m engine.training fetch`: the styles' pictures and the fonts, from npm packages into the user's cache.

npm itself fetches, from whatever registry it is set up for. Each package must have the digest that `styles.py` states.
Pictures are rasterised once: `STYLE.npy` [things, 160, 160, 4] uint8, colour premultiplied by alpha, and `STYLE.json`,
which thing each row shows.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from engine.errors import ModelError
from engine.training.world.styles import FONTS, STYLES, Package, Style, world_folder
from engine.training.world.things import THINGS
from engine.whole_file import write_whole

EDGE = 160  # pixels of a rasterised picture
CHARACTERS_FROM = "twemoji"  # whose list says what each emoji is called in all of these packages
NPM_SECONDS = 600
log = logging.getLogger(__name__)


def fetch_world(folder: Path | None = None) -> None:
    """Fetch what is missing. Raises `ModelError` where npm or the rasteriser is missing or a package is not the one."""
    folder = folder or world_folder()
    (folder / "fonts").mkdir(parents=True, exist_ok=True)
    for font in FONTS:
        target = folder / "fonts" / f"{font.name}.woff"
        if not target.exists():
            content = _members(_fetched(font.package), font.member)[font.member]
            write_whole(target, lambda part, content=content: part.write_bytes(content))  # type: ignore[misc]
    missing = [style for style in STYLES if not (folder / f"{style.name}.json").exists()]
    if missing:
        called = _called(next(style for style in STYLES if style.name == CHARACTERS_FROM).package)
        for style in missing:
            _rasterise(style, called, folder)


def _fetched(package: Package) -> bytes:
    """The package's archive, checked."""
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError("npm is missing, which fetches the world's pictures.", advice="Install Node.js with npm.")
    with tempfile.TemporaryDirectory() as place:
        command = [npm, "pack", f"{package.name}@{package.version}", "--json", "--pack-destination", place]
        done = subprocess.run(command, capture_output=True, text=True, timeout=NPM_SECONDS, check=False)
        archives = list(Path(place).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            words = done.stderr.strip().splitlines()
            raise ModelError(f"npm could not fetch {package.name}: {words[-1] if words else 'no reason given'}.")
        content = archives[0].read_bytes()
    kind, _, digest = package.integrity.partition("-")
    if base64.b64encode(hashlib.new(kind, content).digest()).decode() != digest:
        raise ModelError(f"{package.name} {package.version} is not the package that this program was made with.")
    log.info("fetched %s %s, %s, by %s", package.name, package.version, package.licence, package.by)
    return content


def _members(archive: bytes, *names: str) -> dict[str, bytes]:
    """Contents of some files of an archive, which is never unpacked."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for name in names:
            file = tar.extractfile(name)
            if file is None:
                raise ModelError(f"A fetched package holds no {name}.")
            found[name] = file.read()
    return found


def _called(package: Package) -> dict[str, str]:
    """What the packages call each thing's picture."""
    (content,) = _members(_fetched(package), "package/chars.json").values()
    names = {_plain(code): name for code, name in json.loads(content).items()}
    return {thing: names[_plain("-".join(f"{ord(one):x}" for one in emoji))] for thing, emoji in THINGS.items()}


def _plain(code: str) -> str:
    """Code points without the one that only asks for colour."""
    return "-".join(part for part in code.split("-") if part != "fe0f")


def _rasterise(style: Style, called: dict[str, str], folder: Path) -> None:
    (content,) = _members(_fetched(style.package), "package/icons.json").values()
    if style.run_on:
        called = {thing: name.replace("-", "") for thing, name in called.items()}
    pictures = dict(_pictures(json.loads(content), called))
    sheet = np.stack(list(pictures.values()))
    write_whole(folder / f"{style.name}.npy", lambda part: _save(part, sheet))
    told = {"things": list(pictures), "licence": style.package.licence, "by": style.package.by}
    write_whole(folder / f"{style.name}.json", lambda part: part.write_text(json.dumps(told, indent=1) + "\n"))
    log.info("%s draws %d of %d things", style.name, len(pictures), len(called))


def _save(path: Path, sheet: np.ndarray) -> None:
    with path.open("wb") as out:
        np.save(out, sheet)


def _pictures(
    icons: dict[str, dict[str, dict[str, object]]], called: dict[str, str]
) -> Iterator[tuple[str, np.ndarray]]:
    """Each thing that the package draws."""
    for thing, name in called.items():
        alias = icons.get("aliases", {}).get(name)
        icon = icons["icons"].get(str(alias["parent"]) if alias else name)
        if icon is not None:
            edge = icons.get("height", 16)
            wide, high = (icon.get(side, icons.get(side, edge)) for side in ("width", "height"))
            yield thing, premultiplied(raster(str(icon["body"]), f"{wide}", f"{high}"))


def raster(body: str, width: str, height: str) -> np.ndarray:
    """A drawing's SVG as a picture: [160, 160, 4] uint8 RGBA."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise ModelError(
            "resvg_py is missing, which draws the world's pictures.", advice="pip install -e '.[train]'"
        ) from None
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'<svg {spaces} viewBox="0 0 {width} {height}" width="{EDGE}" height="{EDGE}">{body}</svg>'
    coded = np.frombuffer(bytes(svg_to_bytes(svg_string=svg)), np.uint8)
    picture = cv2.imdecode(coded, cv2.IMREAD_UNCHANGED)
    if picture is None or picture.shape != (EDGE, EDGE, 4):
        raise ModelError("A drawing of the world cannot be rasterised.")
    turned: np.ndarray = cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA)
    return turned


def premultiplied(picture: np.ndarray) -> np.ndarray:
    """Colour times alpha: what can be resized and laid over another picture without a fringe."""
    alpha = picture[..., 3:].astype(np.uint16)
    colour = (picture[..., :3] * alpha + 127) // 255
    return np.concatenate([colour.astype(np.uint8), picture[..., 3:]], 2)
