"""What a request refuses, and in which words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest


def changed(problem: Any, **changes: Any) -> FitRequest:
    """The request with other fields, or another resolution or level of its map."""
    request = problem.request()
    read = {name: changes.pop(name) for name in ("density_map", "resolution", "level") if name in changes}
    return replace(request, target=replace(request.target, **read), **changes)


def refused(problem: Any, **changes: Any) -> str:
    with pytest.raises(UserError) as caught:
        changed(problem, **changes)
    return str(caught.value)


@pytest.mark.parametrize(("resolution", "got"), [(0.0, "0"), (0.49, "0.49"), (100.1, "100.1"), (-4.0, "-4"), (float("nan"), "nan")])
def test_resolution(problem: Any, resolution: float, got: str) -> None:
    assert refused(problem, resolution=resolution) == f"resolution must lie between 0.5 and 100 Å, got {got}"


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seed(problem: Any, seed: int) -> None:
    assert refused(problem, seed=seed) == f"seed must be a whole number from 0 to 2^63 - 1, got {seed}"


def test_threads(problem: Any) -> None:
    assert refused(problem, threads=0) == "threads must lie between 1 and 100000, got 0"


@pytest.mark.parametrize(("level", "got"), [(3.5, "3.5"), (float("inf"), "inf"), (-float("inf"), "-inf"), (float("nan"), "nan")])
def test_level(problem: Any, level: float, got: str) -> None:
    highest = problem.density_map.values.max()
    assert refused(problem, level=level) == f"map: level must lie below the map's maximum of {highest:.4g}, got {got}"


def test_the_maximum_itself_is_no_level(problem: Any) -> None:
    density_map = replace(problem.density_map, path=Path("/data/box.mrc"))
    assert refused(problem, density_map=density_map, level=float(density_map.values.max())).startswith(
        "/data/box.mrc: level must lie below"
    )


def test_a_model_without_atoms_to_fit(problem: Any) -> None:
    model = replace(problem.model, in_fit=np.zeros(len(problem.model), bool), path=None, name="ice")
    assert refused(problem, model=model) == "ice: no atoms to fit (hydrogens and waters do not count)"


def test_what_is_allowed_is_taken(problem: Any) -> None:
    for changes in ({"resolution": 0.5}, {"resolution": 100.0}, {"seed": 2**63 - 1}, {"level": -5.0}, {"threads": 1}):
        assert isinstance(changed(problem, **changes), FitRequest)
