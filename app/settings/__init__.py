"""Every setting of the engine, in a window: what it does, what is allowed, what is in force."""
