"""Once per film: probe, sample, resize, cut into segments."""
