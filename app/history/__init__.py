"""Which films were opened, what was asked of them, where they stood: kept in one file, given back at the next start."""
