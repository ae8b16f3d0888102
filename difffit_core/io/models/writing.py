"""Writing models so that gemmi, and we, read the same atoms again, whatever their chains are called."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, cast

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.escaping import mmcif
from difffit_core.io.files import atomic_write, check_suffix, suffix_of
from difffit_core.io.models.formats import MODEL_SUFFIXES, PDB_SUFFIXES
from difffit_core.io.models.stand_ins import StandIns, change_texts, texts_of
from difffit_core.pose import Pose

if TYPE_CHECKING:
    import gemmi

_PDB_MAX_ATOMS = 99_999
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+*/:=@^~|-]*|")
_KEYWORD = re.compile(r"(data_|save_|loop_|stop_|global_).*", re.IGNORECASE)


def write_model(path: Path, model: AtomicModel, pose: Pose | None = None) -> None:
    """Write every atom of the model's chains (hydrogens, waters and alternate locations too) as PDB or mmCIF, by suffix.

    With a pose they are moved as `moved_structure` does. The file appears whole or not at all.

    Raises
    ------
    UserError
        If the name has another suffix, PDB cannot hold the model, or the file cannot be written.
    """
    check_suffix(Path(path), MODEL_SUFFIXES, "model", to_write=True)
    write_structure(path, moved_structure(model, pose))


def moved_structure(model: AtomicModel, pose: Pose | None) -> "gemmi.Structure":
    """Everything that was read of the model's chains, as a structure of its own.

    With a pose the atoms and their anisotropic displacements are moved, and what held for the old place only is dropped: the crystal's cell
    and space group, non-crystallographic symmetry and assembly operators.
    """
    import gemmi

    if model.structure is None:
        raise ValueError(f"model {model.name} was not read from a file, so there is no structure to write")
    structure = model.structure.clone()
    keep = set(model.chains)
    for name in [chain.name for chain in structure[0] if chain.name not in keep]:
        structure[0].remove_chain(name)
    if pose is not None:
        structure[0].transform_pos_and_adp(gemmi.Transform(gemmi.Mat33(pose.rotation.tolist()), gemmi.Vec3(*pose.translation.tolist())))
        structure.cell = gemmi.UnitCell()
        structure.spacegroup_hm = "P 1"
        structure.ncs = gemmi.NcsOpList()
        structure.assemblies.clear()
        structure.has_origx = False
    return structure


def check_writable(model: AtomicModel) -> None:
    """Try, without a file, that what a fit writes of a model can be read again with the same atoms; a search shall not end in vain.

    Raises
    ------
    UserError
        If it cannot.
    """
    import gemmi

    structure = moved_structure(model, Pose.identity())
    try:
        text = mmcif_document(structure).as_string()
        again = gemmi.make_structure_from_block(gemmi.cif.read_string(text).sole_block())
        again.merge_chain_parts()
        same = len(again) == 1 and _residues(again) == _residues(structure)
        reason = "other residues would be read again"
    except (RuntimeError, ValueError, IndexError) as error:
        same, reason = False, " ".join(str(error).split())
    if not same:
        raise UserError(
            f"{model.path or model.name}: what it holds cannot be written as mmCIF and read again ({reason}), so it was not searched"
        )


def _residues(structure: "gemmi.Structure") -> "Counter[tuple[str, str, str]]":
    """How many atoms there are of each; residues of two kinds in one place may stand atom by atom beside each other."""
    atoms: Counter[tuple[str, str, str]] = Counter()
    for chain in structure[0]:
        for residue in chain:
            atoms[chain.name, str(residue.seqid), residue.name] += len(residue)
    return atoms


def write_structure(path: Path, structure: "gemmi.Structure") -> None:
    """Write a structure as PDB or mmCIF, by suffix, gzipped where the name ends in .gz; the file appears whole or not at all.

    Raises
    ------
    UserError
        If the name has another suffix, PDB cannot hold the structure, or the file cannot be written.
    """
    path = Path(path)
    check_suffix(path, MODEL_SUFFIXES, "model", to_write=True)
    if suffix_of(path) in PDB_SUFFIXES:
        if reason := beyond_pdb(structure):
            raise UserError(f"{path}: the PDB format holds {reason}; write mmCIF (.cif) instead")
        write_text(path, _pdb_text(structure))
    else:
        write_text(path, mmcif_document(structure).as_string())


def _pdb_text(structure: "gemmi.Structure") -> str:
    """With a stand-in for each letter that is not ASCII while gemmi counts columns."""
    stand_ins = StandIns.for_text("\n".join(texts_of(structure)))
    if not stand_ins:
        return structure.make_pdb_string()
    written = structure.clone()
    change_texts(written, stand_ins.put)
    return stand_ins.take(written.make_pdb_string())


def mmcif_document(structure: "gemmi.Structure") -> "gemmi.cif.Document":
    """The structure as mmCIF.

    gemmi does not quote names of chains and of their parts in every place, so that names which need it have plain stand-ins meanwhile.
    """
    structure = structure.clone()
    for key, value in list(structure.info.items()):
        structure.info[key] = _one_line(value)
    structure.meta.authors = [_one_line(author) for author in structure.meta.authors]
    subchains = {residue.subchain for chain in structure[0] for residue in chain}
    if not all(map(_is_plain, subchains)):
        _name_parts_anew(structure)
    odd = [chain.name for chain in structure[0] if not _is_plain(chain.name)]
    if not odd:
        return structure.make_mmcif_document()
    taken = " ".join(chain.name for chain in structure[0]).lower()
    free = (f"Z{''.join(letters)}z" for letters in product(ascii_uppercase, repeat=4))
    stand_ins = {}
    for name in dict.fromkeys(odd):
        stand_in = next(word for word in free if word.lower() not in taken)
        structure.rename_chain(name, stand_in)
        stand_ins[stand_in] = name
    document = structure.make_mmcif_document()
    finds = re.compile("|".join(stand_ins))
    for item in document.sole_block():
        loop: gemmi.cif.Loop | None = item.loop
        pair = cast("Sequence[str] | None", item.pair)
        if loop is not None:
            for place, value in enumerate(loop.values):
                if "z" in value and finds.search(value):
                    loop[place // loop.width(), place % loop.width()] = _restored(value, finds, stand_ins)
        elif pair and finds.search(pair[1]):
            document.sole_block().set_pair(pair[0], _restored(pair[1], finds, stand_ins))
    return document


def _restored(value: str, finds: re.Pattern[str], stand_ins: dict[str, str]) -> str:
    import gemmi

    return mmcif.value(finds.sub(lambda found: stand_ins[found.group()], gemmi.cif.as_string(value)))


def _is_plain(name: str) -> bool:
    return bool(_PLAIN.fullmatch(name)) and not _KEYWORD.fullmatch(name)


def _one_line(text: str) -> str:
    """Without lines that begin with a semicolon, which end a text in mmCIF."""
    return re.sub(r"\n\s*;", "\n ;", text.lstrip("\n")) if "\n" in text else text


def _name_parts_anew(structure: "gemmi.Structure") -> None:
    """Give the parts of chains (``label_asym_id``) plain names."""
    names: dict[str, str] = {}
    free = (f"P{''.join(letters)}" for length in range(1, 5) for letters in product(ascii_uppercase, repeat=length))
    for residue in (residue for chain in structure[0] for residue in chain):
        if residue.subchain not in names:
            names[residue.subchain] = residue.subchain if residue.subchain == "" else next(free)
        residue.subchain = names[residue.subchain]
    for entity in structure.entities:
        entity.subchains = [names.get(name, name) for name in entity.subchains]


def write_text(path: Path, text: str) -> None:
    """Write text, gzipped where the name ends in .gz; the file appears whole or not at all.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    content = text.encode()
    if path.suffix.lower() == ".gz":
        import gzip

        content = gzip.compress(content, mtime=0)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def beyond_pdb(structure: "gemmi.Structure") -> str:
    """What of a structure the PDB format cannot hold, in words; empty where it holds all."""
    chains = list(structure[0])
    long_names = [chain.name for chain in chains if len(chain.name) > 1]
    atoms = structure[0].count_atom_sites()
    numbers = [residue.seqid.num or 0 for chain in chains for residue in chain]
    if long_names:
        return f"chain names of one letter, got {', '.join(long_names[:5])}"
    if atoms > _PDB_MAX_ATOMS:
        return f"at most {_PDB_MAX_ATOMS} atoms, got {atoms}"
    if max(numbers) > 9999 or min(numbers) < -999:
        return f"residue numbers of -999 to 9999, got {min(numbers)} to {max(numbers)}"
    if any(len(residue.name) > 3 for chain in chains for residue in chain):
        return "residue names of at most 3 letters"
    if any(len(atom.name) > 4 for chain in chains for residue in chain for atom in residue):
        return "atom names of at most 4 letters"
    return ""
