"""The heavy libraries, imported one after another, so that a stop, or another request, finds its place between two.

Together they take four seconds on a quiet machine with two cores, the longest, torch, 1.2 (2026-11), more from a
cold disk.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from engine.cancel import CancelToken

LIBRARIES = (
    "numpy",
    "sympy",  # torch._dynamo wants it
    "torch",
    "torch._dynamo",  # torchvision wants it
    "torchvision",
    "transformers",
    "transformers.modeling_utils",
    "transformers.models.qwen3.modeling_qwen3",
    "transformers.models.qwen3_vl.modeling_qwen3_vl",
    "engine.weights.loading",
)


# torch._dynamo tries triton, whose own LLVM ends the process with a segmentation fault where Mesa's software renderer
# has loaded another LLVM for the window (seen under Xvfb). Nothing here compiles kernels, so it counts as absent.
UNWANTED = "triton"


def libraries_loaded(cancel: CancelToken) -> Iterator[str]:
    """Import what every model needs, yielding each name when it is there. Raises `Cancelled`."""
    sys.modules.setdefault(UNWANTED, None)  # type: ignore[arg-type]
    for name in LIBRARIES:
        cancel.check()
        import_module(name)
        yield name
    cancel.check()


def bitsandbytes_loaded() -> ModuleType:
    """Import it quietly: it warns of kernels that it could download, and PyTorch of a compiler that nobody needs."""
    sys.modules.setdefault(UNWANTED, None)  # type: ignore[arg-type]
    for chatter in ("bitsandbytes", "torch.utils.flop_counter"):
        logging.getLogger(chatter).setLevel(logging.ERROR)
    return import_module("bitsandbytes")
