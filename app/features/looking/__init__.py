"""Looking at one thing among others: where it is, and the menu that opens over it."""
