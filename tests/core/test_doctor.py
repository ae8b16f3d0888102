"""Every trouble the input doctor knows is found, and a sound input is called sound."""

from pathlib import Path

import gemmi
import mrcfile
import numpy as np
import pytest
from scipy import ndimage

from difffit_core.doctor import Finding, examine
from difffit_core.errors import UserError


def blob() -> np.ndarray:
    values = np.zeros((24, 24, 24), np.float32)
    values[8:16, 8:16, 8:16] = 1
    noise = np.random.default_rng(0).normal(scale=0.02, size=values.shape)
    return (ndimage.gaussian_filter(values, 1.2) + noise).astype(np.float32)


def save_map(path: Path, values: np.ndarray, **header: object) -> Path:
    with mrcfile.new(path, overwrite=True) as file:
        file.set_data(values)
        file.voxel_size = 2.0
        file.header.origin = (10, 20, 30)
        for key, value in header.items():
            file.header[key] = value
    return path


def save_model(path: Path, shift: float = 0, stretch: float = 1, count: int = 60) -> Path:
    structure, model, chain = gemmi.Structure(), gemmi.Model(1), gemmi.Chain("A")
    rng = np.random.default_rng(1)
    for i, point in enumerate(rng.uniform(-6, 6, (count, 3)) * stretch + (34, 44, 54) + np.array([shift, 0, 0])):
        residue, atom = gemmi.Residue(), gemmi.Atom()
        residue.name, residue.seqid = "ALA", gemmi.SeqId(i + 1, " ")
        atom.name, atom.element, atom.pos = "CA", gemmi.Element("C"), gemmi.Position(*point)
        residue.add_atom(atom)
        chain.add_residue(residue)
    model.add_chain(chain)
    structure.add_model(model)
    structure.write_pdb(str(path))
    return path


def severity(findings: list[Finding], topic: str, words: str = "") -> str:
    found = [f.severity for f in findings if f.topic == topic and words in f.sentence]
    assert len(found) == 1, f"{topic}: {[f for f in findings if f.topic == topic]}"
    return found[0]


def test_sound_input(tmp_path: Path) -> None:
    findings = examine(save_map(tmp_path / "a.mrc", blob()), save_model(tmp_path / "m.pdb"), resolution=6, level=0.4)
    assert {f.severity for f in findings} == {"ok", "note"}
    for topic in (
        "machine stamp",
        "axis order",
        "cell",
        "origin",
        "sampling",
        "finite values",
        "sign",
        "mask edge",
        "box edge",
        "size",
        "position",
    ):
        assert severity(findings, topic) == "ok"


HEADERS = [
    ({"machst": (0, 0, 0, 0)}, "machine stamp", "warning"),
    ({"mapc": 3, "maps": 1}, "axis order", "warning"),
    ({"mapc": 0, "mapr": 0, "maps": 0}, "axis order", "warning"),
    ({"mx": 23}, "cell", "warning"),
    ({"mx": 80}, "cell", "note"),
    ({"mx": 0}, "cell", "warning"),
    ({"cella": (0, 0, 0)}, "cell", "warning"),
    ({"cella": (48, 48, 60)}, "voxel size", "warning"),
    ({"cellb": (90, 90, 120)}, "cell angles", "note"),
    ({"nxstart": 50}, "origin", "warning"),
    ({"origin": (0, 0, 0)}, "origin", "note"),
    ({"origin": (0, 0, 0), "nxstart": 5}, "origin", "note"),
    ({"origin": (np.nan, 0, 0)}, "origin", "warning"),
    ({"mode": 4}, "map file", "error"),
    ({"nz": 400}, "map file", "error"),
]


@pytest.mark.parametrize(("header", "topic", "expected"), HEADERS)
def test_header_troubles(tmp_path: Path, header: dict[str, object], topic: str, expected: str) -> None:
    assert severity(examine(save_map(tmp_path / "a.mrc", blob(), **header)), topic) == expected


@pytest.mark.parametrize(("resolution", "expected"), [(4.0, "ok"), (3.9, "warning"), (2.1, "warning"), (1.9, "error")])
def test_voxels_against_resolution(tmp_path: Path, resolution: float, expected: str) -> None:
    assert severity(examine(save_map(tmp_path / "a.mrc", blob()), resolution=resolution), "sampling") == expected


def test_value_troubles(tmp_path: Path) -> None:
    def found(values: np.ndarray, topic: str, **kwargs: float) -> str:
        return severity(examine(save_map(tmp_path / "a.mrc", values.astype(np.float32)), **kwargs), topic)

    with_nan = blob()
    with_nan[0, 0, :5] = np.nan
    assert "5 of 13824 voxels" in next(f.sentence for f in examine(_quietly(tmp_path, with_nan)) if f.topic == "finite values")
    assert found(np.full((9, 9, 9), 2.0), "density") == "error"
    assert found(-np.abs(blob()) - 1, "sign") == "error"
    assert found(np.maximum(blob(), 0), "sign") == "note"
    assert found(-blob(), "contrast") == "warning"
    assert found(np.where(blob() > 0.3, blob(), 0), "mask edge") == "warning"
    assert found(blob()[10:], "box edge") == "warning"


def _quietly(tmp_path: Path, values: np.ndarray) -> Path:
    path = save_map(tmp_path / "nan.mrc", np.nan_to_num(values))
    content = path.read_bytes()
    path.write_bytes(content[:1024] + values.astype("<f4").tobytes())
    return path


@pytest.mark.parametrize(("level", "expected"), [(0.4, "ok"), (-0.01, "warning"), (5, "error"), (-5, "error")])
def test_given_level(tmp_path: Path, level: float, expected: str) -> None:
    findings = examine(save_map(tmp_path / "a.mrc", blob()), level=level)
    judged = [f for f in findings if f.topic == "contour level" and not f.sentence.startswith(("Suggested", "For comparison"))]
    assert [f.severity for f in judged] == [expected]


def test_model_troubles(tmp_path: Path) -> None:
    density = save_map(tmp_path / "a.mrc", blob())
    assert severity(examine(density, save_model(tmp_path / "far.pdb", shift=300)), "position") == "warning"
    assert severity(examine(density, save_model(tmp_path / "half.pdb", shift=20)), "position") == "note"
    assert severity(examine(density, save_model(tmp_path / "long.pdb", stretch=12)), "size", "does not fit in the box") == "error"
    assert severity(examine(density, save_model(tmp_path / "wide.pdb", stretch=3)), "size", "a part will have none") == "warning"
    assert (
        severity(examine(density, save_model(tmp_path / "heavy.pdb", count=6000), level=0.4), "size", "larger than the density")
        == "warning"
    )
    assert severity(examine(density, save_model(tmp_path / "huge.pdb", count=9000)), "size", "whole box") == "error"


def test_bad_files_are_findings_and_absent_ones_errors(tmp_path: Path) -> None:
    density = save_map(tmp_path / "a.mrc", blob())
    (tmp_path / "empty.mrc").write_bytes(b"")
    (tmp_path / "words.pdb").write_text("nothing")
    assert severity(examine(tmp_path / "empty.mrc"), "map file", "empty") == "error"
    assert severity(examine(density, tmp_path / "words.pdb"), "model file") == "error"
    with pytest.raises(UserError, match="no such file"):
        examine(density, tmp_path / "absent.pdb")
    with pytest.raises(UserError, match="resolution must lie between"):
        examine(density, resolution=0)


@pytest.mark.slow
def test_real_pairs(shared_data: Path) -> None:
    groel = examine(shared_data / "groel/groel-11.5A.mrc.gz", shared_data / "groel/1oel_fit_top.pdb", 11.5, 1.02)
    assert [f.topic for f in groel if f.severity == "warning"] == ["cell"]
    secretase = examine(shared_data / "secretase_5fn5/5fn5_box.ccp4", shared_data / "secretase_5fn5/5fn5_box_complete.pdb", 4.3, 0.024)
    assert [f.topic for f in secretase if f.severity == "warning"] == ["axis order"]
    assert not [f for f in groel + secretase if f.severity == "error"]
