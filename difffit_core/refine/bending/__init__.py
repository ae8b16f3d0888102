"""All atoms at once, pulled by the map and held by the model's own distances."""
