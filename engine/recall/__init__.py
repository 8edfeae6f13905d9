"""No network here: relevance becomes shares, shares and memory become the context."""
