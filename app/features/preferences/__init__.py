"""What is set once and for all."""
