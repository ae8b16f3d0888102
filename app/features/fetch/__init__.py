"""Fetching maps and models from the public archives, and what is kept of them."""
