"""Hostile text, for each place that text goes to, read again as that place would."""

import ast
import csv
import io
import re
import sqlite3
import unicodedata
from html.parser import HTMLParser
from pathlib import Path, PureWindowsPath

import gemmi
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from difffit_core.cli import main
from difffit_core.compose.assembly import PlacedCopy
from difffit_core.compose.output.scripts import Shown, chimerax_script, pymol_script
from difffit_core.errors import UserError
from difffit_core.escaping import chimerax, html, mmcif, pymol, sql, tables, terminal
from difffit_core.escaping.file_names import file_names

PIECES = [
    "A", "A B", ";system touch x", "\nexit", "\x1b]0;owned\x07", "\x1b[2J", "'", '"', "\\", "`id`", "$(id)", "#", "_a", "data_x", "loop_",
    "?", ".", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "<script>", "&amp;", "]]>", "\u202egnp.exe", "\x00", "\r\n", "é", "\udcff",
    "\x9b31m", "e\u0301", "; DROP TABLE models; --", "{0}", "%s", "[bold]", "stop_", "\u2028", " =2", "-0.5",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=4).map("".join)
few = settings(max_examples=150, deadline=None)


@few
@given(HOSTILE)
def test_a_terminal_is_told_nothing_but_characters(text: str) -> None:
    shown = terminal.printable(text)
    assert {unicodedata.category(letter) for letter in shown} & {"Cc", "Cs", "Zl", "Zp"} <= ({"Cc"} if set("\n\t") & set(shown) else set())
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    assert terminal.printable(shown) == shown
    assert "\n" not in terminal.one_line(text)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@few
@given(HOSTILE)
def test_a_page_has_no_tag_of_the_texts(text: str) -> None:
    for quote in "'\"":
        page = _Page()
        page.feed(f"<td title={quote}{html.escape(text)}{quote}>{html.escape(text)}</td>")
        page.close()
        assert page.tags == [("td", {"title": terminal.printable(text)})]
        assert page.text == terminal.printable(text)


@few
@given(HOSTILE)
@example("-1")
@example(" \t=1")
def test_a_table_has_the_text_and_no_formula(text: str) -> None:
    for dialect in ("excel", "excel-tab"):
        stream = io.StringIO()
        tables.TableWriter(stream, dialect).writerows([["name", "value"], [text, -1.5]])
        (_, row) = csv.reader(io.StringIO(stream.getvalue()), dialect)
        assert row[1] == "-1.5"
        assert row[0].removeprefix("'") == terminal.printable(text).removeprefix("'")
        if row[0].strip()[:1] in ("=", "+", "-", "@"):
            float(row[0])  # a number and no formula
    assert tables.cell(-3) == -3
    assert tables.cell(None) is None


@few
@given(HOSTILE.filter(bool))
def test_mmcif_has_the_text_as_one_value(text: str) -> None:
    block = gemmi.cif.read_string(f"data_x\nloop_\n_a.b\n_a.c\n{mmcif.value(text)} 1\n{mmcif.value(text)} 2\n").sole_block()
    (first, second) = block.find("_a.", ["b", "c"])
    expected = terminal.printable(re.sub(r"\s+", " ", text))
    assert [gemmi.cif.as_string(first[0]), gemmi.cif.as_string(second[0])] == [expected] * 2
    assert [first[1], second[1]] == ["1", "2"]


@few
@given(HOSTILE, HOSTILE)
def test_scripts_do_nothing_that_they_did_not_before(chain: str, name: str) -> None:
    copies = [PlacedCopy.__new__(PlacedCopy), PlacedCopy.__new__(PlacedCopy)]
    for copy, chains in zip(copies, ({"A": chain}, {"A": "Q", "B": chain}), strict=True):
        object.__setattr__(copy, "chains", chains)
    shown = Shown("composite.cif", "residual.mrc", Path("/data") / name.replace("\0", "").replace("/", ""), 0.5, copies, ())
    for line in chimerax_script(shown).split("\n"):
        assert re.fullmatch(
            r'#[^;]*|open "[^";$`\\]*" id #\d|volume #\d style surface level 0\.5 color #\w+ step 1|(hide|show) #\d \w+|'
            r"color #1/\w+ #\w+|view|",
            line,
            re.ASCII | re.DOTALL,
        ), line
    for line in pymol_script(shown).split("\n"):
        if line.startswith("/"):
            assert ";" not in line
            (statement,) = ast.parse(line[1:]).body
            assert isinstance(statement, ast.Expr)
            assert isinstance(statement.value, ast.Call)
            assert ast.unparse(statement.value.func) == "cmd.load"
            assert all(isinstance(argument, ast.Constant) for argument in statement.value.args)
        else:
            harmless = r"#[^;]*|set \w+, [\d.]+|(color|disable|isosurface|hide|show|zoom) [\w, .]*|color 0x\w+, composite and chain [\w+]+|"
            assert re.fullmatch(harmless, line, re.ASCII), line


def test_plain_names_stay_in_scripts() -> None:
    assert [chimerax.chain("A1"), pymol.chain("AB"), pymol.chain("and"), chimerax.chain("A-C")] == ["A1", "AB", None, None]
    assert chimerax.path("a folder [of] naïve maps & 'mödels'/m.mrc") == "\"a folder [of] naïve maps & 'mödels'/m.mrc\""
    assert chimerax.path(r"C:\maps\a.mrc") == '"C:/maps/a.mrc"'
    with pytest.raises(ValueError, match="not a function"):
        pymol.call("load; system", "x")


@few
@given(HOSTILE)
def test_a_database_has_the_text_as_it_is_or_refuses_it(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE models (path TEXT)")
    if "\0" in text or re.search("[\ud800-\udfff]", text):
        with pytest.raises(UserError):
            sql.text(text)
    else:
        connection.execute("INSERT INTO models VALUES (?)", [sql.text(text)])
        assert connection.execute("SELECT path FROM models").fetchall() == [(text,)]
    connection.close()
    if not re.fullmatch("[a-z_]+", text):
        with pytest.raises(ValueError, match="not the name of a column"):
            sql.column(text)


def test_a_composite_of_odd_chains_can_be_read_again(tmp_path: Path, repository: Path) -> None:
    """The loop of placements beside the atoms, and the atoms, under chains that need quotes everywhere."""
    from difffit_core.compose.output.export import _write_mmcif

    structure = gemmi.read_structure(str(repository / "resources" / "example" / "1bd2.pdb.gz"))
    for chain in [one.name for one in structure[0]][2:]:
        structure[0].remove_chain(chain)
    structure.setup_entities()
    odd = ["A B", "A;system x'"]
    for chain, name in zip([one.name for one in structure[0]], odd, strict=True):
        structure.rename_chain(chain, name)
    placement = {
        "rotation": np.eye(3).tolist(), "translation": [0, 0, 0], "chains": {"A": odd[0], "B": odd[1]}, "model": "a\nb 'c\".cif", "copy": 1,
        "local_correlation": 0.5, "p_value": 0.1, "source": "global",
    }  # fmt: skip
    _write_mmcif(tmp_path / "c.cif", structure, {"placements": [placement]})
    assert [chain.name for chain in gemmi.read_structure(str(tmp_path / "c.cif"))[0]] == odd
    block = gemmi.cif.read(str(tmp_path / "c.cif")).sole_block()
    assert [gemmi.cif.as_string(row[0]) for row in block.find("_difffit_placement.", ["chain"])] == odd


def test_every_module_goes_by_these_functions(repository: Path) -> None:
    """No other way out: what writes CSV or HTML, or prints, does so by `escaping` and `cli.console`."""
    own = {"difffit_core/escaping/html.py", "difffit_core/escaping/tables.py", "difffit_core/cli/console.py"}
    for path in (*repository.glob("difffit_core/**/*.py"), *repository.glob("app/**/*.py")):
        name, code = path.relative_to(repository).as_posix(), path.read_text(encoding="utf-8")
        if name not in own:
            assert not re.search(r"csv\.(writer|DictWriter)|^from html import|\bhtml\.escape\(", code, re.MULTILINE), name
        if name.startswith("difffit_core/cli/") and name not in own:
            assert not re.search(r"\bConsole\(", code), name
        if name.startswith("difffit_core/compose/"):
            assert "make_mmcif_document" not in code, name


@few
@given(st.lists(HOSTILE, max_size=5))
@example(["m A", "m a", "m_A", "m/A", "m:A"])
def test_names_of_files_stay_in_their_folder_and_apart(texts: list[str]) -> None:
    names = file_names(texts, ".cif")
    assert len({name.casefold() for name in names}) == len(texts)
    for name in names:
        assert Path(name).name == name == PureWindowsPath(name).name
        assert name.endswith(".cif")
        assert not name.startswith((".", "-"))
        assert len(name.encode()) < 200
        assert not PureWindowsPath(name).is_reserved()


@pytest.mark.parametrize("names", [("A", "a"), ("A:B", "A_B"), ("/../../../tmp/x", "B"), ("..", "CON"), ("\x1b[31m", "B")])
def test_split_writes_every_chain_into_its_folder(names: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    atoms = [gemmi.Atom() for _ in names]
    structure = gemmi.Structure()
    structure.add_model(gemmi.Model(1))
    for number, (name, atom) in enumerate(zip(names, atoms, strict=True)):
        atom.name, atom.element, atom.pos = "CA", gemmi.Element("C"), gemmi.Position(5 * number, 0, 0)
        residue = gemmi.Residue()
        residue.name, residue.seqid = "ALA", gemmi.SeqId(1, " ")
        residue.add_atom(atom)
        chain = gemmi.Chain(name)
        chain.add_residue(residue)
        structure[0].add_chain(chain)
    structure.setup_entities()
    structure.make_mmcif_document().write_file("m.cif")
    (tmp_path / "parts" / "m_").mkdir(parents=True)
    monkeypatch.setattr("sys.argv", ["difffit", "split", "m.cif", "--by", "chain", "--out", "parts"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"m.cif", "parts"}
    written = [gemmi.read_structure(str(path)) for path in (tmp_path / "parts").glob("*.cif")]
    assert sorted(one[0][0][0][0].pos.x for one in written) == [0, 5]
