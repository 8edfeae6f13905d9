"""Known models, where they run, and how a checkpoint becomes modules in memory."""
