"""The words of an answer: Markdown in, a document with links to the film out."""
