"""What the sample film's own list says of its first "when": the question, the thing, and when it enters."""

from __future__ import annotations

from engine.evaluation.sample import sample_truth

_asked = next(one for one in sample_truth() if one.kind == "when")
WHEN, THING, ENTERS = _asked.question, _asked.names[0], _asked.spans[0][0]
