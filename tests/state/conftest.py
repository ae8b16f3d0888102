"""Small open things, without a window."""

from pathlib import Path

import numpy as np
import pytest

from difffit_app.geometry.build import build_model_mesh
from difffit_app.state.items import MapStatistics, OpenMap, OpenModel
from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.io.models import read_model


@pytest.fixture(scope="session")
def open_model(repository: Path) -> OpenModel:
    model = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    return OpenModel("model-1", "1bd2", model, build_model_mesh(model))


@pytest.fixture(scope="session")
def open_map() -> OpenMap:
    z, y, x = np.mgrid[:20, :22, :24]
    values = np.exp(-(((x - 12) / 5.0) ** 2 + ((y - 11) / 4.0) ** 2 + ((z - 10) / 3.0) ** 2)).astype(np.float32)
    density = DensityMap(values, np.full(3, 2.0), np.array([-5.0, 0.0, 5.0]), name="blob")
    return OpenMap("map-1", "blob", density, MapStatistics.of(density.values), suggest_level(density))
