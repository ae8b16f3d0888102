"""What was published, measured again by anyone."""
