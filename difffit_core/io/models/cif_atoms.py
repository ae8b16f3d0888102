"""The structure of a block of mmCIF whose tables of atoms are parsed by gemmi a few rows at a time: the same as from the whole block."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from difffit_core.errors import FileFormatError
from difffit_core.io.models.cif_columns import Columns
from difffit_core.io.models.cif_text import DISPLACEMENTS, SITE, Table, line_of

if TYPE_CHECKING:
    import gemmi

_MOST_DIGITS = 9
_TENSOR = ("U[1][1]", "U[2][2]", "U[3][3]", "U[1][2]", "U[1][3]", "U[2][3]")


def structure_of(
    path: Path, content: bytes, head: "gemmi.cif.Block", atoms: Table, displacements: Sequence[Table], notes: list[str]
) -> "gemmi.Structure":
    """What gemmi makes of a block, and its atoms.

    Parameters
    ----------
    path : for what is said
    content : the file's text, which the tables' offsets are of
    head : all else of the block; it is given the first atoms
    atoms, displacements : its tables
    notes : columns that were filled in are added

    Raises
    ------
    FileFormatError
        If the table lacks what tells atoms apart.
    """
    import gemmi

    head.find_mmcif_category("_pdbx_sifts_xref_db.").erase()
    columns = Columns(path, atoms.own, no_numbers="auth_seq_id" not in atoms.own and _is_empty(path, content, atoms, "label_seq_id"))
    tensors = _Displacements(path, content, head, displacements)
    structure: gemmi.Structure | None = None
    for piece in _pieces(path, content, atoms):
        columns.fill(piece)
        _check_numbers(path, piece)
        tensors.add_to(piece)
        if structure is None:
            for item in piece:
                head.add_item(item)
            structure = gemmi.make_structure_from_block(head)
            joined = _Joined(structure, head)
            for category in (SITE, DISPLACEMENTS):
                head.find_mmcif_category(category).erase()
        else:
            joined.add(piece)
    assert structure is not None
    notes += columns.notes()
    _finish(structure, head)
    return structure


def _check_numbers(path: Path, piece: "gemmi.cif.Block") -> None:
    """Refuse numbers of residues that end up as others, since they are kept in 32 bits."""
    longest = max(piece.find_values(f"{SITE}auth_seq_id"), key=len, default="")
    if len(longest.lstrip("-+0")) > _MOST_DIGITS:
        raise FileFormatError(f"{path}: numbers of residues must have at most {_MOST_DIGITS} digits, got {longest[:30]}")


def structure_of_one(path: Path, head: "gemmi.cif.Block", notes: list[str]) -> "gemmi.Structure":
    """The same of a block whose ``_atom_site`` is one atom, which writers may give as pairs.

    Raises
    ------
    FileFormatError
        If it lacks what tells atoms apart.
    """
    import gemmi

    category = head.get_mmcif_category(SITE)
    head.find_mmcif_category(SITE).erase()
    head.set_mmcif_category(SITE, category)
    columns = Columns(path, {name.lower() for name in category}, no_numbers=category.get("label_seq_id") in (None, [None], [False], ["."]))
    columns.fill(head)
    notes += columns.notes()
    structure = gemmi.make_structure_from_block(head)
    head.find_mmcif_category(SITE).erase()
    return structure


def _pieces(path: Path, content: bytes, table: Table) -> "Iterator[gemmi.cif.Block]":
    """Some rows of a table at a time, as blocks with nothing else."""
    import gemmi

    start = ("data_piece\nloop_\n" + "\n".join(table.tags)).encode()
    for place, text in table.pieces(content):
        try:
            yield gemmi.cif.read_string(start + text + b"\n", check_level=0)[0]
        except (RuntimeError, ValueError) as error:
            reason = str(error).rpartition("): ")[2]
            raise FileFormatError(f"{path}: cannot be read as mmCIF (rows from line {line_of(content, place + 1)} on: {reason})") from error


def _is_empty(path: Path, content: bytes, table: Table, column: str) -> bool:
    return all(value in (".", "?", "") for piece in _pieces(path, content, table) for value in piece.find_values(SITE + column))


class _Displacements:
    """Anisotropic displacements by the atom's id, the first of each; six numbers an atom, in Å²."""

    def __init__(self, path: Path, content: bytes, head: "gemmi.cif.Block", tables: Sequence[Table]) -> None:
        self._rows: dict[str, int] = {}
        blocks = _pieces(path, content, tables[0]) if tables else iter([head])
        values = [values for block in blocks if len(values := self._read(block))]
        self._values = np.concatenate(values) if values else np.empty((0, 6), np.float32)
        head.find_mmcif_category(DISPLACEMENTS).erase()

    def _read(self, block: "gemmi.cif.Block") -> np.ndarray:
        from gemmi.cif import as_number

        table = block.find(DISPLACEMENTS, ["id", *_TENSOR])
        with np.errstate(over="ignore"):
            numbers = np.array([[as_number(row[1 + i]) for i in range(6)] for row in table], np.float32).reshape(-1, 6)
        before = len(self._rows)
        new: list[int] = []
        for place, row in enumerate(table):
            if row[0] not in self._rows:
                self._rows[row[0]] = before + len(new)
                new.append(place)
        return numbers[new]

    def add_to(self, piece: "gemmi.cif.Block") -> None:
        """Beside the atoms of a piece, their displacements."""
        if not self._rows:
            return
        ids = [name for name in piece.find_values(SITE + "id") if name in self._rows]
        if ids:
            loop = piece.init_loop(DISPLACEMENTS, ["id", *_TENSOR])
            for name in dict.fromkeys(ids):
                loop.add_row([name, *(f"{x:.9g}" for x in self._values[self._rows[name]].tolist())])


class _Joined:
    """Appends atoms as if one table had held them: a chain goes on where the last row stood in it, and so do its residues."""

    def __init__(self, whole: "gemmi.Structure", head: "gemmi.cif.Block") -> None:
        self._whole = whole
        self._full_names = dict(_full_names(head))
        self._model = _last_model(head)

    def add(self, piece: "gemmi.cif.Block") -> None:
        """The next rows."""
        import gemmi

        more = gemmi.make_structure_from_block(piece)
        for short, full in self._full_names.items():
            more.rename_residues(short, full)
        for number, model in enumerate(more):
            into = self._whole.find_or_add_model(model.num)
            for place, chain in enumerate(model):
                goes_on = number == place == 0 and model.num == self._model and len(into) > 0 and into[-1].name == chain.name
                if goes_on:
                    _go_on(into[-1], chain)
                else:
                    into.add_chain(chain)
        self._model = _last_model(piece)


def _go_on(chain: "gemmi.Chain", more: "gemmi.Chain") -> None:
    """Residues of the same number and name go on as well, wherever they stand in the chain."""
    seen = {_key(residue): place for place, residue in reversed(list(enumerate(chain)))}
    for residue in more:
        place = seen.get(_key(residue))
        if place is None:
            seen[_key(residue)] = len(chain)
            chain.add_residue(residue)
        else:
            for atom in residue:
                chain[place].add_atom(atom)


def _key(residue: "gemmi.Residue") -> tuple[int | None, int, str]:
    return residue.seqid.num, ord(residue.seqid.icode) | 0x20, residue.name


def _last_model(block: "gemmi.cif.Block") -> int:
    numbers = block.find_values(SITE + "pdbx_PDB_model_num")
    if not numbers:
        return 1
    from gemmi.cif import as_int

    return as_int(numbers[len(numbers) - 1], 0)


def _full_names(head: "gemmi.cif.Block") -> "Iterator[tuple[str, str]]":
    """Of residues that gemmi wrote under short names, and has given back their own in the head."""
    for row in head.find("_chem_comp.", ["id", "three_letter_code"]):
        if row.str(0).startswith("~") and row.str(1) and not row.str(1).startswith("~"):
            yield row.str(0), row.str(1)


def _finish(structure: "gemmi.Structure", head: "gemmi.cif.Block") -> None:
    """What gemmi tells from all atoms at once: the parts of entities, kinds of residues, and links that are given by parts' names."""
    import gemmi

    by_name = {entity.name: entity for entity in structure.entities}
    if not head.find("_struct_asym.", ["id", "entity_id"]) and len(structure):
        for entity in structure.entities:
            entity.subchains = []
        for name, part in dict.fromkeys((residue.entity_id, residue.subchain) for chain in structure[0] for residue in chain):
            if name in by_name:
                by_name[name].subchains = [*by_name[name].subchains, part]
    kinds = {part: entity.entity_type for entity in reversed(list(structure.entities)) for part in entity.subchains}
    for residue in (residue for model in structure for chain in model for residue in chain):
        other = gemmi.EntityType.Water if residue.is_water() else gemmi.EntityType.Unknown
        residue.entity_type = kinds.get(residue.subchain, other) if residue.subchain else other
    for end in (1, 2):
        if not all(head.find_values(f"_struct_conn.ptnr{end}_auth_{what}_id") for what in ("asym", "seq")):
            _link_parts(structure, head, end)


def _link_parts(structure: "gemmi.Structure", head: "gemmi.cif.Block", end: int) -> None:
    """Chain and number of one end of each link that is given by the name of a part and a number in it."""
    from gemmi.cif import as_int

    table = head.find("_struct_conn.", ["id", f"ptnr{end}_label_asym_id", f"ptnr{end}_label_seq_id"])
    if not table or not len(structure):
        return
    chains: dict[str, str] = {}
    places: dict[tuple[str, int | None], tuple[str, gemmi.SeqId]] = {}
    for chain in structure[0]:
        for residue in chain:
            chains[residue.subchain] = chain.name
            places.setdefault((residue.subchain, residue.label_seq), (chain.name, residue.seqid))
    for row, connection in zip(table, structure.connections, strict=False):
        partner = connection.partner1 if end == 1 else connection.partner2
        part, number = row.str(1), None if row.str(2) in ("", ".", "?") else as_int(row[2])
        if (part, number) in places:
            partner.chain_name, partner.res_id.seqid = places[part, number]
        else:
            partner.chain_name = chains.get(part, "")
