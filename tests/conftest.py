"""What every test may use, and the noise no test may make: ERROR logs and surviving threads fail it.

This folder stands on the import path, so tests share `films` (small films made on the spot) and `parity.packing`.
"""

from __future__ import annotations

import atexit
import gc
import itertools
import logging
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import hypothesis
import pytest
from checkpoints import SMALL, altered

hypothesis.settings.register_profile("house", deadline=None)  # how long an example takes is no property
hypothesis.settings.load_profile("house")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
for variable in ("TEMPO_DESK_CACHE", "TEMPO_DESK_DATA"):  # for fixtures that outlive a test
    os.environ[variable] = tempfile.mkdtemp(prefix="tempo-desk-tests-")
    atexit.register(shutil.rmtree, os.environ[variable], ignore_errors=True)

_TESTS = itertools.count()
PATIENCE = 2.0  # seconds a thread may take to end after its test


class ErrorCatcher(logging.Handler):
    """Collects ERROR records; a test that means to cause some takes the fixture and clears `records`."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def logged_errors():
    """Fails the test if it leaves an ERROR in the log."""
    catcher = ErrorCatcher()
    logging.getLogger().addHandler(catcher)
    yield catcher
    logging.getLogger().removeHandler(catcher)
    assert not catcher.records, [record.getMessage() for record in catcher.records]


@pytest.fixture(autouse=True)
def _garbage():
    """Where a window has taken the collecting over (`app.garbage`), between tests is the safe moment."""
    yield
    if not gc.isenabled():
        gc.collect(2 if next(_TESTS) % 20 == 0 else 1)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    """No test finds what another one, or the user, has indexed or asked."""
    monkeypatch.setenv("TEMPO_DESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TEMPO_DESK_DATA", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def _no_thread_survives():
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE
    while (left := _started_since(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"threads survive: {[thread.name for thread in left]}"


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    # Foreign threads (Qt's) that once ran Python stay listed as dummies for ever; tests/app looks after those.
    return [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip `needs_cuda` where there is none, or fail if FAIL_WITHOUT_CUDA=1 says there ought to be one."""
    if item.get_closest_marker("needs_cuda") is None:
        return
    import torch

    if not torch.cuda.is_available():
        if os.environ.get("FAIL_WITHOUT_CUDA") == "1":
            pytest.fail("FAIL_WITHOUT_CUDA is set, and there is no CUDA device")
        pytest.skip("no CUDA device")


@pytest.fixture(scope="session")
def tiny_tempo(tmp_path_factory) -> Path:
    """The published-layout checkpoint of the parity data: tiny, random, exact."""
    from parity.packing import unpack_checkpoint

    return unpack_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="session")
def small_tempo(tiny_tempo) -> Path:
    """The same with small pictures and short segments, which makes it quick."""
    return altered(tiny_tempo, "small-tempo", tempo=SMALL)


@pytest.fixture(scope="session")
def short_film(tmp_path_factory) -> Path:
    """Twelve seconds at 12 pictures a second: 24 frames sampled, six segments of the small model."""
    from films import make_film

    return make_film(tmp_path_factory.mktemp("film") / "short.mp4", frames=144)
