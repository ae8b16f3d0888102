"""What VTK draws: one thing each."""
