"""Compiling for this machine at the first start, beside the window."""
