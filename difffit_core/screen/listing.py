"""The models of a library: which files there are, which parts of them are tried, and which are left out."""

import hashlib
import logging
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from difffit_core.align.body import is_map, map_body
from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.escaping import sql
from difffit_core.fetch.accession import Accession, Archive, is_accession, parse_accession
from difffit_core.io.files import suffix_of
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.io.maps import read_map
from difffit_core.io.models import MODEL_SUFFIXES, read_model
from difffit_core.io.regular import read_text
from difffit_core.screen.content import check_content
from difffit_core.screen.filters import Filters
from difffit_core.screen.outcome import LeftOut
from difffit_core.screen.rows import ScreenRow

_logger = logging.getLogger(__name__)
_SUFFIXES = (*MODEL_SUFFIXES, *MAP_SUFFIXES)
"""Of models, and of maps in their place."""
_DOMAIN = re.compile(r"D\d+")


def accessions_in(library: Path) -> dict[str, Accession]:
    """Lines of a text file that name models by accession, and no file: P12345, AF-P12345-F1, 6WTI; none for other kinds of libraries.

    Raises
    ------
    UserError
        If it cannot be read, or names a map.
    """
    if not os.path.isfile(library) or suffix_of(library) in MODEL_SUFFIXES:
        return {}
    found = {line: parse_accession(line) for line in _lines(library) if is_accession(line) and not (library.parent / line).exists()}
    for line, accession in found.items():
        if accession.archive is Archive.EMDB:
            raise UserError(f"{library}: a library names models, got the map {line}")
    return found


def list_library(
    library: Path, fetched: Sequence[Path] = (), without: Collection[str] = (), screened: DensityMap | None = None
) -> tuple[Path, ...]:
    """Absolute paths of the models of a library, in order of their names, each once.

    A library is a folder, searched with all its subfolders (hidden ones left out), of models, or of maps in their place (maps that lie
    among models are likely what these are for; they are left out, and that is said); a text file with a path a line, relative ones from the
    file's own folder, empty lines and those that begin with # left out; or a single model. Instead of the lines ``without`` of a text file
    come the files that were ``fetched`` for them. Of a folder, the files of the map that is ``screened`` are no part.

    Raises
    ------
    UserError
        If there is no such library, or it names no model.
    FileFormatError
        If it is neither of these.
    """
    library = Path(library)
    if os.path.isdir(library):
        found = _in_folder(library, screened)
        what = f"files that end in {', '.join(_SUFFIXES)} (or that with .gz)"
    elif not os.path.lexists(library):
        raise UserError(f"{library}: no such folder or file of a library")
    elif suffix_of(library) in _SUFFIXES:
        found, what = [library], "a model"
    else:
        found = [library.parent / line for line in _lines(library) if line not in without] + list(fetched)
        what = "one path a line"
    strange = [path for path in found if not _is_text(path)]
    if strange:
        _logger.warning("%d files of the library are left out, for their names are no text, for one %s", len(strange), strange[0])
        found = [path for path in found if _is_text(path)]
    if not found:
        raise UserError(f"{library}: a library must hold {what}, got none")
    return tuple(sorted({path.absolute() for path in found}))


def _in_folder(library: Path, screened: DensityMap | None) -> list[Path]:
    names = () if screened is None else (screened.path, *(screened.half_maps or ()))
    own = {Path(name).resolve() for name in names if name}
    found = [path for path in library.rglob("*") if suffix_of(path) in _SUFFIXES and not _hidden(path, library)]
    found = [path for path in found if path.resolve() not in own]
    models = [path for path in found if suffix_of(path) in MODEL_SUFFIXES]
    if models and len(models) < len(found):
        maps = [path for path in found if path not in set(models)]
        _logger.warning(
            "%s among the models of the library %s left out; a text file with a path a line takes both",
            *((f"the map {maps[0]}", "is") if len(maps) == 1 else (f"{len(maps)} maps, as {maps[0]},", "are")),
        )
        return models
    return found


def _is_text(path: Path) -> bool:
    """Whether the name can be kept, as one of bytes that are no UTF-8 cannot."""
    try:
        sql.text(str(path))
    except UserError:
        return False
    return True


def _hidden(path: Path, library: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(library).parts)


def _lines(file: Path) -> list[str]:
    lines = read_text(file, what="a folder or a text file with a path a line").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def read_entry(path: Path, part: str, filters: Filters, resolution: float | None = None) -> AtomicModel:
    """The model of a file, or the chain or domain ``part`` of it, as the filters let it in.

    A map in the place of a model, for a screened map of that ``resolution`` in Å, passes those filters, which ask about residues.

    Raises
    ------
    LeftOut
        If they do not.
    UserError
        If it cannot be read.
    """
    if is_map(path):
        if resolution is None:
            raise ValueError("a map in the place of a model needs the resolution of the map that is screened")
        return map_body(read_map(path), resolution)
    model = _part(path, part, filters) if part else read_chosen(path, filters.models)
    if filters.min_plddt:
        model = replace(model, in_fit=model.in_fit & (model.b_factors >= filters.min_plddt))
    residues = model.residue_count
    confident = f" of pLDDT {filters.min_plddt:g} or more" if filters.min_plddt else ""
    if residues < max(filters.min_residues, 1):
        raise LeftOut(f"{residues} residues{confident}, fewer than {max(filters.min_residues, 1)}")
    if filters.max_residues and residues > filters.max_residues:
        raise LeftOut(f"{residues} residues{confident}, more than {filters.max_residues}")
    return model


def read_row(row: ScreenRow, filters: Filters, resolution: float | None = None) -> AtomicModel:
    """What was tried of a row of a screen, as `read_entry` gives it.

    Raises
    ------
    LeftOut, UserError
        As there; also if the file has changed since.
    """
    check_content(Path(row.path), row.content)
    return read_entry(Path(row.path), row.part, filters, resolution)


def read_chosen(path: Path, models: str) -> AtomicModel:
    """The model of a file, or those of its models that were asked for, where it holds several.

    Raises
    ------
    UserError
        If it cannot be read, or does not hold them.
    """
    model = read_model(path)
    return read_model(path, models) if models and len(model.held) > 1 else model


def told_of(model: AtomicModel) -> str:
    """Which of several models in its file it is, in words; empty where that holds one."""
    if not model.models:
        return ""
    return f"{'all models' if model.models == 'all' else f'model {model.models}'} of a file that holds {len(model.held)}"


def _part(path: Path, part: str, filters: Filters) -> AtomicModel:
    if not is_domain(part, filters):
        model = read_chosen(path, filters.models)
        return replace(model.select_chains([part]), name=f"{model.name}:{part}")
    from difffit_core.screen.domains import domains_of

    for domain in domains_of(path, filters.min_plddt, filters.models):
        if domain.name.endswith(f":{part}"):
            return replace(domain.model, name=domain.name)
    raise UserError(f"{path}: has no domain {part} any more; the file, or its predicted aligned errors, have changed")


def is_whole(part: str, filters: Filters) -> bool:
    """Whether what is tried is the whole file or whole chains of it."""
    return not filters.min_plddt and not is_domain(part, filters)


def is_domain(part: str, filters: Filters) -> bool:
    """Whether a part of a file is a domain of it, rather than a chain, or all of it.

    D1, D2, ... are domains also where no split was asked for: an assembly tries those of predictions that do not stand out whole.
    """
    if filters.split == "none":
        return _DOMAIN.fullmatch(part) is not None
    return bool(part) and filters.split == "domain"


def parts_of(path: Path, filters: Filters) -> tuple[str, ...]:
    """Names of the chains or domains into which a file is to be split; empty if it is tried as a whole.

    Raises
    ------
    LeftOut
        If it has no domain.
    UserError
        If it cannot be read.
    """
    if filters.split == "none" or is_map(path):
        return ()
    if filters.split == "domain":
        from difffit_core.screen.domains import domains_of

        return tuple(domain.name.rpartition(":")[2] for domain in domains_of(path, filters.min_plddt, filters.models))
    model = read_chosen(path, filters.models)
    chains = tuple(dict.fromkeys(model.chain_names[model.in_fit].tolist()))
    return chains if len(chains) > 1 else ()


def seed_of(model: AtomicModel, seed: int) -> int:
    """Seed of a model's own draws: from what is fitted, so that neither its name nor its place in the library matters."""
    content = hashlib.sha256(str(seed).encode())
    content.update(model.fit_coordinates.tobytes())
    content.update(model.fit_atomic_numbers.tobytes())
    return int.from_bytes(content.digest()[:7], "little")
