"""Maps laid onto maps: where one lies in another, of which hand, and where they differ."""
