"""What a composite may be made of, and what speaks for each."""
