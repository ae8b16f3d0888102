"""Handing what is shown to the next program."""
