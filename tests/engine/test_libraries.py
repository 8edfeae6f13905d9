"""Triton comes in where a card needs it and no graphics driver's LLVM would make it end the process."""

from __future__ import annotations

import subprocess
import sys
from ctypes.util import find_library
from importlib.metadata import distributions
from pathlib import Path

import pytest

from engine.libraries import triton_wanted

ROOT = Path(__file__).parents[2]
IMPORT = """
import sys
from engine.libraries import bitsandbytes_loaded, triton_settled
import torch
torch.cuda.is_available = lambda: {card}
if {driver!r}:
    import ctypes
    ctypes.CDLL({driver!r}, ctypes.RTLD_GLOBAL)  # as Mesa loads it
triton_settled()
torch.cuda.is_available = lambda: False  # there is none for the libraries to use
import torch._dynamo
bitsandbytes_loaded()
print(sys.modules["triton"] is not None)
"""


def llvm() -> str:
    """The path of the LLVM that the system's graphics drivers use, or nothing."""
    found = sorted(Path("/usr/lib").glob("*-linux-gnu/libLLVM*.so*"))
    return str(found[-1]) if found else find_library("LLVM") or ""


@pytest.mark.parametrize(
    ("accelerator", "llvm", "wanted"),
    [(True, False, True), (True, True, False), (False, False, False), (False, True, False)],
)
def test_a_card_needs_it_and_another_llvm_forbids_it(accelerator, llvm, wanted):
    assert triton_wanted(accelerator=accelerator, llvm=llvm) is wanted


@pytest.mark.parametrize(
    ("card", "drawn", "inside"), [(True, False, "True"), (True, True, "False"), (False, False, "False")]
)
def test_the_process_lives_and_triton_is_in_it_where_it_should(card, drawn, inside):
    if not any(distributions(name="triton")):  # asking for the module itself would bring it into this process
        pytest.skip("PyTorch brings it on Linux only")
    if drawn and not llvm():
        pytest.skip("no graphics driver's LLVM on this machine")
    code = IMPORT.format(card=card, driver=llvm() if drawn else "")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, inside), done.stderr
