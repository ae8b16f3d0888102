"""What can be done and undone."""
