"""What people give the public API by mistake: one sentence each, with the parameter, what is allowed and what came."""

import gzip
import inspect
import math
import os
import pydoc
import re
import signal
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

import difffit_core as df
from difffit_core.api import bar as bar_module
from difffit_core.api.progress import follow, tell_if_stopped
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import FitProgress
from difffit_core.public import PUBLIC
from difffit_core.quality.difference import Difference
from difffit_core.screen.request import ScreenProgress

QUICK = {"resolution": 4, "preset": "fast", "starts": 30, "steps": 4}


@pytest.fixture(scope="module")
def m() -> "df.DensityMap":
    return df.read_map(df.example_map())


@pytest.fixture(scope="module")
def x() -> "df.AtomicModel":
    return df.read_model(df.example_model(), chains="E")


def mistakes(m: Any, x: Any, place: Path) -> list[tuple[Callable[[], object], str]]:
    """Calls, and what is said of each."""
    there, free = str(place), str(place / "new")
    placed = df.Placed(x, SimpleNamespace(pose=df.Pose.identity()))
    edited = df.edit_map(m)
    nowhere = place / "none.mrc"
    return [
        (lambda: df.read_map(5), "path must be the name of a file, got 5"),
        (lambda: df.read_map(None), "path must be .*, got None"),
        (lambda: df.read_map(""), "got an empty text"),
        (lambda: df.read_map(b"a.mrc"), "got b'a.mrc'"),
        (lambda: df.read_map(nowhere), "none.mrc: no such file"),
        (lambda: df.read_map(there), "folder"),
        (lambda: df.read_map(df.example_model()), r"must end in|must be .*\.mrc"),
        (lambda: df.read_model(df.example_map()), r"must end in|must be .*\.pdb"),
        (lambda: df.read_model(m), "got a DensityMap"),
        (lambda: df.read_model(df.example_model(), chains=5), "chains must be a text, or a list of texts, got 5"),
        (lambda: df.read_model(df.example_model(), chains=[1, 2]), "chains must be a text, or a list of texts"),
        (lambda: df.read_model(df.example_model(), chains="Q"), "chain must be one of A, B, C, D, E, got Q"),
        (lambda: df.fit(x, m, resolution=4), "density_map must be a map as it was read, or the name of its file, got an AtomicModel"),
        (lambda: df.fit(m, m, resolution=4), "model must be a model as it was read, or the name of its file, got a DensityMap"),
        (lambda: df.fit(edited, x, resolution=4), r"got an EditedMap, of which \.map may be meant"),
        (lambda: df.fit(m, placed, resolution=4), r"got a Placed, of which \.model may be meant"),
        (lambda: df.fit(str(df.example_model()), str(df.example_map()), resolution=4), "must"),
        (lambda: df.fit(m, x, resolution=math.nan), "resolution must"),
        (lambda: df.fit(m, x, resolution=math.inf), "resolution must"),
        (lambda: df.fit(m, x, resolution=0), "resolution must"),
        (lambda: df.fit(m, x, resolution="four"), "resolution"),
        (lambda: df.fit(m.with_values(m.values), x, resolution=[4]), "resolution"),
        (lambda: df.fit(m, x, resolution=4, level=None), "level must be a number in the map's units or auto, got None"),
        (lambda: df.fit(m, x, resolution=4, level=[1]), "level must be"),
        (lambda: df.fit(m, x, resolution=4, level=math.nan), "level"),
        (lambda: df.fit(m, x, resolution=4, seed="one"), "seed"),
        (lambda: df.fit(m, x, resolution=4, seed=1.5), "seed"),
        (lambda: df.fit(m, x, resolution=4, device="tpu"), "device must be"),
        (lambda: df.fit(m, x, resolution=4, threads=0), "threads"),
        (lambda: df.fit(m, x, resolution=4, preset=None), "preset must be one of"),
        (lambda: df.fit(m, x, resolution=4, preset=["fast"]), "preset must be one of"),
        (lambda: df.fit(m, x, resolution=4, start=np.eye(3)), "start must be a Pose, .* got a ndarray"),
        (lambda: df.fit(m, x, resolution=4, within=5), "within"),
        (lambda: df.fit(m, x, resolution=4, within=(1, 2, 3, 4)), "within"),
        (lambda: df.fit(m, x, resolution=4, within=((1, 2), 3)), "centre of a sphere must be three"),
        (lambda: df.fit(m, x, resolution=4, within=((1, 2, 3), "4")), "radius of a sphere"),
        (lambda: df.fit(m, x, resolution=4, symmetry="X9"), "symmetry"),
        (lambda: df.fit(m, x, resolution=4, half_maps=m), "half_maps must be two maps"),
        (lambda: df.fit(m, x, resolution=4, half_maps=(m, 5)), "each of half_maps must be"),
        (lambda: df.fit(m, x, resolution=4, half_maps=(m, m)), "half"),
        (lambda: df.fit(m, x, **QUICK, progress="bar"), "progress must be True for a bar"),
        (lambda: df.fit(m, x, **QUICK, colour=1), "colour is not a setting"),
        (lambda: df.align(m, 5, resolution=4), "moving must be a map"),
        (lambda: df.align(m, m, resolution=4, hand="left"), "hand"),
        (lambda: df.compose(m, [], resolution=4), "models must be at least one model"),
        (lambda: df.compose(m, [(x, 1, 2)], resolution=4), "models must each be"),
        (lambda: df.compose(m, [(x, "two")], resolution=4), "models must each be"),
        (lambda: df.compose(m, [(x, 0)], resolution=4), "cop"),
        (lambda: df.compose(m, "none.pdb", resolution=4), "none.pdb: no such file"),
        (lambda: df.compose(m, [m], resolution=4), "each of models must be a model"),
        (lambda: df.compose(m, [x], resolution=4, method="best"), "method"),
        (lambda: df.refine(m, x, resolution=4, hold=5), "hold must be"),
        (lambda: df.refine(m, x, resolution=4, hold="Z:1"), "chain must be one of E"),
        (lambda: df.refine(m, x, resolution=4, b_factors="none"), "b_factors"),
        (lambda: df.refine(m, x, resolution=4, pae=nowhere), "no such file"),
        (lambda: df.screen(m, 5, resolution=4, out=free), "library must be"),
        (lambda: df.screen(m, nowhere, resolution=4, out=free), "none.mrc"),
        (lambda: df.screen(m, there, resolution=4, out=None), "out must be"),
        (lambda: df.screen(m, there, resolution=4, out=free), "a library must hold"),
        (lambda: df.assemble(m, there, resolution=4, out=free), "a library must hold"),
        (lambda: df.assemble(m, None, resolution=4, out=free), "library must be"),
        (lambda: df.quality(m, None, resolution=4), "model must be"),
        (lambda: df.refine(m, x, resolution=4, pose=placed), r"pose must be a Pose.*\.pose may be meant"),
        (lambda: df.quality(m, x, resolution=4, chains=["A"]), "chain must be one of E, got A"),
        (lambda: df.difference(x, m), "second must be a model|model must be a model"),
        (lambda: df.split(x, by="domains"), "by"),
        (lambda: df.split(x, pae=5), "pae must be"),
        (lambda: df.split(x, at="E"), "a cut must be"),
        (lambda: df.split(x, at=5), "at must be"),
        (lambda: df.split(x, by="chain")[0].write(None), "path must be"),
        (lambda: df.edit_map(m).low_pass("8 Å"), "finest"),
        (lambda: df.edit_map(m).low_pass(math.nan), "finest"),
        (lambda: df.edit_map(m).crop(), "crop|box|model|level"),
        (lambda: df.edit_map(m).crop(box=5), "box"),
        (lambda: df.edit_map(m).zone(m), "model must be"),
        (lambda: df.edit_map(m).voxel_size(), "size|scale"),
        (lambda: df.edit_map(m).resample(0), "voxel_size"),
        (lambda: df.edit_map(m).write(place / "no" / "a.mrc"), "does not exist"),
        (lambda: df.half_maps(m, 5), "second must be a map"),
        (lambda: df.half_maps(m, m), "half|same"),
        (lambda: df.handover(5, out=free), "source must be"),
        (lambda: df.handover(nowhere, out=free), "none.mrc"),
        (lambda: df.handover(df.example_map(), df.example_model(), resolution=4, to="word", out=free), "word"),
        (lambda: df.handover(df.example_map(), df.example_model(), resolution=4, to=5, out=free), "to must be"),
        (lambda: df.validate(m), "map_file must be the name of a file, got a DensityMap"),
        (lambda: df.validate(df.example_map(), x), "model_file must be the name of a file, got an AtomicModel"),
        (lambda: df.fetch(5), "accessions must be"),
        (lambda: df.fetch([1]), "accessions must be"),
        (lambda: df.fetch([]), "accession"),
        (lambda: df.fetch(""), "accession"),
        (lambda: df.symmetry(x, resolution=4), "density_map must be"),
        (lambda: df.symmetry(m, resolution=4, seed=-1), "seed must be a whole number"),
        (lambda: df.symmetry(m, resolution=4, threads="two"), "threads"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out="a\0b"), "character of number 0"),
        (lambda: df.assemble(m, df.example_map().parent, resolution=4, out="a\udcff"), "must be text"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out=free, jobs="two"), "jobs must be a whole number"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out=free, jobs=-1), "jobs must be a whole number"),
        (lambda: df.read_model(df.example_model(), chains=" , "), "chains must be names"),
        (lambda: df.read_model(df.example_model(), chains=[""]), "chain must be one of A, B, C, D, E, got"),
        (lambda: df.edit_map(m).zone(x, chains=","), "chains must be names"),
        (lambda: df.FitSettings.preset("fast", starts="many"), "starts"),
        (lambda: df.Sphere((0, 0, 0), -1), "radius"),
    ]  # fmt: skip


def test_each_is_one_sentence(m: Any, x: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where nothing may be left of those that are told a name without a folder
    wrong = []
    for number, (call, said) in enumerate(mistakes(m, x, tmp_path)):
        try:
            with warnings.catch_warnings(action="ignore", category=df.DiffFitWarning):
                result = call()
        except df.UserError as error:
            sentence = str(error)
            if not re.search(said, sentence) or "\n" in sentence or "Error" in sentence:
                wrong.append(f"{number}: should say {said!r} and says {sentence!r}")
        except Exception as error:  # noqa: BLE001, which is what is looked for
            wrong.append(f"{number}: should say {said!r}: {type(error).__name__}: {error}")
        else:
            wrong.append(f"{number}: should say {said!r} and gives {result!r:.80}")
    assert not wrong, "\n".join(wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [10**30, 10**400, 10**5000], ids=["30 digits", "400", "5000"])
def test_whole_numbers_without_end(m: Any, x: Any, number: int) -> None:
    """No float holds those of 400 digits, and Python spells none of 5000."""
    calls: list[tuple[Callable[[], Any], str]] = [
        (lambda: df.compose(m, [(x, number)], resolution=4), "copies must be a whole number from 1 to 99999"),
        (lambda: df.compose(m, (x, number), resolution=4), "copies must be a whole number from 1 to 99999"),
        (lambda: df.compose(m, [(x, 1, number)], resolution=4), "models must each be"),
        (lambda: df.compose(m, x, resolution=4, rounds=number), "rounds: "),
        (lambda: df.compose(m, x, resolution=4, threshold=-number), "threshold: "),
        (lambda: df.fit(m, x, resolution=number), "resolution"),
        (lambda: df.fit(m, x, resolution=4, level=number), "level"),
        (lambda: df.fit(m, x, resolution=4, level="9" * 5000), "level"),
        (lambda: df.fit(m, x, resolution=4, seed=number), "seed must be a whole number from 0"),
        (lambda: df.fit(m, x, resolution=4, starts=number), "starts: "),
        (lambda: df.fit(m, x, resolution=4, smoothing_weights=number), "smoothing_weights: "),
        (lambda: df.fit(m, x, resolution=4, within=(number, 0, 0, number)), "within|radius|centre"),
        (lambda: df.Sphere((0, 0, 0), number), "radius of a sphere"),
        (lambda: df.Sphere((number, 0, "here"), 5), "centre of a sphere"),
        (lambda: df.refine(m, x, resolution=4, hinge_starts=number), "hinge_starts: "),
        (lambda: df.align(m, m, resolution=4, points=number), "points must be a whole number from 100"),
        (lambda: df.align(m, number, resolution=4), "moving must be a map"),
        (lambda: df.edit_map(m).resample(number), "voxel_size"),
        (lambda: df.edit_map(m).crop(level=number), "level"),
        (lambda: df.edit_map(m).crop(box=(0, 0, 0, number, number, 5)), "box|map"),
        (lambda: df.edit_map(m).low_pass(number), "finest"),
        (lambda: df.edit_map(m).zone(x, within=number), "within"),
        (lambda: df.split(x, smallest=number), "smallest|part"),
        (lambda: df.split(x, cutoff=number), "cutoff|part"),
        (lambda: df.split(x, loose=number), "loose"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out="o", jobs=-number), "jobs must be a whole number"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out="o", filters={"min_residues": number}), "residues"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out="o", filters={"min_plddt": number}), "plddt"),
        (lambda: df.screen(m, df.example_map().parent, resolution=4, out="o", promising=number), "promising"),
        (lambda: df.assemble(m, df.example_map().parent, resolution=4, out="o", searches=number), "searches must be"),
        (lambda: df.handover(df.example_map(), df.example_model(), resolution=4, padding=-number, out="o"), "padding"),
        (lambda: df.half_maps(m, number), "second must be a map"),
        (lambda: df.quality(m, x, resolution=number), "resolution"),
        (lambda: df.quality(m, x, resolution=4, level=number), "level"),
        (lambda: df.read_model(number), "must be"),
        (lambda: df.read_model(df.example_model(), models=number), "model"),
        (lambda: df.fetch(number), "accessions must be"),
        (lambda: df.symmetry(m, resolution=4, seed=number), "seed"),
    ]  # fmt: skip
    wrong = []
    for number_of, (call, said) in enumerate(calls):
        try:
            result = call()
        except df.UserError as error:
            if not re.search(said, str(error)) or "\n" in str(error) or len(str(error)) > 400:
                wrong.append(f"{number_of}: should say {said!r} and says {str(error)!r:.300}")
        except Exception as error:  # noqa: BLE001, which is what is looked for
            wrong.append(f"{number_of}: should say {said!r}: {type(error).__name__}: {error!s:.200}")
        else:
            wrong.append(f"{number_of}: should say {said!r} and gives {result!r:.80}")
    assert not wrong, "\n".join(wrong)


def test_what_is_told_is_told_every_time_where_the_api_was_called(tmp_path: Path) -> None:
    path = tmp_path / "odd.mrc"
    df.edit_map(df.example_map()).crop(level=0.4).write(path)
    data = bytearray(path.read_bytes())
    data[212:216] = bytes(4)  # no machine stamp
    path.write_bytes(data)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        for _ in range(2):
            df.read_map(path)
            df.edit_map(path)
    assert len(seen) >= 4
    assert len({str(one.message) for one in seen}) == len(seen) // 4
    assert {one.filename for one in seen} == {__file__}
    assert {one.category for one in seen} == {df.DiffFitWarning}


def test_ctrl_c_keeps_what_was_found_and_else_interrupts() -> None:
    def found(told: Any, cancel: Any) -> SimpleNamespace:
        told(FitProgress("search", 0.5, 3.0))
        os.kill(os.getpid(), signal.SIGINT)
        assert cancel.wait(5)
        return SimpleNamespace(cancelled=True)

    def nothing(told: Any, cancel: Any) -> None:
        raise FitCancelled("cancelled before a pose was found")

    result = follow(found, True)
    with pytest.warns(df.DiffFitWarning, match="stopped early"):
        tell_if_stopped(result)
    with pytest.raises(KeyboardInterrupt, match="before a pose was found"):
        follow(nothing, True)


def test_a_notebook_has_a_bar_of_text_that_goes_when_it_is_done(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    class InNotebook(bar_module.Console):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.is_jupyter = True

    monkeypatch.setattr(bar_module, "Console", InNotebook)
    monkeypatch.setattr(bar_module, "_EVERY_S", -1)
    with bar_module.Bar() as bar:
        bar.show("search", 0.5, "3 s left", "best 0.9")
        bar.show("done", 1.0)
    lines = capfd.readouterr().err.split("\r")
    assert lines[1] == f"search  {'█' * 12}{'░' * 12} 50%  3 s left  best 0.9"
    assert lines[2].rstrip() == f"done  {'█' * 24} 100%"
    assert lines[3].strip() == lines[4] == ""


def test_a_screen_and_fetching_have_a_bar_too(x: Any, m: Any, tmp_path: Path, archives: Any) -> None:
    archives.files["/rcsb/download/1abc.cif.gz"] = gzip.compress(b"data_x\nloop_\n_atom_site.id\n_atom_site.Cartn_x\n1 0.5\n#\n")
    assert [one.kind for one in df.fetch("1abc", progress=True).files] == ["entry"]
    told: list[Any] = []
    df.fetch("1abc", progress=told.append, again=True)
    assert told[-1].done == 1
    df.split(x, by="chain")[0].write(tmp_path / "library" / "e.cif")
    words = {"resolution": 4, "level": 0.4, "preset": "fast", "starts": 10, "steps": 4, "promising": 0}
    assert len(df.screen(m, tmp_path / "library", out=tmp_path / "s.sqlite", progress=True, **words).table()) == 1
    more: list[ScreenProgress] = []
    df.screen(m, tmp_path / "library", out=tmp_path / "s.sqlite", resume=True, progress=more.append, **words)
    assert (more[-1].done, more[-1].total) == (1, 1)
    with pytest.raises(df.UserError, match="progress must be"):
        df.screen(m, tmp_path / "library", out=tmp_path / "t.sqlite", progress="yes", **words)
    assert not (tmp_path / "t.sqlite").exists()


@pytest.mark.parametrize("name", sorted(name for name in PUBLIC if name.islower() and not name.startswith("example")))
def test_what_functions_give_says_shortly_what_it_is(name: str) -> None:
    function = getattr(import_module(PUBLIC[name]), name)
    types = {"Difference": Difference}
    given = get_type_hints(function, localns=types)["return"]
    for kind in get_args(given) or (given,):
        assert "difffit_core" in inspect.unwrap(kind.__repr__).__code__.co_filename, f"{kind} prints all that it holds"


def test_help_of_what_is_called_is_of_the_function() -> None:
    for thing in (df.fit, df.screen, df.handover):
        told = pydoc.render_doc(thing, renderer=pydoc.plaintext)
        assert "Examples" in told
        assert "(density_map" in told or "(source" in told
        assert repr(thing).endswith("a function, and the package of its parts>")
    assert {name for name in dir(df) if not name.startswith("_")} == set(PUBLIC)


def test_a_part_of_a_table_is_one() -> None:
    table = df.Table([{"a": 1}, {"a": 2}, {"a": 3}])
    assert isinstance(table[:2], df.Table)
    assert str(table[1:]).split() == ["a", "2", "3"]
    assert table[0] == {"a": 1}
