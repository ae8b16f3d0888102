"""Screening a library, and looking at what it found."""
