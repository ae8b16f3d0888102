"""What a fit found: its table, clusters, warnings, and what may be done about them."""
