"""What the pointer tells and does in the fit view."""
