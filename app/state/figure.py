"""What a picture shows, and who draws it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from difffit_app.styles import Layout

Background = Literal["white", "black", "gradient", "dark", "transparent"]
"""What is behind everything: a gradient is of the light theme, a dark one of the dark theme."""

Scene = Literal["fit", "clusters", "both", "offset", "gallery"]
"""What a picture shows: a view, both side by side, both in one scene, or the gallery."""

DRAWS_IN_THREADS = sys.platform != "darwin"
"""macOS draws on the main thread only."""


@dataclass(frozen=True)
class Figure:
    """A picture to be made: ``width`` and ``height`` in pixels, ``scale`` of them for a point of words and lines.

    ``samples`` a side are averaged in each pixel; ``dots_per_inch`` is written into the file, nothing if None.
    With ``fog`` what is far fades into the background, unless that is transparent.
    """

    scene: Scene = "fit"
    width: int = 1600
    height: int = 1000
    scale: float = 1.0
    samples: int = 2
    background: Background = "white"
    legend: bool = True
    scale_bar: bool = False
    triad: bool = False
    soft_shadows: bool = False
    silhouettes: bool = False
    fog: bool = False
    dots_per_inch: float | None = None

    @property
    def transparent(self) -> bool:
        return self.background == "transparent"

    @property
    def layout(self) -> Layout:
        """That of the window which shows the same."""
        return self.scene if self.scene in ("offset", "gallery") else "views"


class PicturesView(Protocol):
    """Draws what it shows into files."""

    def draw_later(self, path: Path, figure: Figure) -> Callable[[], None]:
        """What draws and writes the figure as things are now; it may be called in any thread."""
