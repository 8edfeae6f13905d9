"""The heatmap on the time axis: arithmetic, painting, mouse."""
