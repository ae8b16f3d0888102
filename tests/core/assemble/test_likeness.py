"""Models that fit clearly worse than the best-supported one are its kin, unless they fit by one of their domains."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.assemble.likeness import likeness
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.density_map import DensityMap
from difffit_core.io.models import read_model
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.pose import Pose
from difffit_core.split.parts import Part
from difffit_core.target import Target

CUT = 182


def test_a_turned_domain_makes_no_kin(repository: Path) -> None:
    """The heavy chain of 1BD2, its domain from residue 182 on turned by 60 degrees, beside the light one as it is, at 6 Å."""
    whole = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    heavy, light = (whole.select_chains([name]) for name in "AB")
    points = np.concatenate([part.fit_coordinates for part in (heavy, light)])
    weights = np.concatenate([part.fit_atomic_numbers for part in (heavy, light)]).astype(float)
    origin = points.min(axis=0) - 12
    shape = tuple(int(n) for n in np.ceil((np.ptp(points, axis=0) + 24) / 2.0).astype(int)[::-1])
    values = np.zeros(shape, np.float32)
    simulate_on_grid(points, weights, 6.0, np.full(3, 2.0), origin, shape).add_to(values)
    values += np.random.default_rng(2).normal(0, 0.03 * float(values.max()), shape).astype(np.float32)
    density = DensityMap(values, np.full(3, 2.0), origin)
    turned = np.array(heavy.coordinates)
    beyond = heavy.residue_numbers >= CUT
    pivot = turned[beyond][0]
    turned[beyond] = (turned[beyond] - pivot) @ Rotation.from_rotvec([0, np.radians(60), 0]).as_matrix().T + pivot
    bent = replace(heavy, coordinates=turned, structure=None)
    index = [np.unique(bent.residue_index[bent.in_fit & (beyond == which)]).tolist() for which in (False, True)]
    parts = [Part(f"heavy:D{number}", bent.select_residues(some, f"D{number}")) for number, some in enumerate(index, start=1)]
    request = ComposeRequest(Target(density, 6.0, 0.25 * float(values.max())), (Wanted(bent), Wanted(light)), device="cpu")
    result: Any = SimpleNamespace(copies=[SimpleNamespace(body=body, pose=Pose.identity(), z_score=z) for body, z in ((0, 5.0), (1, 9.0))])
    as_one = likeness(request, result, 0.95)
    assert (list(as_one.worse), dict(as_one.partly)) == ([0], {})
    by_domains = likeness(request, result, 0.95, lambda body: parts if body == 0 else ())
    assert (dict(by_domains.worse), list(by_domains.partly)) == ({}, [0])
    assert f"fits by its residues A 1-{CUT - 1}" in by_domains.partly[0]
    wrong = [Part("heavy:D2", parts[1].model)]
    assert list(likeness(request, result, 0.95, lambda _: wrong).worse) == [0], "the turned one alone speaks for nothing"
