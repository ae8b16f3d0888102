"""What of the state is drawn in a view."""
