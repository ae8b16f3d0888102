"""A view that turns in the browser: surfaces and traces, with all that draws them in the page itself."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.escaping.html import escape
from difffit_core.pose import Pose
from difffit_core.report.surface import Surface, surface_of

_BROKEN = 8.0
_STEPS = 30_000
_HOW = "Drag to turn, Shift and drag to move, wheel to enlarge, double click to begin again."


@dataclass(frozen=True, eq=False)
class Shown:
    """One thing in a view, with a check box of its ``name``.

    Attributes
    ----------
    name, colour : of the check box; the colour as ``#rrggbb``
    surface : of a map, half transparent
    runs : or the trace of a model, each run (n, 3) in Å drawn as a tube
    """

    name: str
    colour: str
    surface: Surface | None = None
    runs: tuple[Array, ...] = ()


def trace_of(model: AtomicModel, coordinates: Array) -> tuple[Array, ...]:
    """CA (or P) atoms of a model where its ``coordinates`` (N, 3) in Å are, in unbroken runs."""
    chosen = model.in_fit & np.isin(model.atom_names, ("CA", "P"))
    points, chains = coordinates[chosen], model.chain_names[chosen]
    if len(points) == 0:
        return ()
    gaps = (np.linalg.norm(np.diff(points, axis=0), axis=1) > _BROKEN) | (chains[1:] != chains[:-1])
    return tuple(np.split(points, np.flatnonzero(gaps) + 1))


def placed(name: str, colour: str, model: AtomicModel, pose: Pose) -> Shown:
    """A model at a pose as its trace, or the map that stands in its place as its surface."""
    if model.body is not None:
        return Shown(name, colour, surface_of(model.body.alone(pose), model.body.level, 10_000))
    return Shown(name, colour, runs=trace_of(model, pose.apply(model.coordinates)))


def view(things: Sequence[Shown]) -> str:
    """HTML of a view of these; turned by dragging, moved with the right button or Shift, and enlarged by the wheel."""
    points = [one.surface.points for one in things if one.surface is not None and len(one.surface.points)]
    points += [run for one in things for run in one.runs]
    if not points:
        return ""
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    centre, scale = (low + high) / 2, float(max((high - low).max() / 2, 1e-3))
    scene = {"scale": scale, "things": [_packed(one, centre, scale) for one in things]}
    text = json.dumps(scene).replace("<", "\\u003c")
    script = files("difffit_core.report").joinpath("viewer.js").read_text(encoding="utf-8")
    boxes = "".join(
        f"<label><input type='checkbox' checked data-thing='{number}'><span class='swatch' style='background:{escape(one.colour)}'></span>"
        f"{escape(one.name)}</label> "
        for number, one in enumerate(things)
    )
    return (
        f"<div class='view'><canvas tabindex='0' role='img' aria-label='Map and models, which turn when dragged'></canvas>"
        f"<p class='dim'>{boxes}<span class='say'>{_HOW}</span></p>"
        f"<script type='application/json'>{text}</script><script>{script}</script></div>"
    )


def _packed(one: Shown, centre: Array, scale: float) -> dict[str, object]:
    """With points as 16-bit numbers of ±32767 for ± ``scale`` Å about the centre."""

    def whole(points: Array) -> str:
        numbers = np.clip(np.rint((points - centre) / scale * 32767), -32767, 32767).astype("<i2")
        return base64.b64encode(numbers.tobytes()).decode()

    found: dict[str, object] = {"name": one.name, "colour": one.colour}
    if one.surface is not None and len(one.surface.points):
        found["points"] = whole(one.surface.points)
        found["triangles"] = base64.b64encode(one.surface.triangles.astype("<u4").tobytes()).decode()
    total = sum(map(len, one.runs))
    thin = max(1, -(-total // _STEPS))
    found["runs"] = [whole(run[::thin]) for run in one.runs if len(run[::thin]) > 1]
    return found
