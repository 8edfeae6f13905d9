"""Charts of one question: was relevance decisive, and what did the tokens go to."""
