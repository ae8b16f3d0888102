"""A composite as files: models, report, scripts."""
