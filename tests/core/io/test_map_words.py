"""Resolutions that headers and file names say, and numbers there that are none."""

from pathlib import Path

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.io.map_words import resolution_told
from difffit_core.io.maps import read_map, write_map
from difffit_core.map_resolution import MapResolution
from difffit_core.recipes.of_map import resolution_beside


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("1bd2_4A.mrc.gz", 4), ("groel-11.5A.mrc.gz", 11.5), ("1wsu_simulated_7A.mrc", 7), ("run3_res4.2_sharp.mrc", 4.2),
        ("map_3p5A.map", 3.5),
        ("lowpass_8A.mrc", 8), ("vol (6.5 Å).mrc", 6.5), ("EMD_12Ang.ccp4", 12),
        ("390_emd_30342_A_z4.mrc", None), ("1tyq_10.mrc", None),
        ("2566_3J6B_9.mrc", None), ("emd_3.0A_or_4.0A.mrc", None), ("half_apix_4A.mrc", None), ("mask_10A.mrc", None),
        ("box_1.4A.mrc", None),
        ("emd_20026.map", None), ("7cec_A.mrc", None), ("vol_457.mrc", None), ("t_100A.mrc", None),
    ],
)  # fmt: skip
def test_names(name: str, value: float | None) -> None:
    found = resolution_told(Path("folder_5A") / name, (), 1.4)
    assert (found.value if found else None) == value
    assert found is None or name in found.source


def test_labels_come_first_and_are_kept(tmp_path: Path) -> None:
    told = resolution_told(Path("map_4A.mrc"), ("made by x", "RESOLUTION: 6.2 A"), 1.4)
    assert told == MapResolution(6.2, "its header")
    assert resolution_told(Path("map.mrc"), ("resolution 3.0", "resolution 4.0"), 1.0) is None
    values = np.random.default_rng(0).normal(size=(8, 8, 8)).astype(np.float32)
    made = DensityMap(values, np.ones(3), np.zeros(3), resolution=MapResolution(7.25, "its low-pass"))
    write_map(tmp_path / "some.mrc", made)
    assert read_map(tmp_path / "some.mrc").resolution == MapResolution(7.25, "its header")
    assert resolution_beside(tmp_path / "some.mrc").value == 7.25
    write_map(tmp_path / "none.mrc", DensityMap(values, np.ones(3), np.zeros(3)))
    assert read_map(tmp_path / "none.mrc").resolution is None
    with pytest.raises(UserError, match="nor its header or name"):
        resolution_beside(tmp_path / "none.mrc")
