"""The decoder: reads the context, streams the answer, and its times are checked against the film."""
