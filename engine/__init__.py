"""The engine: everything that thinks. Imports neither app nor Qt; importing it loads no torch."""
