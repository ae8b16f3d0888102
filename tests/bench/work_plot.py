"""The picture of `work`: seconds and memory against starts, atoms and voxels."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from work import Measured


def draw(measured: "Sequence[Measured]", file: Path) -> None:
    """Write a panel for each kind of work, time above memory, both axes logarithmic; dotted is linear growth."""
    from matplotlib.figure import Figure

    lines = list(dict.fromkeys(one.line for one in measured))
    kinds = list(dict.fromkeys(line.partition(",")[0] for line in lines))
    figure = Figure(figsize=(3.6 * len(kinds), 5.6), layout="constrained")
    panels = figure.subplots(2, len(kinds), sharex="col", squeeze=False)
    for column, kind in enumerate(kinds):
        time, memory = panels[:, column]
        for line in (line for line in lines if line.partition(",")[0] == kind):
            points = [one for one in measured if one.line == line]
            work = [one.work for one in points]
            label = line.partition(", ")[2] or None
            seconds = [one.seconds.total for one in points]
            drawn = time.plot(work, seconds, "o-", label=label)[0]
            time.plot(work, [seconds[-1] * w / work[-1] for w in work], ":", color=drawn.get_color(), linewidth=1)
            memory.plot(work, [one.peak / 1024 for one in points], "o-", label=label)
        shown = [one for one in measured if one.line.partition(",")[0] == kind]
        decades = np.log10([one.seconds.total for one in shown])
        time.set(xscale="log", yscale="log", ylim=(10 ** np.floor(decades.min()), 10 ** np.ceil(decades.max())))
        time.yaxis.set_major_formatter("{x:g}")
        if kind == "Voxels":
            sides = {round(one.work ** (1 / 3)): one.work for one in shown}
            time.set_xticks(list(sides.values()), [f"{side}³" for side in sides])
            time.minorticks_off()
        memory.set(xlabel=kind.lower(), ylim=(0, None))
        if len([line for line in lines if line.startswith(kind)]) > 1:
            time.legend(frameon=False)
        for panel in (time, memory):
            panel.grid(alpha=0.3)
    panels[0, 0].set_ylabel("seconds (dotted: linear)")
    panels[1, 0].set_ylabel("peak memory, GiB")
    picture = BytesIO()
    figure.savefig(picture, dpi=90)
    Image.open(picture).convert("RGB").quantize(32).save(file, optimize=True)
