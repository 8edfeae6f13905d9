"""Imports of the heavy libraries leave the collector as they found it, and their objects out of its sight."""

import subprocess
import sys

SCRIPT = """
import gc, sys
from engine.cancel import CancelToken
from engine.libraries import libraries_loaded
before = gc.get_freeze_count()
steps = libraries_loaded(CancelToken())
for name in steps:
    assert gc.isenabled(), name
    if name == "torch":
        break
assert gc.get_freeze_count() > before + 50_000, gc.get_freeze_count()
steps.close()
assert gc.isenabled()
import torch
assert torch.ones(2).sum().item() == 2
gc.disable()
for name in libraries_loaded(CancelToken()):
    break
assert not gc.isenabled(), "who had switched it off finds it off"
print("well")
"""


def test_the_collector_is_left_as_it_was_and_does_not_see_the_libraries():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "well", done.stderr


def test_mapping_the_libraries_first_changes_nothing_about_what_is_imported(monkeypatch):
    from engine import libraries

    calls = []
    monkeypatch.setattr(libraries.ctypes, "CDLL", lambda name: calls.append(name) or _Loader(calls))
    libraries._torch_mapped()
    assert [c for c in calls if isinstance(c, bytes)]
    assert all(b"libtorch" in c for c in calls if isinstance(c, bytes))


class _Loader:
    def __init__(self, calls):
        def dlopen(path, flags):
            calls.append(path)

        self.dlopen = dlopen
