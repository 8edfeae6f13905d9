"""A model and a film in, the warning out that belongs to an answer of a model that knows drawn films only."""

from __future__ import annotations

from engine.records import ModelInfo, VideoInfo

DRAWN_MARK = "drawn world of tempo-desk"  # the container's comment, so that the program knows its own films
UNKNOWN_WORLD = (
    "The bundled model knows a world of drawn things only, so its answer about this film may well be wrong; "
    "real films want Tempo-6B."
)


def world_note(model: ModelInfo, video: VideoInfo) -> str:
    """One sentence, or nothing if the model is at home in this film. Raises `VideoError` if the film is gone."""
    return UNKNOWN_WORLD if model.bundled and not _is_drawn(video) else ""


def _is_drawn(video: VideoInfo) -> bool:
    """True for a film that this project drew: its container says so."""
    from engine.ingest.video import open_container

    with open_container(video.path) as container:
        return container.metadata.get("comment") == DRAWN_MARK
