"""The metrics of placements by name, for colours, filters and words."""

import numpy as np
from numpy.typing import NDArray

from difffit_app.state.items import OpenFit
from difffit_core.placement import FitMetrics, Placement

METRICS: dict[str, str] = {
    "local_correlation": "Local correlation",
    "correlation_about_mean": "Correlation about the mean",
    "correlation": "Correlation",
    "overlap": "Overlap",
    "density": "Density",
    "inside": "Inside",
    "z_score": "z-score",
    "hits": "Hits",
}
"""What spheres can be coloured by: field of a placement or its metrics, and its name for people."""

FILTERED: dict[str, str] = {**METRICS, "p_value": "p-value", "rank": "Rank"}
"""What placements can be filtered by, likewise."""

UNITS: dict[str, str] = {"overlap": "map units", "density": "map units", "inside": "share of atoms", "z_score": "σ", "hits": "starts"}
"""Of those metrics that have one."""


def metric_of(placement: Placement, name: str) -> float:
    """A metric of `METRICS` or `FILTERED` by its name."""
    return float(getattr(placement.metrics if name in FitMetrics.__dataclass_fields__ else placement, name))


def metric_values(fit: OpenFit, name: str) -> NDArray[np.float64]:
    """A metric (P,) of all placements of a fit."""
    return np.array([metric_of(placement, name) for placement in fit.placements], np.float64)


def with_unit(name: str) -> str:
    """A metric's name for people, and its unit if it has one."""
    return f"{METRICS[name]} ({UNITS[name]})" if name in UNITS else METRICS[name]


def describe(placement: Placement, metric: str = "local_correlation") -> str:
    """A placement in a few words, for a tool tip; the metric shown comes first."""
    lines = [f"Placement {placement.rank}: {placement.verdict}", f"{placement.hits} hit{'' if placement.hits == 1 else 's'}"]
    names = dict.fromkeys((metric, "local_correlation", "z_score"))
    lines += [f"{METRICS[name]} {metric_of(placement, name):.3g}" for name in names if name != "hits"]
    return "\n".join(lines)
