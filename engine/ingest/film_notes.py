"""What a probe found in, what a person should know of the film out, a sentence each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

    from engine.ingest.timetable import Timetable

HDR_TRANSFERS = {16: "PQ", 18: "HLG"}  # AVColorTransferCharacteristic


def time_notes(container: InputContainer, stream: VideoStream, table: Timetable, variable: bool) -> tuple[str, ...]:
    """What is odd about a film's times, and whether all of the file is there."""
    notes = []
    if variable:
        notes.append("Variable frame rate: frames are sampled by their own times.")
    if table.counted:
        notes.append("The file stores no presentation times: they are derived from its frame rate.")
    present = len(table.pts) + table.hidden
    stated_end = (container.duration or 0) / 1e6
    if container.format.name.startswith("mov") and stream.frames > present:
        notes.append(f"The file is cut off: {present} of {stream.frames} frames are there.")
    elif container.format.name.startswith("matroska") and stated_end - table.file_end_seconds > max(
        1.0, 0.05 * stated_end
    ):
        notes.append(
            f"The file is cut off: it says it runs {stated_end:.1f} s, it ends at {table.file_end_seconds:.1f} s."
        )
    elif table.broken:
        notes.append(f"The file is damaged: nothing after {table.seconds[-1]:.1f} s can be read.")
    return tuple(notes)


def picture_notes(stream: VideoStream, first: VideoFrame) -> tuple[str, ...]:
    """What the model sees otherwise than a player shows it."""
    notes = []
    if first.color_trc in HDR_TRANSFERS:
        kind = HDR_TRANSFERS[first.color_trc]
        notes.append(f"High dynamic range ({kind}): the model sees its colours without tone mapping.")
    shape = stream.sample_aspect_ratio
    if shape not in (None, 0, 1):
        notes.append(f"Pixels are not square ({shape}): the model sees the picture as stored.")
    if first.rotation % 90:
        notes.append(f"The film asks to be turned by {-first.rotation} degrees: the nearest quarter turn is used.")
    if _is_mirrored(first):
        notes.append("The film asks to be mirrored: the model sees it as stored.")
    return tuple(notes)


def _is_mirrored(frame: VideoFrame) -> bool:
    side_data = frame.side_data.get("DISPLAYMATRIX")
    if side_data is None:
        return False
    matrix = np.frombuffer(bytes(side_data), np.int32).astype(np.float64)
    return bool(matrix[0] * matrix[4] - matrix[1] * matrix[3] < 0)
