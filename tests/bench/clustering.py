"""Clustering of 50 000 poses, as easy and as hard as they come."""

import time
from argparse import Namespace

import numpy as np
from report import Report, spread

from difffit_core.fit.search.cluster import cluster_poses

POSES = 50_000
BOX = 200.0
OPTIMA = 500


def run(options: Namespace) -> Report:
    report = Report(
        "Clustering",
        f"{POSES} poses within 3 Å and 6°, from arrays to labels; median of {options.repeats}. Gathered: round {OPTIMA} optima, as a "
        f"search leaves them. Scattered: anywhere in a box of {BOX:g} Å. One place: a single centre and any rotation, the worst "
        "for a grid of places.",
        ["poses", "clusters", "seconds"],
    )
    for name, (quaternions, centres) in _poses(np.random.default_rng(options.seeds[0])).items():
        scores = np.random.default_rng(1).random(POSES)
        cluster_poses(quaternions[:100], centres[:100], scores[:100])
        seconds = []
        for _ in range(options.repeats):
            start = time.perf_counter()
            clusters = cluster_poses(quaternions, centres, scores)
            seconds.append(time.perf_counter() - start)
        report.rows.append([name, str(len(clusters.leaders)), spread(seconds)])
        report.raw.append({"poses": name, "clusters": len(clusters.leaders), "seconds": seconds})
    report.notes.append("Asked for: less than 2 s.")
    return report


def _poses(rng: np.random.Generator) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    def turns(count: int) -> np.ndarray:
        return _unit(rng.normal(size=(count, 4)))

    owner = rng.integers(OPTIMA, size=POSES)
    optima, places = turns(OPTIMA), rng.uniform(0, BOX, (OPTIMA, 3))
    gathered = _unit(optima[owner] + rng.normal(0, 0.01, (POSES, 4))), places[owner] + rng.normal(0, 0.5, (POSES, 3))
    return {
        "gathered": gathered,
        "scattered": (turns(POSES), rng.uniform(0, BOX, (POSES, 3))),
        "one place": (turns(POSES), rng.normal(0, 0.3, (POSES, 3))),
    }


def _unit(quaternions: np.ndarray) -> np.ndarray:
    return quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True)
