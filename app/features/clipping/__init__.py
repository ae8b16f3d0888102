"""Planes before and behind what one looks at: by a bar with two handles, by the wheel, and by the menu."""
