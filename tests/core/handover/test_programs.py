"""What each program reads: in its grammar, naming files that are there, of the model and map that were handed over."""

import ast
import io
import json
import re
import shlex
import zipfile
from dataclasses import replace
from pathlib import Path

import gemmi
import numpy as np
import pytest
from scipy.spatial import cKDTree

from difffit_core.colours import chain_colour, copy_colour
from difffit_core.errors import UserError
from difffit_core.handover.programs import PROGRAMS
from difffit_core.handover.run import write_handover
from difffit_core.handover.subject import Subject
from difffit_core.io.maps import read_map
from tests.script_grammar import check_cxc, check_pml

PHIL = re.compile(r"\s*([a-z_]+ \{|\}|[a-z_]+ = [^={}]+)")
NODES = {
    "root": {"download", "canvas"}, "download": {"parse"}, "parse": {"structure", "volume"}, "structure": {"component"},
    "component": {"representation"}, "representation": {"color"}, "volume": {"volume_representation"},
    "volume_representation": {"color", "opacity"}, "canvas": set(), "color": set(), "opacity": set(),
}  # fmt: skip
"""MolViewSpec's kinds of nodes, and which may stand below which."""


@pytest.fixture(scope="module")
def handed(subject: Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed") / "over"
    write_handover(folder, subject)
    return folder


def test_everything_is_there_and_read_as_it_was(handed: Path, subject: Subject) -> None:
    document = json.loads((handed / "handover.json").read_text())
    there = {path.name for path in handed.iterdir()} - {"difffit-manifest.json"}
    assert set(document["files"]) == there
    assert all(re.search(rf"{re.escape(one.title)}: ", (handed / "README.txt").read_text()) for one in PROGRAMS.values())
    assert "it was bent" in document["notes"]
    for name, structure in (("model.cif", subject.structure), ("model.pdb", subject.structure), ("reference.cif", subject.reference)):
        read = gemmi.read_structure(str(handed / name))
        assert {chain.name for chain in read[0]} == {"D", "A"}, "the chain without a name has one now"
        ours, theirs = (np.array([one.atom.pos.tolist() for one in each[0].all()]) for each in (structure, read))
        assert len(ours) == len(theirs)
        assert cKDTree(ours).query(theirs)[0].max() < 2e-3
    assert any("'' is A" in note for note in document["notes"])
    density = read_map(handed / "map.mrc")
    ccp4 = gemmi.read_ccp4_map(str(handed / "map.mrc"))
    start = [ccp4.header_i32(word) for word in (5, 6, 7)]
    np.testing.assert_allclose(start * density.voxel_size, density.origin, atol=1e-3)


def test_scripts_of_chimerax_and_pymol_are_in_their_grammars(handed: Path) -> None:
    shown = check_cxc((handed / "chimerax.cxc").read_text())
    assert shown.count("open") == 2
    refining = check_cxc((handed / "isolde.cxc").read_text())
    assert refining.count("isolde restrain distances") == refining.count("isolde restrain torsions") == 2
    assert refining.index("isolde start") < refining.index("clipper associate") < refining.index("isolde restrain distances")
    assert "templateAtoms #3/A" in (handed / "isolde.cxc").read_text()
    assert check_pml((handed / "pymol.pml").read_text()).count("load") == 3
    for name in ("chimerax.cxc", "isolde.cxc", "pymol.pml"):
        for file in re.findall(r"[\"']([\w.]+\.(?:cif|mrc))[\"']", (handed / name).read_text()):
            assert (handed / file).is_file()


@pytest.mark.parametrize("wrong", ["open model.cif", "volume #1 levels 3", "color #1/A red", "fly #1", "open a id #1\nhide #2 models"])
def test_the_grammar_refuses_what_chimerax_would(wrong: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check_cxc(wrong)


@pytest.mark.parametrize("wrong", ["/cmd.load('a', 'model')\nzoom model", "zoom a", "paint a", "/cmd.load('a', 'b')\ncolor red and, b"])
def test_the_grammar_refuses_what_pymol_would(wrong: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check_pml(wrong)


def test_coot_and_phenix_are_given_the_map_for_refinement_and_the_reference(handed: Path) -> None:
    called = [node.func.attr for node in ast.walk(ast.parse((handed / "coot.py").read_text())) if isinstance(node, ast.Call)]
    assert called[:2] == ["handle_read_draw_molecule", "handle_read_ccp4_map"]
    assert {"set_imol_refinement_map", "generate_self_restraints", "set_contour_level_absolute"} < set(called)
    lines = [line for line in (handed / "phenix.eff").read_text().splitlines() if not line.startswith("#")]
    assert all(PHIL.fullmatch(line) for line in lines)
    assert "".join(lines).count("{") == "".join(lines).count("}")
    assert '  file = "reference.cif"' in lines
    assert "resolution = 6" in lines


def test_servalcat_is_given_the_distances_that_bending_kept(handed: Path, subject: Subject) -> None:
    words = shlex.split((handed / "servalcat.sh").read_text().splitlines()[-1])
    assert words[:2] == ["servalcat", "refine_spa_norefmac"]
    assert words[words.index("--map") + 1] == "map.mrc"
    lines = (handed / "servalcat_reference.txt").read_text().splitlines()[2:]
    atom = r"CHAIN \w RESI -?\d+ INS \S ATOM \S+"
    form = rf"EXTERNAL DISTANCE FIRST {atom} SECOND {atom} VALUE [\d.]+ SIGMA 0.1 TYPE 1"
    assert len(lines) > 500
    assert all(re.fullmatch(form, line) for line in lines)
    sides = [[int(number) >= 118 for number in re.findall(r"RESI (-?\d+)", line)] for line in lines if line.count("CHAIN A") == 2]
    across = sum(first != second for first, second in sides)
    assert across < 0.05 * len(sides), "distances across the hinge changed, and are not held"


def test_half_maps_go_to_servalcat_whole(subject: Subject, tmp_path: Path) -> None:
    halves = (tmp_path / "half 1.mrc", tmp_path / "half_2.mrc")
    write_handover(tmp_path / "out", replace(subject, half_maps=halves, reference=None), ["servalcat"])
    words = shlex.split((tmp_path / "out" / "servalcat.sh").read_text().splitlines()[-1])
    at = words.index("--halfmaps")
    assert words[at + 1 : at + 3] == [str(one) for one in halves]
    assert "--jellybody" in words
    assert not (tmp_path / "out" / "pymol.pml").exists()


def test_molstar_finds_all_in_one_file(handed: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((handed / "view.mvsx").read_bytes())) as archive:
        assert archive.testzip() is None
        tree = json.loads(archive.read("index.mvsj"))
        assert archive.read("map.mrc") == (handed / "map.mrc").read_bytes()
        names = archive.namelist()
    urls: list[str] = []

    def walk(node: dict) -> None:
        urls.extend([node["params"]["url"]] if node["kind"] == "download" else [])
        for child in node.get("children", []):
            assert child["kind"] in NODES[node["kind"]]
            walk(child)

    walk(tree["root"])
    assert set(urls) < set(names)
    assert tree["metadata"]["version"]


def test_cryoboltz_has_the_sequences_under_the_models_chains(handed: Path, subject: Subject) -> None:
    records = (handed / "cryoboltz.fasta").read_text().split(">")[1:]
    heads = [record.splitlines()[0] for record in records]
    assert heads == ["D|protein", "A|protein"]
    for record, name in zip(records, ("D", ""), strict=True):
        letters = "".join(record.splitlines()[1:])
        seen = gemmi.one_letter_code([residue.name for residue in subject.structure[0][name].get_polymer()])
        assert len(letters) >= len(seen)
        assert set(letters) <= set("ACDEFGHIKLMNPQRSTVWYX")
    script = (handed / "cryoboltz.sh").read_text()
    assert "--aligned_model model.cif" in script
    assert "--res 6 " in script


def test_a_program_that_is_none_is_refused(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="one of chimerax, isolde"):
        write_handover(tmp_path / "out", subject, ["o"])
    assert not (tmp_path / "out").exists()


def test_colours_are_those_of_the_window(subject: Subject, tmp_path: Path) -> None:
    """Of chains; in a composite of the copies, whose chains have one colour."""
    names = [chain.name for chain in subject.structure[0]]
    write_handover(tmp_path / "plain", subject, ["chimerax"])
    script = (tmp_path / "plain" / "chimerax.cxc").read_text()
    assert [f"/D {chain_colour(names.index('D'))}" in script, chain_colour(1) in script] == [True, True]
    write_handover(tmp_path / "copies", replace(subject, copies={"D": 4, "": 4}), ["chimerax"])
    script = (tmp_path / "copies" / "chimerax.cxc").read_text()
    assert f"/D {copy_colour(4)}" in script
    assert chain_colour(names.index("D")) not in script
