"""What is drawn: the views, and in folders what they are made of."""
