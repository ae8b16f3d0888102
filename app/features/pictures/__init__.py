"""Looking round, and taking pictures."""
