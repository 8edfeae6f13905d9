"""The conversation as a file."""
