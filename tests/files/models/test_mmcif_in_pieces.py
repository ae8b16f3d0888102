"""Tables of atoms that are read a few rows at a time: the same as gemmi makes of the whole file, and in little memory."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import gemmi
import numpy as np
import pytest

from difffit_core.errors import FileFormatError
from difffit_core.io.models import cif_text, read_model
from difffit_core.io.models.mmcif import mmcif_parts

from .conftest import Save, moved, single


def written(lines: list[str]) -> gemmi.cif.Document:
    structure = gemmi.read_pdb_string("\n".join(lines))
    structure.setup_entities()
    structure.assign_label_seq_id()
    return structure.make_mmcif_document()


def waters(count: int, chain: str) -> list[str]:
    return [single("O", "HOH", number, np.array([number, 0.0, 9.0]), "O", chain) for number in range(1, count + 1)]


def several_chains(atoms: list[str]) -> str:
    return written([*atoms, *moved(atoms, (30, 0, 0), "D"), *waters(40, "C"), *waters(9, "D")]).as_string()


def several_models(atoms: list[str]) -> str:
    each = [[f"MODEL     {n:4d}", *moved(atoms, (0.1 * n, 0, 0)), *moved(atoms, (9, 9, 9), "D"), "ENDMDL"] for n in (1, 2, 4)]
    return written([line for lines in each for line in lines]).as_string()


def rows_in_any_order(atoms: list[str]) -> str:
    """Chains, models and residues that come and go, as sorted or edited files have them."""
    block = written([*atoms, *moved(atoms, (30, 0, 0), "D")]).sole_block()
    table = block.get_mmcif_category("_atom_site.")
    order = np.random.default_rng(3).permutation(2 * len(atoms))
    order[:60] = sorted(order[:60])
    table = {name: [values[i] for i in order] for name, values in table.items()}
    table["pdbx_PDB_model_num"] = ["1" if i % 50 < 35 else "2" for i in range(len(order))]
    block.set_mmcif_category("_atom_site.", table)
    return block.as_string()


def displacements(atoms: list[str]) -> str:
    anisou = [f"ANISOU{line[6:28]}{100 + n:7d}{200 + n:7d}{300 + n:7d}{n:7d}{-n:7d}{5:7d}" for n, line in enumerate(atoms)]
    lines = [line for n, pair in enumerate(zip(atoms, anisou, strict=True)) for line in (pair if n % 3 else pair[:1])]
    text = written(lines).as_string()
    assert "_atom_site_anisotrop" in text
    return text


def long_names(atoms: list[str]) -> str:
    """Residues under short names, as gemmi writes them, of which one goes on in the next piece."""
    text = several_chains(atoms).replace(" LEU ", " ~AA ")
    return text + "\nloop_\n_chem_comp.id\n_chem_comp.three_letter_code\n~AA A1LEU\n"


def links_by_part(atoms: list[str]) -> str:
    tags = [f"_struct_conn.{tag}" for tag in ("id", "conn_type_id")]
    tags += [f"_struct_conn.ptnr{n}_label_{what}_id" for n in (1, 2) for what in ("asym", "comp", "seq", "atom")]
    rows = ["a covale Cxp LEU 2 C Dxp GLY 4 N", "b disulf Cxp LEU 99 C Cxp GLY . N", "c disulf nil LEU 1 C Dxp GLY 9 N"]
    return "\n".join([several_chains(atoms), "loop_", *tags, *rows, ""])


def no_parts(atoms: list[str]) -> str:
    document = written([*atoms, *moved(atoms, (30, 0, 0), "D"), *waters(5, "W")])
    document.sole_block().find_mmcif_category("_struct_asym.").erase()
    return document.as_string()


def odd_text(atoms: list[str]) -> str:
    """Comments, quotes and texts of several lines between and in the rows, and words there that mean something elsewhere."""
    text = several_chains(atoms)
    head, _, rows = text.partition("_atom_site.pdbx_PDB_model_num\n")
    table, _, rest = rows.partition("\n\n")
    lines = table.split("\n")
    for n in range(0, len(lines), 7):
        lines[n] = lines[n].replace(" C C ", " C 'C' ", 1).replace(" CA ", "\n;CA\n;\n", 1) + " # loop_ data_x"
    lines[20:20] = ["#", "   # _atom_site.x", ""]
    words = "_x.text\n;loop_\n_atom_site.id\n1\n2 'data_\n;\n_x.more 'save_me loop_'\n_x.third \"it's\"\nsave_frame\n_y.z 1\nsave_\n"
    return head.replace("loop_", words + "LOOP_", 1) + "_atom_site.pdbx_PDB_model_num\n" + "\n".join(lines) + "\n\n" + rest


MAKERS = [several_chains, several_models, rows_in_any_order, displacements, long_names, links_by_part, no_parts, odd_text]


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("values", [1, 130, 1000])
def test_it_is_what_gemmi_makes_of_the_whole(atoms: list[str], maker: object, values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cif_text, "VALUES_AT_ONCE", values)
    text = maker(atoms)  # type: ignore[operator]
    whole = gemmi.make_structure_from_block(gemmi.cif.read_string(text, check_level=0).sole_block())
    parts, _ = mmcif_parts(Path("x.cif"), text.encode(), [])
    found = [part.structure() for part in parts]
    assert [one[0].num for one in found] == [model.num for model in whole]
    for one, model in zip(found, whole, strict=True):
        alone = whole.clone()
        for other in [other.num for other in whole if other.num != model.num]:
            del alone[[one.num for one in alone].index(other)]
        assert described(one) == described(alone)


def described(structure: gemmi.Structure) -> list[str]:
    lines = [
        f"{chain.name} {residue.seqid} {residue.name} {residue.subchain} {residue.entity_id} {residue.entity_type} {residue.het_flag} "
        f"{residue.label_seq} {atom.name} {atom.serial} {atom.altloc} {atom.element.name} {atom.pos} {atom.occ} {atom.b_iso} "
        f"{atom.aniso.elements_pdb()}"
        for chain in structure[0]
        for residue in chain
        for atom in residue
    ]
    lines += [f"{entity.name} {entity.entity_type} {list(entity.subchains)} {list(entity.full_sequence)}" for entity in structure.entities]
    lines += [f"{link.name} {link.type} {link.partner1} {link.partner2}" for link in structure.connections]
    return lines


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What takes files apart, as it is for the Python of Debian 12."""
    spec = spec_from_file_location("cif_text_of_older_pythons", cif_text.__file__)
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version_info", (3, 11, 2, "final", 0))
        spec.loader.exec_module(module)
    assert module._ONCE == b""
    return module


_QUOTES = """_a.b 'it isn't' _a.c "he said "no" twice" _a.d
;a text
with 'quotes' and ;semicolons
; _a.e 'x' # 'a remark
loop_ _r.a _r.b _r.c 'a b' " c" d_e
;f
; x'y ; _loop
"""


@pytest.mark.parametrize("more", ["", "loop_ _r.a _r.b a 'b c", "_a.f 'no end\n", "_a.f\n;no end\n"])
def test_older_pythons_take_apart_the_same(atoms: list[str], older: ModuleType, more: str) -> None:
    content = (several_chains(atoms) + _QUOTES.replace("; _loop", "z") + more).encode()

    def taken(module: ModuleType, text: bytes) -> object:
        try:
            kept, blocks = module.take_apart(Path("a.cif"), text)
        except FileFormatError as error:
            return str(error)
        return kept, [[(table.tags, table.ends) for table in (*one.atoms, *one.displacements)] for one in blocks]

    assert taken(older, content) == taken(cif_text, content)
    cut = content[: content.index(b"HETATM") + 30]  # within a row, which must not be tried in all ways that there are
    assert taken(older, cut) == taken(cif_text, cut)
    assert isinstance(taken(older, cut), str)


def test_long_tables_that_nobody_looks_at_are_never_read(atoms: list[str], save: Save) -> None:
    text = several_chains(atoms)
    pairs = "\n".join(f"{i} {j} 7.5" for i in range(80) for j in range(80))
    more = f"loop_\n_ma_qa_metric_local_pairwise.a\n_ma_qa_metric_local_pairwise.b\n_ma_qa_metric_local_pairwise.c\n{pairs}\n"
    head, blocks = cif_text.take_apart(Path("x.cif"), (text + more).encode())
    assert len(head) < len(text) < len(more)
    assert head.count(b"\n") == (text + more).count("\n")
    assert len(blocks) == 1
    assert len(read_model(save((text + more).encode(), "long.cif"))) == len(read_model(save(text.encode(), "short.cif")))


def test_a_table_cut_short_names_the_line(atoms: list[str], save: Save) -> None:
    lines = several_chains(atoms).split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith("ATOM"))
    cut = "\n".join([*lines[: first + 50], lines[first + 50][:30]])
    with pytest.raises(FileFormatError, match=f"ends within a row, near line {first + 51}; the file is cut short"):
        read_model(save(cut.encode(), "cut.cif"))


@pytest.mark.parametrize("text", ["'never closed", '"never closed', "\n;never\nclosed"])
def test_a_text_without_end_names_the_line(atoms: list[str], save: Save, text: str) -> None:
    content = several_chains(atoms).replace("loop_", f"_struct.title {text}\n\nloop_", 1)
    line = content[: content.index("never")].count("\n") + 1
    with pytest.raises(FileFormatError, match=f"line {line}: a text between quotes or semicolons that does not end"):
        read_model(save(content.encode(), "open.cif"))


def test_bare_words_in_any_letters_are_read(atoms: list[str], save: Save) -> None:
    content = several_chains(atoms).replace("loop_", '_audit_author.name Müller,田中\n_struct.title it\'s\u00a0"so"\nloop_', 1)
    content = content.replace(" CB ", " Cβ' ")
    model = read_model(save(content.encode(), "bare.cif"))
    assert "Cβ'" in model.atom_names
    assert model.structure is not None
    assert model.structure.meta.authors == ["Müller,田中"]
    assert model.structure.info["_struct.title"] == 'it\'s\u00a0"so"'


def test_a_second_table_of_atoms_in_a_block_is_told(atoms: list[str], save: Save) -> None:
    text = several_chains(atoms)
    table = "loop_\n_atom_site." + text.partition("loop_\n_atom_site.")[2].partition("\n\n")[0]
    model = read_model(save((text + "\n" + table + "\n").encode(), "two.cif"))
    assert any("1 further tables of atoms" in note for note in model.notes)


MEASURE = """
import pathlib, sys
from difffit_core.io.models import read_model
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
read_model(pathlib.Path(sys.argv[1]))
before = peak()
read_model(pathlib.Path(sys.argv[2]))
sys.stdout.write(str(peak() - before))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process's memory is read from /proc")
@pytest.mark.parametrize("maker", [several_chains, displacements, several_models], ids=lambda maker: maker.__name__)
def test_memory_stays_below_twelve_times_the_file(atoms: list[str], save: Save, repository: Path, maker: object) -> None:
    """Peak memory of a process of its own, what gemmi allocates included."""
    small = save(maker(atoms).encode(), "small.cif")  # type: ignore[operator]
    names = [a + b for a in "ABCDEFGHIJ" for b in "abcdefghij"]
    many = [line for n, name in enumerate(names) for line in moved(atoms, (10.0 * (n % 10), 10.0 * (n // 10), 0), name[0])]
    text = maker(many)  # type: ignore[operator]
    path = save(text.encode(), "big.cif")
    assert len(text) > 500_000
    done = subprocess.run([sys.executable, "-c", MEASURE, small, path], cwd=repository, capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 <= 12 * len(text)


def test_displacements_beyond_what_numbers_hold(atoms: list[str], save: Save) -> None:
    model = read_model(save(displacements(atoms).replace(" 0.02", " 1e308", 1).encode(), "huge.cif"))
    assert len(model) == len(atoms)


def test_columns_of_another_category_in_the_table(atoms: list[str], save: Save) -> None:
    text = several_chains(atoms).replace("_atom_site.Cartn_x", "_other.Cartn_x")
    with pytest.raises(FileFormatError, match="without coordinates"):
        read_model(save(text.encode(), "other.cif"))


def test_numbers_between_quotes(atoms: list[str], save: Save) -> None:
    plain = read_model(save(several_chains(atoms).encode(), "plain.cif"))
    lines = several_chains(atoms).split("\n")
    for place, line in enumerate(lines):
        if line.startswith(("ATOM", "HETATM")):
            lines[place] = " ".join(word if word in (".", "?") else f'"{word}"' for word in line.split())
    model = read_model(save("\n".join(lines).encode(), "quoted.cif"))
    np.testing.assert_array_equal(model.coordinates, plain.coordinates)
    np.testing.assert_array_equal(model.b_factors, plain.b_factors)


def test_a_block_with_a_name_in_other_letters(atoms: list[str], save: Save) -> None:
    text = several_chains(atoms).replace("data_string", "data_Müller_β2")
    assert len(read_model(save(text.encode(), "named.cif"))) == len(read_model(save(several_chains(atoms).encode(), "plain.cif")))
