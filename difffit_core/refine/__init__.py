"""Bending a placed model into its map: pieces moved as rigid bodies, then every atom (design, method section 10)."""
