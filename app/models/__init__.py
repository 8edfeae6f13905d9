"""The models pane: what is known, what is here, what fits; download, use, remove."""
