"""The places that matter for a question, as a ranked list: arithmetic, model, painting, keys."""
