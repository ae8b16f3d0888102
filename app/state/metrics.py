"""The metrics of placements by name, for colours, filters and words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_app.state.items import OpenFit
from difffit_core.placement import FitMetrics, Placement


@dataclass(frozen=True)
class Metric:
    """How a number of a placement is told: its ``title``, the ``short`` one of columns, a ``tip``, ``unit`` and ``form`` of numbers."""

    title: str
    short: str
    tip: str
    unit: str = ""
    form: str = ".3f"


METRICS: dict[str, Metric] = {
    "local_correlation": Metric(
        "Local correlation",
        "Local corr.",
        "Local correlation, -1 to 1, higher is better:\ncorrelation about the mean of the map and the model's simulated map, "
        "over the voxels that the model covers",
    ),
    "z_score": Metric(
        "z-score",
        "z",
        "z-score, higher is better: how far the local correlation stands above those of wrong poses of the same search,\n"
        "in standard deviations of Fisher's z. Another search of the same model meets other wrong poses, and the map of a later\n"
        "round holds less: there, and in a composite that was solved together, the z-score of the same place is another",
        "σ",
        ".1f",
    ),
    "hits": Metric("Hits", "Hits", "How many starting poses of the search ended here", "starts", ",.0f"),
    "correlation_about_mean": Metric(
        "Correlation about the mean",
        "Corr. mean",
        "Correlation about the mean, -1 to 1, higher is better:\nof the map and the simulated map at the atoms, each less its mean",
    ),
    "correlation": Metric("Correlation", "Corr.", "Correlation, -1 to 1, higher is better: of the map and the simulated map at the atoms"),
    "overlap": Metric(
        "Overlap",
        "Overlap",
        "Mean of the map times the simulated map at the atoms, in map units; higher is better within one map",
        "map units",
    ),
    "density": Metric("Density", "Density", "Mean of the map at the atoms, in map units; higher is better within one map", "map units"),
    "inside": Metric("Inside", "Inside", "Share of the atoms that lie where the map is above the contour level", "share of atoms", ".0%"),
}
"""What spheres can be coloured by: field of a placement or its metrics. A new metric of `FitMetrics` is told of here, and only here."""

FILTERED: dict[str, str] = {**{name: metric.title for name, metric in METRICS.items()}, "p_value": "p-value", "rank": "Rank"}
"""What placements can be filtered by, and its name for people."""


def metric_of(placement: Placement, name: str) -> float:
    """A metric of `METRICS` or `FILTERED` by its name."""
    return float(getattr(placement.metrics if name in FitMetrics.__dataclass_fields__ else placement, name))


def metric_values(fit: OpenFit, name: str) -> NDArray[np.float64]:
    """A metric (P,) of all placements of a fit."""
    return np.array([metric_of(placement, name) for placement in fit.placements], np.float64)


def with_unit(name: str) -> str:
    """A metric's name for people, and its unit if it has one."""
    metric = METRICS[name]
    return f"{metric.title} ({metric.unit})" if metric.unit else metric.title


def describe(placement: Placement, metric: str = "local_correlation", *, on_its_way: bool = False) -> str:
    """A placement in a few words, for a tool tip; the metric shown comes first. One on its way in a replay is not what was scored."""
    lines = ["On its way; where it ends:"] if on_its_way else []
    lines += [f"Placement {placement.rank}: {placement.verdict}", f"{placement.hits} hit{'' if placement.hits == 1 else 's'}"]
    names = dict.fromkeys((metric, "local_correlation", "z_score"))
    lines += [f"{METRICS[name].title} {metric_of(placement, name):.3g}" for name in names if name != "hits"]
    return "\n".join(lines)
