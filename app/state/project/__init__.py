"""A session as a project keeps it, and back."""
