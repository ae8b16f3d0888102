"""What is on the screen. Widgets follow the state's events and report what the user did by Qt signals; they know no controller."""
