"""A conversation in, JSON for other programs out: the answers' own records, as `ask --json` prints them. Pure."""

from __future__ import annotations

import json
from typing import Any

from app.conversation import Conversation, Exchange
from engine.record_json import to_json

FORMAT = 1  # counts up when a key changes its meaning; keys are added, never renamed


def write_json(conversation: Conversation) -> str:
    """Everything that was asked, with all that was answered."""
    video = conversation.video
    record = {
        "format": FORMAT,
        "video": {
            "path": str(video.path), "duration_seconds": video.duration_seconds, "width": video.width,
            "height": video.height, "frame_rate": video.frame_rate, "codec": video.codec,
        },
        "exchanges": [_exchange(exchange) for exchange in conversation.exchanges],
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "number": exchange.number,
        "question": exchange.question,
        "outcome": exchange.outcome.value,
        "text": exchange.text,
        "message": exchange.message,
        "notes": list(exchange.notes),
        "asked_at": exchange.asked_at or None,
        "temperature": exchange.temperature,
        "seed": exchange.seed,
        "answer": to_json(exchange.answer) if exchange.answer is not None else None,
        "earlier": [_exchange(take) for take in exchange.earlier],
    }
