"""Maps and models: from files, or as they were read before."""

import sys
import warnings
from collections.abc import Sequence
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError, shown
from difffit_core.io.regular import check_name
from difffit_core.pose import Pose
from difffit_core.recipes.words import names_in

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

    found = read(as_path(path, "path"))
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

    which: object = models
    found = read(as_path(path, "path"), which if isinstance(which, str) else shown(which))
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


def as_map(given: MapLike, name: str = "density_map") -> DensityMap:
    """What was read, or is to be read now; `UserError`, which calls it by its ``name``, where it is neither."""
    if isinstance(given, DensityMap):
        return given
    return read_map(as_path(given, name, "a map as it was read, or the name of its file"))


def as_model(given: ModelLike, chains: str | Sequence[str] = (), name: str = "model") -> AtomicModel:
    """What was read, or is to be read now, of these chains; `UserError`, which calls it by its ``name``, where it is neither."""
    if isinstance(given, AtomicModel):
        return chosen(given, chains)
    return read_model(as_path(given, name, "a model as it was read, or the name of its file"), chains)


def as_path(given: object, name: str, allowed: str = "the name of a file") -> Path:
    """The path that was given; `UserError`, with the name of the parameter and what is allowed, for anything that is none."""
    path = given.__fspath__() if isinstance(given, PathLike) else given
    if path == "":
        raise UserError(f"{name} must be {allowed}, got an empty text")
    if isinstance(path, str):
        check_name(Path(path))
        return Path(path)
    raise UserError(f"{name} must be {allowed}, got {in_words(given)}")


def in_words(given: object) -> str:
    """What came instead of what is allowed, shortly, with what of it may have been meant."""
    kind = type(given)
    if given is None or isinstance(given, bool | int | float | bytes):
        return shown(given)
    a_map = next((name for name in ("map", "aligned") if isinstance(getattr(given, name, None), DensityMap)), "")
    a_model = "model" if isinstance(getattr(given, "model", None), AtomicModel) else ""
    parts = " and ".join(f".{name}" for name in (a_map, a_model) if name)
    return f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}" + (f", of which {parts} may be meant" if parts else "")


def as_names(given: str | Sequence[str], name: str) -> tuple[str, ...]:
    """Names that were given as a list, or one of them alone, as a text; `UserError` for anything else."""
    if isinstance(given, str):
        return (given,) if given else ()
    listed: Any = given
    if isinstance(listed, Sequence) and all(isinstance(one, str) for one in listed):
        return tuple(listed)
    raise UserError(f"{name} must be a text, or a list of texts, got {in_words(given)}")


def as_pose(given: Any, name: str) -> Pose | None:
    """The pose that was given, if any; `UserError` for anything else."""
    if given is None or isinstance(given, Pose):
        return given
    hint = ", of which .pose may be meant" if isinstance(getattr(given, "pose", None), Pose) else ""
    raise UserError(f"{name} must be a Pose, as df.Pose(rotation, translation) makes it, got {in_words(given)}{hint}")


def chosen(model: AtomicModel, chains: str | Sequence[str]) -> AtomicModel:
    """Some chains of a model, or all of it."""
    names = names_in(chains, "chains") if isinstance(chains, str) else as_names(chains, "chains")
    return model.select_chains(names) if names else model


def tell(sentences: Sequence[str]) -> None:
    """Warn of each, at the line of the script or of the notebook that called the API, and every time that it does."""
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == _OURS:
        frame = frame.f_back
    place = (frame.f_code.co_filename, frame.f_lineno, str(frame.f_globals.get("__name__", "__main__")))
    for sentence in sentences:
        warnings.warn_explicit(sentence, DiffFitWarning, *place, registry={})


_OURS = __name__.partition(".")[0]


def _example(name: str) -> Path:
    return Path(str(files("difffit_resources").joinpath("example", name)))
