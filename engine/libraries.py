"""The heavy libraries, imported one after another, so that a stop takes effect between two of them.

Together they take seconds when the disk is cold; no single one of them should.
"""

from __future__ import annotations

from importlib import import_module

from engine.cancel import CancelToken

LIBRARIES = (
    "numpy",
    "torch",
    "torchvision",
    "transformers",
    "transformers.modeling_utils",
    "transformers.models.qwen3.modeling_qwen3",
    "transformers.models.qwen3_vl.modeling_qwen3_vl",
)


def load_libraries(cancel: CancelToken) -> None:
    """Import what every model needs. Raises `Cancelled`."""
    for name in LIBRARIES:
        cancel.check()
        import_module(name)
    cancel.check()
