"""Where one looks from."""
