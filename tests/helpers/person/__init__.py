"""A person at the window: sees what is on the screen, and has a mouse and keys. Journeys are told in these words."""

from person.person import Person

__all__ = ["Person"]
