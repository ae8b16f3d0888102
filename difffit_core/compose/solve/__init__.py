"""Which candidates are taken, and how they settle together."""
