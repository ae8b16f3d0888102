"""What helps to report a problem."""
