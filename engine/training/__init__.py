"""`python -m engine.training`: drawn films and the stages that make the bundled model."""
