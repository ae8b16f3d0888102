"""Opening and closing."""
