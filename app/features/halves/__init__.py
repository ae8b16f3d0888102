"""Half maps: what they say of resolution and noise, and having fits go by them."""
