"""A model and a film in, the warning out that belongs to an answer of a model that knows drawn films only."""

from __future__ import annotations

from engine.records import ModelInfo, VideoInfo

DRAWN_MARK = "drawn world of tempo-desk"  # the container's comment, so that the program knows its own films
UNKNOWN_WORLD = (
    "The bundled model knows a world of drawn things only, so its answer about this film may well be wrong; "
    "real films want Tempo-6B."
)


def world_note(model: ModelInfo, video: VideoInfo) -> str:
    """One sentence, or nothing if the model is at home in this film."""
    return UNKNOWN_WORLD if model.bundled and video.comment != DRAWN_MARK else ""
