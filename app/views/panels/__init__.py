"""What is docked beside the 3-D views."""
