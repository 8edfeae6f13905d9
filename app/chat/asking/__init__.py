"""What a person types, chooses and lets wait."""
