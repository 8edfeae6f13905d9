"""`python -m engine.evaluation`: what the model gets right, measured."""
