"""Moving a model by hand."""
