"""The compressor: reads a segment with the question, gives memory tokens and a relevance score."""
