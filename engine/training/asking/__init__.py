"""Questions about drawn films in ordinary English, with their true answers."""
