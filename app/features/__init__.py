"""What a user can do, a folder each. Features do not import one another: `application` hands each what it needs of others."""
