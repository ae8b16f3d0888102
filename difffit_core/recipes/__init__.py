"""What a user asks for, as one value: all that a job depends on besides its arrays. Start reading at `base`."""
