"""`difffit render`: a picture of a project, without a window. What draws is found by its entry point and never imported."""

from functools import partial
from pathlib import Path
from typing import Literal

import typer

from difffit_core.cli.console import say
from difffit_core.cli.entry_points import find_window
from difffit_core.cli.options import OVERWRITE, project_argument
from difffit_core.errors import UserError

Background = Literal["white", "black", "gradient", "dark", "transparent"]
View = Literal["fit", "clusters", "both", "offset", "gallery"]
_LEAST, _MOST = 16, 16384
_QUICKLY = 250_000_000
"""Samples of a picture that a processor without a graphics card draws in about half a minute."""


def render(
    project: Path = project_argument(),
    out: Path = typer.Option(..., help="The picture to write (.png)."),
    view: View = typer.Option("fit", help="The fit, the clusters, both side by side, both in one scene, or the best placements."),
    width: int = typer.Option(1600, min=_LEAST, max=_MOST, help="Pixels."),
    height: int = typer.Option(1000, min=_LEAST, max=_MOST, help="Pixels."),
    scale: float = typer.Option(1.0, min=0.25, max=16, help="Multiplies width, height, words and lines."),
    rank: int = typer.Option(None, min=1, max=1_000_000, help="Placement to show; the one selected in the project if not given."),
    metric: str = typer.Option(None, help="Metric that colours the spheres; as in the project if not given."),
    count: int = typer.Option(None, help="Placements in the gallery: 4, 6, 9 or 12; as in the project if not given."),
    everything: bool = typer.Option(False, "--everything", help="Look at everything, not from where the project was looked at."),
    background: Background = typer.Option("white", help="White, black, a light or a dark gradient, or none: transparent."),
    legend: bool = typer.Option(True, help="What the colours of models and spheres mean."),
    scale_bar: bool = typer.Option(False, help="A bar of known length."),
    axes: bool = typer.Option(False, help="The directions of x, y and z."),
    silhouettes: bool = typer.Option(False, "--silhouettes", help="Dark lines around things and between their parts."),
    soft_shadows: bool = typer.Option(False, "--soft-shadows", help="Darken what lies deep."),
    fog: bool = typer.Option(False, "--fog", help="Let what is far fade into the background, unless that is transparent."),
    samples: int = typer.Option(3, min=1, max=8, help="Samples a side that are averaged in a pixel, against jagged edges."),
    dpi: float = typer.Option(None, min=1, max=100_000, help="Dots per inch to write into the file."),
    overwrite: bool = OVERWRITE,
) -> None:
    """Draw PROJECT as the window does, into a PNG file. Needs no display."""
    from difffit_core.output import Inputs, claim_file

    place = claim_file(out, command="render", suffixes=(".png",), what="picture", inputs=Inputs([project]), overwrite=overwrite)
    across, up = round(width * scale), round(height * scale)
    for name, side in (("width", across), ("height", up)):
        if not _LEAST <= side <= _MOST:
            raise UserError(f"{name} times scale must lie between {_LEAST} and {_MOST} pixels, got {side}")
    if across * up * samples**2 > _QUICKLY:
        say(f"drawing {across} × {up} pixels of {samples} × {samples} samples, which may take minutes", err=True)
    draw = partial(
        find_window("render"),
        project,
        scene=view,
        width=across,
        height=up,
        scale=scale,
        rank=rank,
        metric=metric,
        count=count,
        everything=everything,
        background=background,
        legend=legend,
        scale_bar=scale_bar,
        triad=axes,
        silhouettes=silhouettes,
        soft_shadows=soft_shadows,
        fog=fog,
        samples=samples,
        dots_per_inch=dpi,
    )
    place.write(draw)
    say(f"wrote {out}")
