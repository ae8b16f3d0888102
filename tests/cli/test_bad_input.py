"""Bad input ends with status 2, one sentence that names file or parameter, what is allowed and what came, and no folder."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mrcfile
import numpy as np
import pytest

MANY = "9" * 5000
"""More digits than Python takes for a number."""
Maker = Callable[[Path, Any], Path]


def read(files: Any) -> bytes:
    return gzip.decompress(files.map.read_bytes())


def with_values(folder: Path, files: Any, change: Callable[[np.ndarray], np.ndarray]) -> Path:
    path = folder / "bad.mrc"
    path.write_bytes(read(files))
    with mrcfile.mmap(path, mode="r+") as stream:
        stream.data[:] = change(np.array(stream.data))
    return path


def some_nan(values: np.ndarray) -> np.ndarray:
    values[np.random.default_rng(0).random(values.shape) < 0.02] = np.nan
    return values


def written(name: str, content: bytes | str) -> Maker:
    def make(folder: Path, files: Any) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


MAPS: dict[str, tuple[Maker, str]] = {
    "truncated": (lambda folder, files: written("bad.mrc", read(files)[:-1000])(folder, files), r"bad\.mrc: .*bytes"),
    "truncated in its header": (lambda folder, files: written("bad.mrc", read(files)[:500])(folder, files), r"bad\.mrc: .*1024"),
    "truncated gzip": (lambda folder, files: written("bad.mrc.gz", files.map.read_bytes()[:-2000])(folder, files), r"bad\.mrc\.gz: "),
    "empty": (written("bad.mrc", b""), r"bad\.mrc: the file is empty"),
    "text": (written("bad.mrc", "Dear sir,\n" * 300), r"bad\.mrc: "),
    "text, gzipped": (written("bad.map.gz", gzip.compress(b"Dear sir,\n" * 300)), r"bad\.map\.gz: "),
    "no gzip": (written("bad.map.gz", b"\x1f\x8bDear sir"), r"bad\.map\.gz: "),
    "many NaN": (lambda folder, files: with_values(folder, files, some_nan), r"bad\.mrc: .*(NaN|finite)"),
    "constant": (lambda folder, files: with_values(folder, files, lambda values: np.full_like(values, 7.0)), r"bad\.mrc: .*7"),
    "missing": (lambda folder, files: folder / "nowhere.mrc", r"nowhere\.mrc: no such file"),
    "a folder": (lambda folder, files: folder, ": must be a file, got a folder"),
    "another suffix": (written("bad.tif", b"II*\0"), r"bad\.tif: .*must end in .*\.mrc.*got 'bad\.tif'"),
    "a model": (lambda folder, files: files.model, r"moved\]\.cif: .*must end in .*\.mrc.*got 'β₂ \[moved\]\.cif'"),
}
MODELS: dict[str, tuple[Maker, str]] = {
    "no atoms": (written("bad.pdb", "HEADER    NOTHING\nEND\n"), r"bad\.pdb: .*atoms"),
    "only waters": (
        written("bad.pdb", "HETATM    1  O   HOH A   1       1.000   2.000   3.000  1.00 20.00           O\nEND\n"),
        r"bad\.pdb: .*atoms that can be seen in a map, got only hydrogens, waters",
    ),
    "text": (written("bad.cif", "Dear sir,\n"), r"bad\.cif: "),
    "empty": (written("bad.pdb", b""), r"bad\.pdb: the file is empty"),
    "bytes": (written("bad.pdb", bytes(range(256)) * 40), r"bad\.pdb: "),
    "missing": (lambda folder, files: folder / "nowhere.pdb", r"nowhere\.pdb: no such file"),
    "a folder": (lambda folder, files: folder, ": must be a file, got a folder"),
    "a map": (lambda folder, files: files.map, r"8 Å\.map\.gz: .*must end in .*\.pdb"),
}
PARAMETERS: list[tuple[list[str], str]] = [
    (["--level", "12"], r"8 Å\.map\.gz: level must lie below the map's maximum of 1, got 12$"),
    (["--level", "nan"], r"level must lie below the map's maximum of 1, got nan$"),
    (["--level", "high"], r"level must be a number in the map's units or auto, got high$"),
    (["--chain", "Q"], r"β₂ \[moved\]\.cif: chain must be one of B, C, got Q$"),
    (["--chain", "B,Q,R"], r"chain must be one of B, C, got Q, R$"),
    (["--preset", "thorough"], r"preset must be one of fast, balanced, exhaustive, paper, got thorough$"),
    (["--set", "starst=5"], r"starst is not a setting; there are fields, starts"),
    (["--set", "starts=0"], r"starts: input should be greater than or equal to 1, got 0$"),
    (["--set", "starts"], r"--set takes NAME=VALUE, got starts$"),
    (["--set", "decay=NaN"], r"decay: .* got nan$"),
    (["--set", "smoothing_weights=1,2"], r"smoothing_weights must hold 4 weights, .* got 2$"),
    (["--set", "smallest_island=1e8"], r"8 Å\.map\.gz: no density is left above level 0.3 once islands below 1e\+08 Å³ are removed$"),
    (["--seed", "-1"], r"seed must be a whole number from 0 to .*, got -1$"),
    (["--seed", "one"], r"--seed must be a whole number, got one$"),
    (["--resolution", "0"], r"resolution must lie between 0\.5 and 100 Å, got 0$"),
    (["--resolution", "nan"], r"resolution must lie between 0\.5 and 100 Å, got nan$"),
    (["--resolution", "fine"], r"--resolution must be a number, got fine$"),
    (["--threads", "0"], r"threads must lie between 1 and 100000, got 0$"),
    (["--save", "-1"], r"'--save': .*greater than or equal to 0, got -1$"),
    (["--device", "abacus"], r"device must be one of auto, cpu, cuda, mps, got abacus$"),
    (["--device", "cuda:77"], r"device cuda:77 is not available on this machine; cpu always is"),
    (["--colour", "red"], r"--colour"),
]


@pytest.fixture
def refused(difffit: Any, files: Any, tmp_path: Path) -> Callable[..., None]:
    """Run a fit that must be refused, check how, and that it leaves nothing behind."""

    def run(sentence: str, *arguments: object) -> None:
        out = tmp_path / "not yet" / "out"
        ended = difffit("fit", *arguments, "--out", out)
        assert ended.status == 2
        assert ended.out == ""
        assert len(ended.lines) == 1, ended.err
        assert ended.err.startswith("difffit: ")
        assert "Traceback" not in ended.err
        assert re.search(sentence, ended.lines[0]), ended.err
        assert not out.parent.exists()

    return run


@pytest.mark.parametrize("what", MAPS)
def test_maps(what: str, refused: Any, files: Any, tmp_path: Path) -> None:
    make, sentence = MAPS[what]
    for level in ("0.3", "auto"):
        refused(sentence, make(tmp_path, files), files.model, "--resolution", 8, "--level", level)


@pytest.mark.parametrize("what", MODELS)
def test_models(what: str, refused: Any, files: Any, tmp_path: Path) -> None:
    make, sentence = MODELS[what]
    refused(sentence, files.map, make(tmp_path, files), "--resolution", 8, "--level", 0.3)


@pytest.mark.parametrize(("arguments", "sentence"), PARAMETERS, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_parameters(arguments: list[str], sentence: str, refused: Any, files: Any) -> None:
    given = {"--resolution": "8", "--level": "0.3"} | dict([arguments[:2]])
    refused(sentence, files.map, files.model, *[word for pair in given.items() for word in pair])


def test_backbone_of_a_model_without(refused: Any, files: Any, tmp_path: Path) -> None:
    heme = written("heme.pdb", "HETATM    1  PG  ATP A   1       1.000   2.000   3.000  1.00 20.00           P\nEND\n")(tmp_path, files)
    arguments = ("--resolution", 8, "--level", 0.3, "--set", "atoms=backbone")
    refused(r"heme\.pdb: atoms must be all, since no backbone atoms are there, got backbone$", files.map, heme, *arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fit"], r"MAP"),
        (["fit", "MAP"], r"MODEL"),
        (["fit", "MAP", "MODEL"], r"resolution"),
        (["fit", "MAP", "MODEL", "EXTRA", "--resolution", "8"], r"EXTRA"),
        (["fits"], r"fits"),
        (["info"], r"Missing argument 'FILE'"),
        (["info", "nowhere.mrc"], r"nowhere\.mrc: no such file"),
        (["validate", "nowhere.mrc"], r"nowhere\.mrc: no such file"),
        (["fit", "MAP", "MODEL", "--resolution", "8", "--half-maps", "", ""], r"nothing is given after --half-maps"),
        (["refine", "MAP", "MODEL", "--hold=", "--resolution", "8"], r"nothing is given by --hold="),
        (["halves", "", "HALF2"], r"nothing is given after halves"),
        (["settings", "thorough"], r"preset must be one of .*, got thorough"),
        (["split", "MODEL", "--by", "domains"], r"'--by': must be one of chain, pae, compact, confidence, got domains$"),
        (["refine", "MAP", "MODEL", "--resolution", "8", "--chain", ",,"], r"--chain must be names .*, got ',,', which holds none$"),
        (["refine", "MAP", "MODEL", "--resolution", "8", "--hold= "], r"--hold must be names with commas between them"),
        (["compose", "MAP", "MODEL", "--resolution", "8", "--chain", "1=,"], r"chain must be names with commas between them"),
        (["map", "MAP", "--zone", "MODEL", "--residues", ",", "--out", "x.mrc"], r"residues must be names with commas between them"),
        (["assemble", "MAP", "FOLDER", "--resolution", "8", "--stoichiometry", " "], r"stoichiometry must name at least one model"),
        (["compose", "MAP", f"MODEL:{MANY}", "--resolution", "8"], r"copies must be a whole number from 1 to 99999, got 9+ … 9+ \(5000 "),
        (["assemble", "MAP", "FOLDER", "--resolution", "8", "--stoichiometry", f"A{MANY}"], r"stoichiometry must be auto"),
        (["assemble", "MAP", "FOLDER", "--resolution", "8", "--stoichiometry", f"a:{MANY}"], r"stoichiometry must be auto"),
        (["refine", "MAP", "MODEL", "--resolution", "8", "--hold", f"A:{MANY}"], r"residues are told as"),
        (["map", "MAP", "--symmetrise", f"C{MANY}", "--out", "x.mrc"], r"symmetry must be C2 to C60"),
        (["refine", "MAP", "MODEL", "--resolution", "8", "--steps", MANY], r"steps.*9 \(5000 characters\)$"),
        (["refine", "MAP", "MODEL", "--resolution", "8", "--chain", "Q," * 5000], r"no such file"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_commands(arguments: list[str], sentence: str, difffit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    ended = difffit(*arguments)
    assert (ended.status, ended.out, len(ended.lines)) == (2, "", 1), ended.err
    assert len(ended.err) < 1000
    assert list(tmp_path.iterdir()) == []
    assert re.search(sentence, ended.err)


@pytest.mark.parametrize("chains", [",".join(["Q"] * 5000), "Q" * 10_000])
def test_what_goes_on_for_pages_is_told_shortly(chains: str, difffit: Any, files: Any, tmp_path: Path) -> None:
    ended = difffit("split", files.model, "--chain", chains, "--out", tmp_path / "out")
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert re.search(r"chain must be one of B, C, got Q.*Q \(\d+ characters\)$", ended.err)
    assert len(ended.err) < 2500


@pytest.mark.parametrize(("option", "said"), [(f"--at=B:{MANY}", "a cut must be"), (f"--keep=B:1-{MANY}", "residues are told as")])
def test_residues_of_a_number_that_is_none(option: str, said: str, difffit: Any, files: Any, tmp_path: Path) -> None:
    ended = difffit("split", files.model, option, "--out", tmp_path / "out")
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert said in ended.err


def test_a_model_of_a_number_that_is_none(refused: Any, files: Any) -> None:
    refused(r"model must be all or a number \(the file holds", files.map, files.model, "--resolution", 8, "--model", MANY)


def test_the_installed_command_refuses_in_the_same_way(difffit_process: Any, files: Any, tmp_path: Path) -> None:
    bad = written("bad.mrc", read(files)[:-1000])(tmp_path, files)
    ended = difffit_process("fit", bad, files.model, "--resolution", 8, "--out", tmp_path / "out")
    assert (ended.status, ended.out, len(ended.lines)) == (2, "", 1)
    assert str(bad) in ended.err
    assert not (tmp_path / "out").exists()
