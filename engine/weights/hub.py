"""The model hub, as far as a download needs it: what a repository holds, and bytes of a file from a place on.

What goes wrong comes out as `ModelError` in plain words; a connection that broke as `BrokenOffError`: to be tried
again. Token, proxies, endpoint, offline switch and redirects are huggingface_hub's own.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ModelError

TIMEOUT_SECONDS = 8.0  # without a byte; then it is tried again
CHUNK = 1 << 16  # what is lost, at most, where a connection breaks
MOST_HEADER = 100_000_000  # bytes; safetensors' own limit


class BrokenOffError(Exception):
    """The connection ended before the file did, or the server is too busy."""


class WholeOnlyError(Exception):
    """The server, or a proxy before it, sends files from their start only."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a repository. `digest` is a sha256, or git's sha1 of what is small and text."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one commit."""

    repo: str
    commit: str
    files: tuple[RemoteFile, ...]


def look_up(repo: str, revision: str) -> Repository:
    """Ask what a repository holds. Raises `ModelError`."""
    from huggingface_hub import HfApi

    with _in_plain_words(repo):
        try:
            found = HfApi().model_info(repo, revision=revision, files_metadata=True, timeout=TIMEOUT_SECONDS)
        except Exception as error:
            if not _is_network(error):
                raise
            raise _unreachable() from error
    files = tuple(
        RemoteFile(one.rfilename, int(one.size or 0), one.lfs.sha256 if one.lfs else str(one.blob_id))
        for one in found.siblings or ()
    )
    return Repository(repo, str(found.sha), files)


def read_from(repository: Repository, name: str, start: int, end: int | None = None) -> Generator[bytes, None, None]:
    """Bytes of a file from `start` to before `end`. Raises `BrokenOffError`, `WholeOnlyError` or `ModelError`."""
    from huggingface_hub import get_session, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status  # type: ignore[attr-defined]

    last = "" if end is None else str(end - 1)
    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if start or end is not None:
        headers["Range"] = f"bytes={start}-{last}"
    url = hf_hub_url(repository.repo, name, revision=repository.commit)
    with _in_plain_words(repository.repo):
        try:
            with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT_SECONDS) as response:
                if response.status_code == 429 or response.status_code >= 500:
                    raise BrokenOffError(f"status {response.status_code}")
                hf_raise_for_status(response)
                if "Range" in headers and response.status_code != 206:
                    raise WholeOnlyError
                yield from response.iter_bytes(CHUNK)
        except Exception as error:
            if not _is_network(error):
                raise
            raise BrokenOffError(str(error)) from error


def cached(repository: Repository, file: RemoteFile) -> Path | None:
    """The file in the hub's own cache, where another program may have put it."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(repository.repo, file.name, revision=repository.commit)
    return Path(found) if isinstance(found, str) and Path(found).stat().st_size == file.size else None


def matrix_rows(repository: Repository, file: str, tensor: str, rows: tuple[int, ...]) -> tuple[list[bytes], str, int]:
    """Rows of one matrix in a remote safetensors file, without the rest: bytes a row, dtype, columns."""
    with _in_plain_words(repository.repo):
        length = struct.unpack("<Q", _whole(repository, file, 0, 8))[0]
        if length > MOST_HEADER:
            raise ValueError(length)
        header: dict[str, Any] = json.loads(_whole(repository, file, 8, 8 + length))
        first, last = header[tensor]["data_offsets"]
        count, columns = header[tensor]["shape"]
        width = (last - first) // count
        starts = [8 + length + first + row * width for row in rows if 0 <= row < count]
        if len(starts) < len(rows):
            raise ValueError(rows)
        found = [_whole(repository, file, start, start + width) for start in starts]
        return found, str(header[tensor]["dtype"]), int(columns)


def _whole(repository: Repository, file: str, start: int, end: int) -> bytes:
    for attempt in range(3):
        try:
            found = b"".join(read_from(repository, file, start, end))
        except BrokenOffError:
            found = b""
        except WholeOnlyError:
            raise ModelError(
                f"The server sends {file} only as a whole, and only a few numbers of it are needed.",
                advice="Perhaps a proxy is in the way: try without it.",
            ) from None
        if len(found) == end - start:
            return found
        if attempt == 2:
            raise _unreachable()
    raise AssertionError


def _is_network(error: Exception) -> bool:
    """Whether the network failed, not the request. The hub's own errors are of its HTTP client's class as well."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    refused = (HfHubHTTPError, OfflineModeIsEnabled)
    return isinstance(error, (*HfHubHTTPError.__bases__, OSError)) and not isinstance(error, refused)


@contextmanager
def _in_plain_words(repo: str) -> Iterator[None]:
    from huggingface_hub import errors

    try:
        yield
    except errors.OfflineModeIsEnabled as error:
        raise ModelError(
            "HF_HUB_OFFLINE is set, so nothing is downloaded.", advice="Unset it and try again."
        ) from error
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{repo} wants its terms accepted first.", advice="Do so on its page, then log in with `hf auth login`."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(f"The hub has no repository {repo} that you may read.") from error
    except (errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
        raise ModelError(f"{repo} has changed on the hub: a file is not there any more.") from error
    except (ValueError, KeyError, TypeError, ZeroDivisionError, struct.error) as error:
        raise ModelError(
            f"What the hub answered about {repo} cannot be understood.",
            advice="Perhaps a proxy or a login page answered in its place.",
        ) from error
    except errors.HfHubHTTPError as error:
        status = getattr(error.response, "status_code", "unknown")
        raise ModelError(f"The hub answered with an error ({status}).", advice="Try again later.") from error


def _unreachable() -> ModelError:
    return ModelError("The model hub cannot be reached.", advice="Check the network and any proxy, then try again.")
