"""The heavy libraries, imported one after another, so that a stop, or another request, finds its place between two.

Nothing else may freeze meanwhile, least of all a window: what the system's loader does is done without Python's lock,
and no collection of garbage walks over the hundreds of thousands of objects that the libraries bring, then or later.
"""

from __future__ import annotations

import ctypes
import gc
import linecache
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from engine.cancel import CancelToken

log = logging.getLogger(__name__)
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


TRITON = "triton"
MEMORY_MAP = Path("/proc/self/maps")  # of Linux; no other system lets one library's symbols take another's place


def triton_wanted(*, accelerator: bool, llvm: bool) -> bool:
    """Whether triton may be imported, which torch._dynamo and bitsandbytes both try.

    It compiles kernels for graphics cards, so without one nobody needs it. On CUDA and ROCm bitsandbytes brings its
    kernels along; on Intel's cards it quantises by triton's, more slowly without them. Where Mesa draws the window, its
    LLVM has been loaded for everybody to see, and triton's own ends the process as it is imported (seen with triton
    3.8 and LLVM 15 on llvmpipe; imported before the window draws, it does no harm).
    """
    return accelerator and not llvm


def triton_settled() -> None:
    """Let triton count as absent where it is of no use or does harm. To be called before anything tries it."""
    import torch

    if TRITON in sys.modules:
        return
    accelerator, llvm = torch.cuda.is_available() or torch.xpu.is_available(), _llvm_loaded()
    if not triton_wanted(accelerator=accelerator, llvm=llvm):
        log.info(
            "triton stays out: %s", "another LLVM is in the process" if llvm else "there is no card to compile for"
        )
        sys.modules[TRITON] = None  # type: ignore[assignment]


def _llvm_loaded() -> bool:
    """Whether a shared LLVM, as graphics drivers bring one, is in this process."""
    try:
        return "/libLLVM" in MEMORY_MAP.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def libraries_loaded(cancel: CancelToken) -> Iterator[str]:
    """Import what every model needs, yielding each name when it is there. Raises `Cancelled`."""
    for name in LIBRARIES:
        cancel.check()
        if name not in sys.modules:
            with _unhindered():
                if name == "torch":
                    _torch_mapped()
                import_module(name)
        if name == "torch":
            triton_settled()
        yield name
    cancel.check()


@contextmanager
def _unhindered() -> Iterator[None]:
    """No collection while an import makes objects that stay, and none that ever looks at them again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        _sources_dropped()
        gc.freeze()
        gc.enable() if collecting else None


def _sources_dropped() -> None:
    """Forget the lines of source files: PySide has every module's read as it is imported, to look for its own name.

    Measured: 2,494 files, 147 MB. One at a time, since letting them all go at once holds Python's lock for long.
    """
    for name in list(linecache.cache):
        linecache.cache.pop(name, None)


def _torch_mapped() -> None:
    """Map torch's shared libraries into the process without holding Python's lock, as its import would for long.

    In torch's own order and way: what it depends on for everybody to see, the rest not. A failure is left to the
    import, which has the words for it.
    """
    spec = find_spec("torch")
    if os.name != "posix" or spec is None or spec.origin is None:
        return
    suffix = "dylib" if sys.platform == "darwin" else "so"
    loader = ctypes.CDLL(None).dlopen  # a foreign call gives Python's lock up, ctypes.CDLL and import do not
    loader.argtypes, loader.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name, seen in (("libtorch_global_deps", os.RTLD_GLOBAL), ("libtorch_python", os.RTLD_LOCAL)):
        path = Path(spec.origin).parent / "lib" / f"{name}.{suffix}"
        if path.exists():
            loader(os.fsencode(path), os.RTLD_NOW | seen)


def bitsandbytes_loaded() -> ModuleType:
    """Import it quietly: it warns of kernels that it could download, and PyTorch of a compiler that nobody needs."""
    triton_settled()
    for chatter in ("bitsandbytes", "torch.utils.flop_counter"):
        logging.getLogger(chatter).setLevel(logging.ERROR)
    return import_module("bitsandbytes")
