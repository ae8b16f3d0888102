"""Whole fits in maps as people have them: the same place as in the map that they were made from."""

import bz2
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target

from .conftest import Example, Make
from .test_bytes import UNDETERMINED
from .test_turned import skew_words

AXIS = np.array([0.6, -0.48, 0.64])


@pytest.mark.slow
def test_the_model_is_found_where_it_belongs(example: Example, make: Make, repository: Path) -> None:
    folder = repository / "resources" / "example"
    model = read_model(folder / "1bd2_moved.pdb.gz").select_chains(["D", "E"])
    truth = read_model(folder / "1bd2.pdb.gz").select_chains(["D", "E"]).fit_coordinates
    turn, shift, first = Rotation.from_rotvec(np.radians(37) * AXIS).as_matrix(), np.array([20.0, -7, 3]), example.density.origin
    masked = np.where(np.pad(np.ones((90, 51, 80), bool), ((7, 7), (6, 6), (7, 7))), example.values, np.nan)
    made = {
        "unsigned": (make({4: 0} | UNDETERMINED, example.bytes_of(), name="u.mrc"), truth),
        "old": (make({53: 0, 54: 0, 5: -44, 6: -3, 7: -33, 50: 90.0, 51: 0.0, 52: 45.0}, name="o.mrc"), truth),
        "masked by NaN": (make(values=masked, name="n.mrc", order=">"), truth),
        "turned": (make(label="Chimera rotation: 0.6 -0.48 0.64 37", name="t.mrc"), (truth - first) @ turn.T + first),
        "skewed": (make(skew_words(turn, shift), name="s.mrc"), truth @ turn + shift),
        "packed": (make({8: 0, 24: 160}, name="p.map.gz"), truth),
    }
    packed = made["packed"][0]
    packed.write_bytes(bz2.compress(packed.read_bytes()))
    for kind, (path, place) in made.items():
        density = read_map(path)
        level = float(np.quantile(density.values[density.values != 0], 0.93))
        request = FitRequest(Target(density, 4.0, level), model, FitSettings.preset("fast"), seed=1, device="cpu")
        best = run_fit(request).placements[0]
        apart = np.sqrt(((best.pose.apply(model.fit_coordinates) - place) ** 2).sum(axis=1).mean())
        assert apart < 0.5, (kind, apart)
        assert density.notes, kind


@pytest.mark.parametrize("name", ["a.mrc", "a.map.xz"])
def test_a_sound_map_has_nothing_to_say(make: Make, name: str) -> None:
    assert read_map(make(name=name)).notes == ()
