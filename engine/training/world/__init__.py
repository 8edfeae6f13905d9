"""The drawn world: what it holds, how it is drawn, and the truth about every film made of it."""
