"""What a terminal shows: the commands `ask` and `index`, without Qt."""
