"""`difffit assemble`: two proteins in a small map, among strangers and a look-alike; killed and resumed."""

import json
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.contour import mass
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.io.maps import write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.pose import Pose

RESOLUTION, VOXEL = 6.0, 2.0
QUICK = ("--preset", "fast", "--set", "starts=1500", "--jobs", "1")


@dataclass(frozen=True)
class Made:
    map: Path
    folder: Path
    truth: dict[str, Pose]
    models: dict[str, AtomicModel]

    def arguments(self, out: Path, *more: str) -> list[str]:
        given = ["assemble", str(self.map), str(self.folder), "--resolution", str(RESOLUTION), "--level", "0.25", "--out", str(out)]
        return [*given, *QUICK, *more]


def shifted(model: AtomicModel, seed: int, folder: Path, name: str) -> tuple[AtomicModel, Pose]:
    """The model written from a place of its own, and the pose that takes it back to where it was."""
    rng = np.random.default_rng(seed)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))
    away = Pose(rotation, rng.normal(0, 60, 3))
    write_model(folder / name, model, away)
    return read_model(folder / name), Pose(rotation.T, -rotation.T @ away.translation)


@pytest.fixture(scope="module")
def made(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Chains A and B of 1BD2 at 6 Å with noise; in the folder both, two copies of A's prediction of sorts, and two strangers."""
    base = tmp_path_factory.mktemp("assemble")
    folder = base / "models"
    folder.mkdir()
    whole = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    parts = [whole.select_chains([name]) for name in "AB"]
    points = np.concatenate([part.fit_coordinates for part in parts])
    weights = np.concatenate([part.fit_atomic_numbers for part in parts]).astype(float)
    origin = points.min(axis=0) - 12
    shape = tuple(int(n) for n in np.ceil((np.ptp(points, axis=0) + 24) / VOXEL).astype(int)[::-1])
    simulated = simulate_on_grid(points, weights, RESOLUTION, np.full(3, VOXEL), origin, shape)
    values = np.zeros(shape, np.float32)
    simulated.add_to(values, 1 / float(simulated.values.max()))
    values += np.random.default_rng(2).normal(0, 0.03, shape).astype(np.float32)
    write_map(base / "two.mrc", DensityMap(values, np.full(3, VOXEL), origin))
    truth, models = {}, {}
    for seed, (name, part) in enumerate(zip(("heavy.cif", "light.cif"), parts, strict=True)):
        models[name], truth[name] = shifted(part, seed, folder, name)
    again = parts[0]
    models["again.cif"], truth["again.cif"] = shifted(again, 7, folder, "again.cif")
    structure = gemmi.read_structure(str(folder / "again.cif"))
    rng = np.random.default_rng(3)
    for atom in structure[0].all():
        atom.atom.pos = gemmi.Position(*(np.array(atom.atom.pos.tolist()) + rng.normal(0, 0.9, 3)))
    structure.make_mmcif_document().write_file(str(folder / "again.cif"))
    for seed, name in ((11, "D"), (12, "E")):
        shifted(whole.select_chains([name]), seed, folder, f"stranger {name}.cif")
    return Made(base / "two.mrc", folder, truth, models)


@pytest.fixture(scope="module")
def assembled(
    made: Made, difffit_process: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("assembled") / "out"
    ended = difffit_process(*made.arguments(folder))
    assert (ended.status, ended.err) == (0, ""), ended.err
    return folder, json.loads((folder / "composite.json").read_text(encoding="utf-8")), ended.out


@pytest.mark.slow
def test_what_belongs_is_in_place_and_nothing_else_is(made: Made, assembled: Any) -> None:
    _, document, printed = assembled
    placed = {Path(one["model"]).name: one for one in document["placements"]}
    assert sorted(placed) == ["heavy.cif", "light.cif"]
    for name, one in placed.items():
        points = made.models[name].fit_coordinates
        found = points @ np.array(one["rotation"]).T + one["translation"]
        assert np.sqrt(((found - made.truth[name].apply(points)) ** 2).sum(axis=1).mean()) < 1.0
    assert "stranger" not in printed
    assert document["explained"] > 0.9


@pytest.mark.slow
def test_a_worse_model_of_one_protein_is_an_alternative_of_its_place(assembled: Any) -> None:
    _, document, _ = assembled
    heavy = next(i for i, one in enumerate(document["placements"], start=1) if one["model"].endswith("heavy.cif"))
    there = {one["place"]: [Path(other["model"]).name for other in one["models"]] for one in document["alternatives"]}
    assert "again.cif" in there[heavy]
    assert document["screens"][0]["tried"] == 5


def test_a_folder_in_use_is_left_alone(made: Made, assembled: Any, difffit: Any) -> None:
    folder, _, _ = assembled
    ended = difffit(*made.arguments(folder))
    assert ended.status == 2
    assert "there is a screen already" in ended.lines[0]


@pytest.mark.slow
def test_killed_and_resumed_it_is_the_same_to_the_last_bit(
    made: Made, assembled: Any, difffit_process: Any, start_difffit: Any, wait_for: Any, tmp_path: Path
) -> None:
    process = start_difffit(*made.arguments(tmp_path / "out"))

    def some_are_done() -> bool:
        try:
            with sqlite3.connect(f"file:{tmp_path / 'out' / 'screen.sqlite'}?mode=ro", uri=True) as store:
                return bool(store.execute("SELECT count(*) FROM models WHERE status = 'done'").fetchone()[0])
        except sqlite3.Error:
            return False

    wait_for(some_are_done)
    process.send_signal(signal.SIGKILL)
    process.wait()
    ended = difffit_process(*made.arguments(tmp_path / "out", "--resume"))
    assert ended.status == 0, ended.err
    again = json.loads((tmp_path / "out" / "composite.json").read_text(encoding="utf-8"))
    for name in ("placements", "alternatives", "resembling", "score", "p_value"):
        assert again[name] == assembled[1][name]


@pytest.mark.slow
def test_what_is_known_before_is_kept_used_and_told(made: Made, difffit: Any, tmp_path: Path) -> None:
    """The heavy chain stands already, one light one is asked for by name, and bent; of two cross-links one can hold."""
    write_model(tmp_path / "stands.cif", made.models["heavy.cif"], made.truth["heavy.cif"])
    heavy, light = (made.models[name] for name in ("heavy.cif", "light.cif"))
    ends = [model.coordinates[model.atom_names == "CA"][0] for model in (heavy, light)]
    numbers = [int(model.residue_numbers[model.atom_names == "CA"][0]) for model in (heavy, light)]
    apart = float(np.linalg.norm(made.truth["heavy.cif"].apply(ends[0]) - made.truth["light.cif"].apply(ends[1])))
    lines = [f"stands,{numbers[0]},light,{numbers[1]},{length:.1f}" for length in (apart + 3, apart - 3)]
    (tmp_path / "links.csv").write_text("model1,residue1,model2,residue2,length\n" + lines[0] + "\n", encoding="utf-8")
    with open(tmp_path / "links.csv", "a", encoding="utf-8") as stream:
        stream.write(lines[1].replace("stands,", "stands:A,"))
    known = ("--fixed", str(tmp_path / "stands.cif"), "--stoichiometry", "light:1", "--cross-links", str(tmp_path / "links.csv"))
    ended = difffit(*made.arguments(tmp_path / "out", *known, "--bend"))
    assert ended.status == 0, ended.err
    document = json.loads((tmp_path / "out" / "composite.json").read_text(encoding="utf-8"))
    stands, found = sorted(document["placements"], key=lambda one: Path(one["model"]).name, reverse=True)
    assert (Path(stands["model"]).name, stands["source"]) == ("stands.cif", "stands there already")
    assert np.array_equal(stands["rotation"], np.eye(3))
    assert not any(stands["translation"])
    points = light.fit_coordinates
    there = points @ np.array(found["rotation"]).T + found["translation"]
    assert np.sqrt(((there - made.truth["light.cif"].apply(points)) ** 2).sum(axis=1).mean()) < 1.0
    assert [one["satisfied"] for one in document["cross_links"]] == [True, False]
    assert document["known"]["stoichiometry"] == "light:1"
    assert document["screens"][0]["tried"] == 1
    assert "1 of 2 cross-links are satisfied" in ended.out
    assert "--fixed" in document["settings"]["command"]
    assert "bent" not in stands
    assert found["bent"]["local_correlation"]["after"] > 0.5
    assert found["bent"]["rmsd_moved"] < 1.5
    bent = read_model(tmp_path / "out" / "bent.cif")
    own = bent.select_chains([stands["chain"]]).coordinates
    np.testing.assert_allclose(own, read_model(tmp_path / "stands.cif").coordinates, atol=2e-3)
    moved = bent.select_chains([found["chain"]]).fit_coordinates
    assert np.sqrt(((moved - made.truth["light.cif"].apply(points)) ** 2).sum(axis=1).mean()) < 1.5
    assert "bent: light 1 by" in ended.out
    assert "<h2>Bent</h2>" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_place_of_a_chain_that_is_not_in_the_folder_stays_empty_and_is_described(made: Made, difffit: Any, tmp_path: Path) -> None:
    """Without the light chain its density is told by volume, mass and place, and no stranger stands in it."""
    only = tmp_path / "models.txt"
    files = sorted([made.folder / "heavy.cif", *made.folder.glob("stranger*")])
    only.write_text("\n".join(map(str, files)), encoding="utf-8")
    arguments = made.arguments(tmp_path / "out", "--searches", "1")
    arguments[2] = str(only)
    ended = difffit(*arguments)
    assert ended.status == 0, ended.err
    document = json.loads((tmp_path / "out" / "composite.json").read_text(encoding="utf-8"))
    assert [Path(one["model"]).name for one in document["placements"]] == ["heavy.cif"]
    light = made.models["light.cif"]
    piece = document["residual"]["pieces"][0]
    where = made.truth["light.cif"].apply(light.fit_coordinates).mean(axis=0)
    assert np.linalg.norm(np.array(piece["centre"]) - where) < 6
    assert piece["measured"]
    assert piece["dalton"] == pytest.approx(mass(light), rel=0.3)
    assert piece["volume"] == pytest.approx(document["residual"]["volume"], rel=0.3)
    assert f"{piece['volume']:.0f} Å³ ({piece['dalton'] / 1000:.1f} kDa by the density of what is placed)" in " ".join(ended.out.split())


def test_nothing_that_belongs_is_said_with_what_there_is_in_the_map(made: Made, difffit: Any, tmp_path: Path) -> None:
    only = tmp_path / "strangers.txt"
    only.write_text("\n".join(str(path) for path in sorted(made.folder.glob("stranger*"))), encoding="utf-8")
    arguments = made.arguments(tmp_path / "out", "--promising", "0")
    arguments[2] = str(only)
    ended = difffit(*arguments)
    assert (ended.status, ended.err) == (0, "")
    printed = " ".join(ended.out.split())
    assert "none of 2 models stands out in the map, so that nothing was placed" in printed
    assert "the largest piece left: " in printed
    assert "kDa of protein) at" in printed
    document = json.loads((tmp_path / "out" / "composite.json").read_text(encoding="utf-8"))
    assert (document["placements"], document["explained"]) == ([], 0)
    assert document["residual"]["pieces"][0]["volume"] > 1000
    assert [one["tried"] for one in document["screens"]] == [2]
    assert "What is left" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("is_there", [False, True])
def test_where_no_screen_can_be_begun_nothing_is_left(
    difffit: Any, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise UserError("screen.sqlite: a screen cannot be kept there (database or disk is full)")

    monkeypatch.setattr("difffit_core.assemble.run.run_assemble", full)
    out = tmp_path / "new" / "out"
    if is_there:
        out.mkdir(parents=True)
    ended = difffit(*made.arguments(out))
    assert (ended.status, ended.err.count("full")) == (2, 1)
    assert sorted(tmp_path.rglob("*")) == ([tmp_path / "new", out] if is_there else [])


def test_bad_input_is_one_sentence(made: Made, difffit: Any, tmp_path: Path) -> None:
    ended = difffit(*made.arguments(tmp_path / "out", "--symmetry", "Q9"))
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert "Q9" in ended.err
    for known, says in (
        (("--stoichiometry", "2A"), "stoichiometry must be auto"),
        (("--stoichiometry", "nobody:2"), "got nobody"),
        (("--fixed", str(tmp_path / "none.cif")), "none.cif"),
        (("--fixed", str(made.folder / "heavy.cif")), "fixed chains must stand in the map's density"),
        (("--cross-links", str(made.map)), "must be a table of cross-links"),
    ):
        ended = difffit(*made.arguments(tmp_path / "out", *known))
        assert (ended.status, len(ended.lines)) == (2, 1), ended.err
        assert says in ended.err
        assert not (tmp_path / "out").exists()
    ended = difffit(*made.arguments(tmp_path / "out", "--resume", "--overwrite"))
    assert (ended.status, len(ended.lines)) == (2, 1)
    ended = difffit("assemble", made.map, made.map, "--resolution", "6", "--level", "0.3", "--out", tmp_path / "out")
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert "an assembly is of models, got a map" in ended.err
