"""Reading and writing atomic models in PDB and mmCIF, by gemmi."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import METRIC, PREDICTORS
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import atomic_write, check_readable, check_suffix, stem_of, suffix_of
from difffit_core.io.packing import READ_ERRORS, open_binary, packing_of
from difffit_core.pose import Pose

if TYPE_CHECKING:
    import gemmi

PDB_SUFFIXES = (".pdb", ".ent")
MMCIF_SUFFIXES = (".cif", ".mmcif")
MODEL_SUFFIXES = PDB_SUFFIXES + MMCIF_SUFFIXES

_MAX_GZIP_RATIO = 200
_FARTHEST_ATOM = 1e6
_PDB_MAX_ATOMS = 99_999
_HEAD_BYTES = 1 << 16


def read_model(path: Path) -> AtomicModel:
    """Read the first model of a .pdb, .ent, .cif or .mmcif file, plain or gzipped.

    Everything read is kept in the arrays and in ``structure``. Left out of the fit (``in_fit`` False) is what has no place in a map's
    density: hydrogen and deuterium, water, unknown elements, the ions and additives of crystallisation buffers (gemmi's table of
    residues: SO4, GOL, EDO, CL, NA, ZN, ...), and of every residue with alternate locations all but the one with the highest
    summed occupancy (the first of equals). Proteins, nucleic acids, modified residues, sugars and other ligands (haem, ATP, ...) are in.

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is no such file, is damaged, holds no atoms or none for a fit, or has coordinates that are not finite.
    """
    path = Path(path)
    structure, prediction = _parse(path)
    while len(structure) > 1 and structure[0].count_atom_sites() == 0:
        del structure[0]
    del structure[1:]
    if len(structure) == 0 or structure[0].count_atom_sites() == 0:
        raise FileFormatError(f"{path}: a model must hold atoms, got none (no ATOM or HETATM record that can be read)")
    structure.name = stem_of(path)
    structure.setup_entities()
    try:
        return replace(_to_model(path, structure), prediction=prediction)
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{path}: names of atoms, residues and chains must be text, got bytes that are not ({error.reason})"
        ) from error


def _parse(path: Path) -> tuple["gemmi.Structure", str | None]:
    """Text to structure, and what says that it is a prediction.

    Unpacked here, not by gemmi, so that a damaged or hostile .gz cannot ask for any amount of memory.
    """
    import gemmi

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
    try:
        if suffix_of(path) in PDB_SUFFIXES:
            structure = gemmi.read_pdb_string(content)
            prediction = _named_predictor(content[:_HEAD_BYTES].partition(b"\nATOM")[0].decode("latin-1"))
        else:
            document = gemmi.cif.read_string(content)
            del content
            block = _atom_block(path, document)
            structure = gemmi.make_structure_from_block(block)
            prediction = _stated_metric(block)
    except (RuntimeError, ValueError, IndexError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        kind = "PDB" if suffix_of(path) in PDB_SUFFIXES else "mmCIF"
        raise FileFormatError(f"{path}: cannot be read as {kind} ({reason})") from error
    structure.merge_chain_parts()
    return structure, prediction


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


def _atom_block(path: Path, document: "gemmi.cif.Document") -> "gemmi.cif.Block":
    for block in document:
        if block.find_values("_atom_site.Cartn_x"):
            return block
    raise FileFormatError(f"{path}: a model must hold atoms, got an mmCIF file without coordinates (_atom_site.Cartn_x)")


def _to_model(path: Path, structure: "gemmi.Structure") -> AtomicModel:
    residues = [(chain.name, residue) for chain in structure[0] for residue in chain]
    counts = [len(residue) for _, residue in residues]
    total = sum(counts)

    def atoms() -> Iterator["gemmi.Atom"]:
        """One after the other, so that no Python object stays for every atom."""
        return (atom for _, residue in residues for atom in residue)

    coordinates = np.fromiter((x for atom in atoms() for x in atom.pos.tolist()), np.float64, 3 * total).reshape(total, 3)
    atomic_numbers = np.fromiter((atom.element.atomic_number for atom in atoms()), np.int16, total)
    bad = ~(np.isfinite(coordinates) & (np.abs(coordinates) <= _FARTHEST_ATOM)).all(axis=1)
    if bad.any():
        first = int(np.argmax(bad))
        raise FileFormatError(
            f"{path}: coordinates must be finite and within {_FARTHEST_ATOM:g} Å, got {int(bad.sum())} atoms where they are not, "
            f"the first being atom {first + 1} at {', '.join(f'{x:g}' for x in coordinates[first])}"
        )
    seen = [(chain, str(residue.seqid)) for chain, residue in residues]
    starts = [i == 0 or seen[i] != seen[i - 1] for i in range(len(seen))]
    residue_index = np.repeat(np.cumsum(starts) - 1, counts).astype(np.int32)
    fits = np.repeat([_has_density(residue) for _, residue in residues], counts)
    hydrogen = np.fromiter((atom.is_hydrogen() for atom in atoms()), bool, total)
    locations = np.fromiter((ord(atom.altloc) for atom in atoms()), np.int16, total)
    occupancy = np.fromiter((atom.occ for atom in atoms()), np.float32, total)
    chosen = _chosen_location(residue_index, locations, occupancy)
    in_fit: NDArray[np.bool_] = fits & ~hydrogen & (atomic_numbers > 0) & chosen
    if not in_fit.any():
        raise FileFormatError(
            f"{path}: a model must hold atoms that can be seen in a map, got only hydrogens, waters, buffer or unknown elements"
        )
    return AtomicModel(
        coordinates=coordinates,
        atomic_numbers=atomic_numbers,
        atom_names=np.array([atom.name for atom in atoms()], np.str_),
        residue_names=np.repeat(np.array([residue.name for _, residue in residues], np.str_), counts),
        chain_names=np.repeat(np.array([chain for chain, _ in residues], np.str_), counts),
        residue_numbers=np.repeat([residue.seqid.num or 0 for _, residue in residues], counts).astype(np.int32),
        residue_index=residue_index,
        b_factors=np.fromiter((atom.b_iso for atom in atoms()), np.float32, total),
        in_fit=in_fit,
        name=stem_of(path),
        path=path,
        structure=structure,
    )


def _has_density(residue: "gemmi.Residue") -> bool:
    import gemmi

    kind = gemmi.find_tabulated_residue(residue.name).kind
    return not residue.is_water() and kind not in (gemmi.ResidueKind.HOH, gemmi.ResidueKind.BUF)


def _chosen_location(residue_index: NDArray[np.int32], locations: NDArray[np.int16], occupancy: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Atoms (N,) without an alternate location, or of the one with the highest summed occupancy in its residue."""
    chosen: NDArray[np.bool_] = locations == 0
    alternate = np.flatnonzero(~chosen)
    by_residue = np.split(alternate, np.flatnonzero(np.diff(residue_index[alternate])) + 1)
    for atoms in by_residue:
        names = list(dict.fromkeys(locations[atoms].tolist()))
        if names:
            best = max(names, key=lambda name: round(float(occupancy[atoms][locations[atoms] == name].sum(dtype=np.float64)), 4))
            chosen[atoms[locations[atoms] == best]] = True
    return chosen


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
        write_text(path, structure.make_pdb_string())
    else:
        write_text(path, structure.make_mmcif_document().as_string())


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
    return ""
