"""What a user does to a composite by hand: accepting, zeroing out, rounds."""
