"""What is open, and how maps and models are drawn."""
