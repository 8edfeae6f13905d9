"""An `Answer` in, the JSON record that other programs read out. Its keys are a contract: add, never rename."""

from __future__ import annotations

from typing import Any

from engine.records import Answer, Citation

Json = dict[str, Any]


def to_json(answer: Answer) -> Json:
    """Return `answer` as plain dictionaries, lists, strings and numbers."""
    return {
        "video": {
            "path": str(answer.video.path),
            "duration_seconds": answer.video.duration_seconds,
            "frames_sampled": answer.frames_sampled,
            "sample_fps": answer.sample_fps,
        },
        "model": {
            "name": answer.model.name,
            "device": answer.model.device,
            "precision": answer.model.precision,
        },
        "question": answer.question,
        "answer": answer.text,
        "segments": _segments(answer),
        "budget": {
            "limit": answer.allocation.limit,
            "used": answer.allocation.used,
            "k_min": answer.allocation.k_min,
            "k_max": answer.allocation.k_max,
        },
        "citations": [_citation(citation) for citation in answer.citations],
        "evidence": [_citation(citation) for citation in answer.evidence],
        "seconds": {
            "read": answer.seconds.read,
            "index": answer.seconds.index,
            "compress": answer.seconds.compress,
            "first_token": answer.seconds.first_token,
            "total": answer.seconds.total,
        },
        "notes": list(answer.notes),
    }


def _segments(answer: Answer) -> list[Json]:
    return [
        {
            "index": segment.index,
            "start_seconds": segment.start_seconds,
            "end_seconds": segment.end_seconds,
            "relevance": score,
            "tokens": share,
        }
        for segment, score, share in zip(answer.segments, answer.scores, answer.allocation.shares, strict=True)
    ]


def _citation(citation: Citation) -> Json:
    return {
        "start_seconds": citation.start_seconds,
        "end_seconds": citation.end_seconds,
        "segments": list(citation.segments),
        "quote": citation.quote,
        "supported": citation.supported,
    }
