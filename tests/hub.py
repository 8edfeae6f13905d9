"""A model hub on loopback: the file API as far as a download uses it, and every way in which it can fail.

    with Hub({"owner/name": folder}) as hub:      # hub.url goes into HF_ENDPOINT
        hub.drop_after = 100_000                  # the next answer breaks off there

Run as a program it serves until it is killed: `python tests/hub.py OWNER/NAME=FOLDER ...` prints its address.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c" * 40
REPO, BASE = "Vision-CAIR/Tempo-6B", "Qwen/Qwen3-VL-2B-Instruct"
CHUNK = 64 * 1024


class Hub:
    """A server that behaves, until one of its fields says otherwise."""

    def __init__(self, repositories: dict[str, Path], *, bytes_a_second: float = 0) -> None:
        self.repositories = repositories
        self.bytes_a_second = bytes_a_second
        self.drop_after: int | None = None  # bytes of one file's answer, once; the connection breaks
        self.always_drop_after: int | None = None
        self.lies: set[str] = set()  # files with another hash than the hub tells
        self.gone: set[str] = set()  # files that the listing names and nobody can have
        self.gated = False
        self.page: bytes | None = None  # answer every question about a repository with this
        self.whole_only: set[str] = set()  # repositories whose files are sent from their start, whatever was asked for
        self.status: int | None = None  # answer everything with this
        self.asked: list[tuple[str, str]] = []  # path and range of every file that was asked for
        hub = self

        class Handler(_Handler):
            server_hub = hub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="hub")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def tiny_repositories(tiny_tempo: Path, folder: Path) -> dict[str, Path]:
    """The tiny checkpoint and its base model, as the hub would hold Tempo-6B and Qwen3-VL."""
    own = shutil.copytree(tiny_tempo, folder / "own")
    config = json.loads((own / "config.json").read_text())
    (own / "config.json").write_text(json.dumps({**config, "mm_vision_tower_aux_list": [BASE]}))
    (own / "training_args.bin").write_bytes(b"not wanted")
    return {REPO: own, BASE: shutil.copytree(tiny_tempo.parent / "tiny-qwen3-vl", folder / "base")}


def use_hub(hub: Hub, monkeypatch: Any) -> None:
    """Let huggingface_hub, in this process, take the stand-in for the hub."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


class _Handler(BaseHTTPRequestHandler):
    server_hub: Hub

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        hub, path = self.server_hub, unquote(urlsplit(self.path).path)
        try:
            if hub.status:
                self._refuse(hub.status)
            elif hub.page is not None:
                self._begin(200, len(hub.page))
                self.wfile.write(hub.page)
            elif path.startswith("/api/models/"):
                self._listing(path.removeprefix("/api/models/").split("/revision/")[0])
            else:
                self._file(*path[1:].split(f"/resolve/{COMMIT}/"))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _listing(self, repo: str) -> None:
        hub = self.server_hub
        if repo not in hub.repositories:
            self._refuse(404, "RepoNotFound")
            return
        if hub.gated:
            self._refuse(403, "GatedRepo")
            return
        siblings = []
        for path in sorted(hub.repositories[repo].rglob("*")):
            if path.is_file():
                name = path.relative_to(hub.repositories[repo]).as_posix()
                siblings.append(self._sibling(name, path.read_bytes()))
        body = json.dumps({"id": repo, "sha": COMMIT, "siblings": siblings}).encode()
        self._begin(200, len(body))
        self.wfile.write(body)

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        sha1 = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        row: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": sha1}
        if name.endswith(".safetensors"):
            digest = hashlib.sha256(content).hexdigest()
            row["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 134}
        if name in self.server_hub.lies:
            row["blobId"] = "0" * 40
            row.pop("lfs", None)
        return row

    def _file(self, repo: str, name: str) -> None:
        hub, wanted = self.server_hub, self.headers.get("Range", "")
        hub.asked.append((f"{repo}/{name}", wanted))
        wanted = "" if repo in hub.whole_only else wanted
        if name in hub.gone:
            self._refuse(404, "EntryNotFound")
            return
        content = (hub.repositories[repo] / name).read_bytes()
        start, _, last = wanted.removeprefix("bytes=").partition("-")
        first, end = int(start or 0), int(last) + 1 if last else len(content)
        part = content[first:end]
        self._begin(206 if wanted else 200, len(part), f"bytes {first}-{end - 1}/{len(content)}" if wanted else "")
        self._send(part)

    def _send(self, part: bytes) -> None:
        hub = self.server_hub
        limit = hub.always_drop_after if hub.always_drop_after is not None else hub.drop_after
        if limit is not None and limit < len(part):
            part, hub.drop_after = part[:limit], None
            self.close_connection = True
        for place in range(0, len(part), CHUNK):
            self.wfile.write(part[place : place + CHUNK])
            if hub.bytes_a_second:
                time.sleep(CHUNK / hub.bytes_a_second)

    def _begin(self, status: int, length: int, where: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if where:
            self.send_header("Content-Range", where)
        self.end_headers()

    def _refuse(self, status: int, code: str = "") -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


def main() -> None:
    """Serve the given repositories, slowly, until killed."""
    given = dict(argument.split("=", 1) for argument in sys.argv[2:])
    with Hub({repo: Path(folder) for repo, folder in given.items()}, bytes_a_second=float(sys.argv[1])) as hub:
        sys.stdout.write(f"{hub.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
