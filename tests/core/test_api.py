"""The public API: its examples run, it is what the command line does, and it costs nothing before it is used."""

import doctest
import inspect
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import difffit_core as df
from difffit_core.public import PUBLIC

QUICK = {"preset": "fast", "starts": 200}
_SHOWN_BY_VERBS = ("Assembly", "Composite", "Quality", "Screen")
CLASSES = [name for name in PUBLIC if name[0].isupper()]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Examples write where they stand."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def found() -> "df.Fit":
    return df.fit(df.example_map(), df.example_model(), resolution=4, chains="D,E", device="cpu", seed=1, **QUICK)


def examples(name: str) -> Iterator[doctest.DocTest]:
    module = import_module(PUBLIC[name])
    thing = getattr(module, name)
    yield from doctest.DocTestFinder(recurse=True).find(thing, name, module=module)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_its_examples_run(name: str, here: Path) -> None:
    tests = [test for test in examples(name) if test.examples]
    if PUBLIC[name].startswith("difffit_core.api") and name != "DiffFitWarning" and name not in _SHOWN_BY_VERBS:
        assert tests, f"{name} has no example"
    for test in tests:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", df.DiffFitWarning)  # which is shown beside what an example prints
            result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test)
        assert result.failed == 0, test.name


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_explained(name: str) -> None:
    thing = getattr(import_module(PUBLIC[name]), name)
    assert inspect.getdoc(thing)
    assert name in dir(df)
    if inspect.isfunction(thing):
        signature = inspect.signature(thing)
        assert all(one.annotation is not one.empty for one in (*signature.parameters.values(),))
        assert signature.return_annotation is not signature.empty


def test_the_stub_names_what_there_is(repository: Path) -> None:
    stub = (repository / "difffit_core" / "__init__.pyi").read_text(encoding="utf-8")
    assert {name for name in PUBLIC if f"{name} as {name}" in stub} == set(PUBLIC)
    assert stub.count(" as ") == len(PUBLIC)


def test_a_package_stays_one_when_it_is_called() -> None:
    import difffit_core.fit.settings as settings

    assert df.fit.settings is settings
    assert str(inspect.signature(df.fit)).startswith("(density_map")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        df.nothing  # noqa: B018


def test_the_script_of_the_readme(here: Path, repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8").partition("    import difffit_core as df\n")[2]
    lines = ["import difffit_core as df", *(line[4:] for line in text[: text.index("\n\n")].splitlines())]
    script = "\n".join(lines)
    assert "best.write" in script
    script = script.replace('"map.mrc"', "df.example_map()").replace('"model.pdb"', "df.example_model()")
    script = script.replace("resolution=4", "resolution=4, preset='fast', starts=200")
    exec(compile(script, "README.md", "exec"), {})
    assert (here / "fitted.cif").stat().st_size > 100_000


@pytest.mark.slow
def test_it_finds_what_the_command_line_finds(found: "df.Fit", here: Path) -> None:
    assert found.command().startswith("difffit fit ")
    words = found.command().replace("difffit fit ", "fit ", 1)
    code = f"import shlex, sys; sys.argv = ['difffit', *shlex.split({words!r}), '--out', 'out']; from difffit_core.cli import main; main()"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    told = json.loads((here / "out" / "placements.json").read_text(encoding="utf-8"))["placements"]
    np.testing.assert_allclose([one["rotation"] for one in told], [one.pose.rotation for one in found])
    assert [one["verdict"] for one in told] == [row["verdict"] for row in found.table()]


def test_results_are_short_and_shown_in_a_notebook(found: "df.Fit", here: Path) -> None:
    for thing in (found, found.best, found.table(), found.request.density_map, found.request.model, found.best.pose):
        assert len(repr(thing)) < 160, repr(thing)
        assert repr(thing).startswith("<")
    assert "<table>" in found._repr_html_()
    assert found[:2] == (found[0], found[1]) or [one.rank for one in found[:2]] == [1, 2]
    assert str(found.table()).splitlines()[0].split()[:2] == ["rank", "hits"]
    project = found.save_project("found.difffit")
    assert df.validate(project)[0]["severity"] == "ok" or df.validate(project)
    judged = df.quality(found.request.density_map, found.best, resolution=4, level=found.request.level)
    assert judged.local_correlation > 0.4
    assert len(judged.table()) == len(judged.scores.residues)
    assert "<table>" in judged._repr_html_()
    assert judged.write("residues.csv").read_text(encoding="utf-8").count("\n") == len(judged.table()) + 1


def test_a_table_becomes_a_data_frame_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    table = df.Table([{"a": 1, "b": "<x>"}, {"a": 2}])
    assert "&lt;x&gt;" in table._repr_html_()
    assert str(df.Table()) == "(no rows)"
    assert str(df.Table({"a": i} for i in range(100))).endswith("and 40 more")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(df.UserError, match="pandas, which is not installed"):
        table.to_pandas()
    monkeypatch.delitem(sys.modules, "pandas")
    pandas = pytest.importorskip("pandas")
    assert isinstance(table.to_pandas(), pandas.DataFrame)
    assert list(table.to_pandas().columns) == ["a", "b"]


def test_progress_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    told = []
    df.fit(df.example_map(), df.example_model(), resolution=4, chains=["D"], progress=told.append, preset="fast", starts=30, steps=4)
    assert 0 <= told[0].fraction <= told[-1].fraction <= 1
    df.fit(df.example_map(), df.example_model(), resolution=4, chains=["D"], progress=True, preset="fast", starts=30, steps=4)
    assert capfd.readouterr().err == "", "a bar is drawn on terminals alone"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"resolution": 400}, "resolution must lie between"),
        ({"resolution": 4, "chains": "Z"}, "chain must be one of A, B, C, D, E, got Z"),
        ({"resolution": 4, "starts": -1}, "starts"),
        ({"resolution": 4, "beginnings": 1}, "beginnings is not a setting"),
        ({"resolution": 4, "preset": "slow"}, "preset must be one of"),
        ({"resolution": 4, "level": 1e9}, "level must lie below"),
        ({"resolution": 4, "level": "high"}, "level must be"),
    ],
)
def test_a_mistake_is_one_sentence(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(df.UserError, match=sentence):
        df.fit(df.example_map(), df.example_model(), **options)


def test_importing_it_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import difffit_core; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in done.stdout.split()} <= {"difffit_core", "typing", "_typing", "collections"}


def test_a_model_is_split_where_it_is_told_to() -> None:
    parts = df.split(df.example_model(), at="B:50")
    assert [part.residues.split(",")[0].split("-")[0] for part in parts if part.model.chains == ("B",)] == ["B 1", "B 50"]
    with pytest.raises(df.UserError, match="without by and pae"):
        df.split(df.example_model(), by="chain", at=["B:50"])


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_what_was_read_is_never_written_over(found: "df.Fit", here: Path, packed: str) -> None:
    (model_file, map_file) = here / f"model.cif{packed}", here / f"map.mrc{packed}"
    found[0].write(model_file)
    found[0].write(model_file)  # a notebook's cell is run again
    df.edit_map(df.example_map()).mirror().write(map_file)
    written = {path: path.read_bytes() for path in (model_file, map_file)}
    model, edited = df.read_model(model_file), df.edit_map(df.read_map(map_file)).mirror()
    with pytest.raises(df.UserError, match="is read here, so that it must not be replaced"):
        edited.write(map_file)
    parts = df.split(model, "chain")
    with pytest.raises(df.UserError, match="is read here, so that it must not be replaced"):
        parts[0].write(model_file)
    with pytest.raises(df.UserError, match=r"must end in \.mrc"):
        edited.write(here / "map.png")
    with pytest.raises(df.UserError, match=r"must end in \.pdb"):
        parts[0].write(here / "part.txt")
    assert {path: path.read_bytes() for path in written} == written
    assert sorted(path.name for path in here.iterdir()) == sorted(path.name for path in written)
