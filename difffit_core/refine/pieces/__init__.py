"""The pieces of a chain as rigid bodies."""
