"""Reading a model file of any kind."""

from pathlib import Path
from typing import TYPE_CHECKING

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import METRIC, PREDICTORS
from difffit_core.errors import FileFormatError
from difffit_core.io.files import check_readable, check_suffix, stem_of, suffix_of
from difffit_core.io.models.build import model_of
from difffit_core.io.models.formats import MODEL_SUFFIXES, PDB_SUFFIXES
from difffit_core.io.models.mmcif import correct_elements, mmcif_parts
from difffit_core.io.models.parts import Choice, Part, choose, join
from difffit_core.io.models.pdb import pdb_parts
from difffit_core.io.models.text import clean_text
from difffit_core.io.packing import READ_ERRORS, open_binary, packing_of
from difffit_core.io.strangers import foreign

if TYPE_CHECKING:
    import gemmi

_MAX_GZIP_RATIO = 200
_HEAD_BYTES = 1 << 16


def read_model(path: Path, models: str = "") -> AtomicModel:
    """Read a .pdb, .ent, .cif or .mmcif file, plain or gzipped.

    Everything read is kept in the arrays and in ``structure``. Left out of the fit (``in_fit`` False) is what has no place in a map's
    density: hydrogen and deuterium, water, ions, dummies and the lipids of whole membranes under the names that depositions and simulation
    programs give them (`kinds`), the additives of crystallisation buffers, unknown elements, and of every residue with alternate locations
    all but the one with the highest summed occupancy (the first of equals). Proteins, nucleic acids, modified residues, sugars and other
    ligands (haem, ATP, ...) are in. What had to be guessed, repaired or left out is in ``notes``.

    Parameters
    ----------
    path : the file
    models : of a file with several models the numbers to read, parted by commas, or ``all``; empty for what the atoms say (`parts.choose`)

    Raises
    ------
    UserError
        If the file is absent or may not be read, or does not hold the models that were asked for.
    FileFormatError
        If it is no such file, is damaged, holds no atoms or none for a fit, or has coordinates that are no numbers.
    """
    path = Path(path)
    content = _unpacked(path)
    if other := foreign(content[:512]):
        raise FileFormatError(f"{path}: must be a model in PDB or mmCIF format, got {other}")
    content, notes = clean_text(content)
    pdb = suffix_of(path) in PDB_SUFFIXES
    if pdb and _looks_like_mmcif(content):
        pdb = False
        notes.append("it is mmCIF, whatever its name says, and was read as that")
    elif not pdb and _looks_like_pdb(content):
        pdb = True
        notes.append("it is in PDB format, whatever its name says, and was read as that")
    try:
        if pdb:
            prediction = _named_predictor(content[:_HEAD_BYTES].partition(b"\nATOM")[0].decode("utf-8", "replace"))
            text = content.decode()
            del content
            parts = pdb_parts(path, text, notes)
            del text
        else:
            parts, block = mmcif_parts(path, content, notes)
            prediction = _stated_metric(block)
            del content, block
        structure, choice = _chosen(path, parts, models, notes)
        if not pdb:
            correct_elements(structure, notes)
    except (RuntimeError, ValueError, IndexError) as error:
        kind = "PDB" if pdb else "mmCIF"
        raise FileFormatError(f"{path}: cannot be read as {kind} ({' '.join(str(error).split())})") from error
    return model_of(path, structure, notes, choice, prediction)


def _unpacked(path: Path) -> bytes:
    """The content; unpacked here, not by gemmi, so that a damaged or hostile .gz cannot ask for any amount of memory."""
    size = check_readable(path)
    check_suffix(path, MODEL_SUFFIXES, "model")
    limit = size * _MAX_GZIP_RATIO + (1 << 20) if packing_of(path) else size
    try:
        with open_binary(path) as stream:
            content = stream.read(limit + 1)
    except READ_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    if len(content) > limit:
        raise FileFormatError(f"{path}: a packed model must unpack to at most {_MAX_GZIP_RATIO} times its size of {size} bytes, got more")
    return content


def _looks_like_mmcif(content: bytes) -> bool:
    head = content[:_HEAD_BYTES]
    lines = (line.lstrip() for line in head.split(b"\n"))
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    return first[:5].lower() == b"data_" and b"_atom_site." in content


def _looks_like_pdb(content: bytes) -> bool:
    return content.startswith((b"ATOM  ", b"HETATM", b"HEADER ", b"CRYST1", b"REMARK", b"TITLE ", b"MODEL ")) and (
        content.startswith((b"ATOM  ", b"HETATM")) or b"\nATOM  " in content or b"\nHETATM" in content
    )


def _chosen(path: Path, parts: list[Part], models: str, notes: list[str]) -> "tuple[gemmi.Structure, Choice]":
    """One structure of one model: the part or parts to read."""
    if not parts:
        raise FileFormatError(f"{path}: a model must hold atoms, got none (no ATOM or HETATM record that can be read)")
    choice = choose(path, parts, models)
    structures = []
    for index in choice.chosen:
        structure = parts[index].structure()
        if len(structure) == 0 or structure[0].count_atom_sites() == 0:
            raise FileFormatError(f"{path}: a model must hold atoms, got none (no ATOM or HETATM record that can be read)")
        structures.append(structure)
    structure, renamed = join(structures)
    notes += [note for note in (choice.note, renamed) if note]
    structure[0].num = 1
    structure.name = stem_of(path)
    structure.merge_chain_parts()
    _tidy_names(structure, notes)
    structure.setup_entities()
    return structure, choice


def _tidy_names(structure: "gemmi.Structure", notes: list[str]) -> None:
    """Blanks in place of line ends and tabs in the names of chains, and a letter for alternate locations that are none, so that both can be
    written.
    """
    for chain in list(structure[0]):
        name = " ".join(chain.name.split())
        if name != chain.name:
            taken = {one.name for one in structure[0]}
            structure.rename_chain(chain.name, name if name not in taken else f"{name}_{len(taken)}")
            notes.append(f"the name of a chain held line ends or blanks that mean nothing; it was read as {name or '(blank)'}")
    odd = 0
    for residue in (residue for chain in structure[0] for residue in chain):
        if _is_odd(residue.seqid.icode):
            residue.seqid.icode, odd = "X", odd + 1
        for atom in residue:
            if atom.altloc != "\0" and _is_odd(atom.altloc):
                atom.altloc, odd = "X", odd + 1
    if odd:
        notes.append(f"{odd} letters of insertions or alternate locations are none that mmCIF can hold; they were read as X")


_ODD = frozenset("'\"#_$?.[];")


def _is_odd(letter: str) -> bool:
    """Whether mmCIF cannot hold a letter by itself; letters outside ASCII stand here as control characters."""
    return letter in _ODD or not " " <= letter <= "~"


def _named_predictor(text: str) -> str | None:
    text = text.lower()
    word = next((word for word in PREDICTORS if word in text), None)
    if word == "parent n/a":
        return "the head of the file says parent n/a, as ESMFold and OpenFold write"
    return None if word is None else f"the head of the file names {word.strip('-')}"


def _stated_metric(block: "gemmi.cif.Block") -> str | None:
    names = [*block.find_values("_ma_qa_metric.name"), *block.find_values("_ma_qa_metric.type")]
    if any("plddt" in name.lower() for name in names):
        return METRIC
    fields = ("_struct.title", "_entry.id", "_software.name")
    return _named_predictor(" ".join(value for name in fields for value in block.find_values(name)))
