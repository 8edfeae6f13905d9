"""Pictures from a package: checked, rasterised, kept; a wrong package is refused in words."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile

import numpy as np
import pytest

from engine.errors import ModelError
from engine.training.world import fetch, sprites, styles
from engine.training.world.combination import TEST
from engine.training.world.composing import sample_film
from engine.training.world.styles import Package, Style
from engine.training.world.things import THINGS

SQUARE = '<path fill="#ff0000" d="M4 4h24v24H4z"/>'


def archive(**files):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}.json")
            text = json.dumps(content).encode()
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return held.getvalue()


def style_of(content, *, name="drawn"):
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    return Style(name, Package(f"@test/{name}", "1.0.0", f"sha512-{digest}", "MIT", "a test"))


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """An npm that packs what it is given, in a world of one style and no fonts."""
    pytest.importorskip("resvg_py")
    codes = {"-".join(f"{ord(one):x}" for one in emoji): name for name, emoji in THINGS.items()}
    content = archive(
        chars=codes, icons={"icons": {"dog": {"body": SQUARE}}, "aliases": {"cat": {"parent": "dog"}}, "height": 32}
    )
    style = style_of(content)
    monkeypatch.setattr(fetch, "STYLES", (style,))
    monkeypatch.setattr(fetch, "FONTS", ())
    monkeypatch.setattr(fetch, "CHARACTERS_FROM", "drawn")
    packed = tmp_path / "packed.tgz"
    packed.write_bytes(content)
    script = tmp_path / "bin" / "npm"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {packed} "$last/package.tgz"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    return packed


def test_what_a_package_draws_becomes_pictures(npm, tmp_path, monkeypatch):
    fetch.fetch_world(tmp_path / "world")
    told = json.loads((tmp_path / "world" / "drawn.json").read_text())
    assert told["things"] == ["dog", "cat"]
    assert told["licence"] == "MIT"
    sheet = np.load(tmp_path / "world" / "drawn.npy")
    assert sheet.shape == (2, 160, 160, 4)
    assert tuple(sheet[1, 80, 80]) == (255, 0, 0, 255)
    assert sheet[1, 2, 2].sum() == 0
    monkeypatch.setattr(sprites, "world_folder", lambda: tmp_path / "world")
    sprites._rows.cache_clear()
    sprites._sheet.cache_clear()
    picture = sprites.sprite("dog", "drawn", width=24, height=12)
    assert picture.shape == (12, 24, 4)
    sprites._rows.cache_clear()
    sprites._sheet.cache_clear()


def test_another_package_under_the_same_name_is_refused(npm, tmp_path):
    npm.write_bytes(archive(chars={}, icons={"icons": {}}))
    with pytest.raises(ModelError, match="is not the package that this program was made with"):
        fetch.fetch_world(tmp_path / "world")
    assert not list((tmp_path / "world").glob("*.npy"))


def test_without_npm_a_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ModelError, match="npm is missing"):
        fetch.fetch_world(tmp_path / "world")


def test_pictures_that_are_not_here_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(sprites, "world_folder", lambda: tmp_path)
    sprites._rows.cache_clear()
    with pytest.raises(ModelError, match="pictures of the style twemoji are not here"):
        sprites.things_of("twemoji")


def test_an_artist_kept_for_the_test_that_is_not_here_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("TEMPO_DESK_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="are not on this machine") as told:
        sample_film(np.random.default_rng(0), segments=2, split=TEST, held_out_style=True)
    assert "fetch" in told.value.advice


def test_every_package_is_pinned_and_only_one_style_is_kept_for_the_test():
    packages = [one.package for one in (*styles.STYLES, *styles.FONTS)]
    assert all(package.integrity.startswith("sha512-") and package.licence for package in packages)
    assert styles.HELD_OUT == ("openmoji",)
