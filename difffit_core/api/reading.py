"""Maps and models: from files, or as they were read before."""

import warnings
from collections.abc import Sequence
from importlib.resources import files
from os import PathLike
from pathlib import Path

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap

FilePath = str | PathLike[str]
MapLike = DensityMap | FilePath
ModelLike = AtomicModel | FilePath


class DiffFitWarning(UserWarning):
    """What was guessed, repaired or left out in reading, or is to be known before a result is trusted."""


def read_map(path: FilePath) -> DensityMap:
    """Read a map: .mrc, .map, .ccp4 or .rec, packed or not.

    What the reader had to decide or repair is in ``notes`` and is told by `DiffFitWarning`.

    Parameters
    ----------
    path : of the file

    Raises
    ------
    UserError
        If there is no such file, or it is no map.

    Examples
    --------
    >>> import difffit_core as df
    >>> m = df.read_map(df.example_map())
    >>> m
    <DensityMap 1bd2_4A: 94 × 63 × 104 voxels of 1.4 Å>
    >>> m.values.shape  # indexed [z, y, x]
    (104, 63, 94)
    """
    from difffit_core.io.maps import read_map as read

    found = read(Path(path))
    tell(found.notes)
    return found


def read_model(path: FilePath, chains: str | Sequence[str] = (), models: str = "") -> AtomicModel:
    """Read a model: .pdb, .ent, .cif or .mmcif, packed or not.

    What the reader had to decide or repair is in ``notes`` and is told by `DiffFitWarning`.

    Parameters
    ----------
    path : of the file
    chains : take these alone: names, or a text of names with commas between them; all if there are none
    models : which of several models in the file: numbers with commas between them, or ``all``; empty for what the file says

    Raises
    ------
    UserError
        If there is no such file, it is no model, or it has no such chain.

    Examples
    --------
    >>> import difffit_core as df
    >>> df.read_model(df.example_model(), chains="D,E")
    <AtomicModel 1bd2_moved: 3296 atoms, 432 residues in chains D, E>
    """
    from difffit_core.io.models import read_model as read

    found = read(Path(path), models)
    tell(found.notes)
    return chosen(found, chains)


def example_map() -> Path:
    """The map that ships with the program, of 4 Å resolution.

    Examples
    --------
    >>> import difffit_core as df
    >>> df.example_map().name
    '1bd2_4A.mrc.gz'
    """
    return _example("1bd2_4A.mrc.gz")


def example_model() -> Path:
    """The model that ships with the program, moved away from where it belongs in the map.

    Examples
    --------
    >>> import difffit_core as df
    >>> df.example_model().name
    '1bd2_moved.pdb.gz'
    """
    return _example("1bd2_moved.pdb.gz")


def as_map(given: MapLike) -> DensityMap:
    """What was read, or is to be read now."""
    return given if isinstance(given, DensityMap) else read_map(given)


def as_model(given: ModelLike, chains: str | Sequence[str] = ()) -> AtomicModel:
    """What was read, or is to be read now, of these chains."""
    return chosen(given, chains) if isinstance(given, AtomicModel) else read_model(given, chains)


def chosen(model: AtomicModel, chains: str | Sequence[str]) -> AtomicModel:
    """Some chains of a model, or all of it."""
    names = [name.strip() for name in chains.split(",")] if isinstance(chains, str) else list(chains)
    return model.select_chains(names) if any(names) else model


def tell(sentences: Sequence[str]) -> None:
    """Warn of each, where the caller of the API stands."""
    for sentence in sentences:
        warnings.warn(sentence, DiffFitWarning, stacklevel=4)


def _example(name: str) -> Path:
    return Path(str(files("difffit_resources").joinpath("example", name)))
