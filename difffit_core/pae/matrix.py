"""Predicted aligned errors: reading them in every layout that predictors publish, and those of a model's residues."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.errors import FileFormatError
from difffit_core.io.files import check_readable
from difffit_core.io.json_text import MATRIX, read_json
from difffit_core.io.packing import READ_ERRORS, open_binary
from difffit_core.pae.arrays import array_of, is_array_file
from difffit_core.pae.rows import rows_of

MATRICES = ("predicted_aligned_error", "pae", "token_pair_pae")
"""Names under which the matrix stands."""
_LARGEST = 1 << 30
_CHUNK = 1 << 20
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class AlignedErrors:
    """``errors`` (R, R) in Å, row i aligned and column j read; ``tokens``, if the file names them, chain and residue number of each row.

    ``path`` is what to call the file.
    """

    errors: Array
    tokens: tuple[tuple[str, int], ...] | None = None
    path: Path | str = "the file"


def read_pae(path: Path) -> AlignedErrors:
    """Read predicted aligned errors, plain or packed.

    Known are the AlphaFold database's layouts (a list of one object, with ``predicted_aligned_error`` as a matrix since version 3, and with
    ``residue1``, ``residue2`` and ``distance`` before), ColabFold's and AlphaFold's own (an object with ``pae`` or
    ``predicted_aligned_error``), AlphaFold 3's and OpenFold 3's (the same with ``token_chain_ids`` and ``token_res_ids``), Protenix's
    (``token_pair_pae``), and the NumPy files of Boltz, Chai and others (.npz or .npy).

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is no such file; a pickle is never opened, since reading one may run whatever it says.
    """
    check_readable(path)
    if is_array_file(path):
        return AlignedErrors(_checked(path, lambda: _square(array_of(path, MATRICES))), None, path)
    try:
        with open_binary(path) as stream:
            content = bytearray()  # not one read of that many bytes, which would take the room for them
            while len(content) <= _LARGEST and (chunk := stream.read(_CHUNK)):
                content += chunk
        if len(content) > _LARGEST:
            raise FileFormatError(f"{path}: predicted aligned errors must unpack to at most {_LARGEST >> 20} MiB, got more")
        data = read_json(content, MATRIX)
    except READ_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    except ValueError as error:
        raise FileFormatError(f"{path}: cannot be read as JSON ({error})") from error
    entry = data[0] if isinstance(data, list) and len(data) == 1 else data
    if not isinstance(entry, dict):
        raise FileFormatError(f"{path}: predicted aligned errors must be a JSON object or a list of one, got {type(data).__name__}")
    errors = _checked(path, lambda: _matrix(entry))
    return AlignedErrors(errors, _checked(path, lambda: _tokens(entry, len(errors))), path)


def _checked(path: Path, make: Callable[[], _T]) -> _T:
    try:
        return make()
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        reason = " ".join(str(error).split())  # it may quote names of the file
        raise FileFormatError(f"{path}: holds no predicted aligned errors that can be read ({reason})") from error


def _matrix(entry: dict[str, Any]) -> Array:
    for name in MATRICES:
        if name in entry:
            errors = np.array(entry[name], np.float64)
            break
    else:
        if "distance" not in entry:
            raise ValueError(f"one of {', '.join(MATRICES)} or distance must be there, got {', '.join(list(entry)[:8]) or 'nothing'}")
        row, column, distance = (np.array(entry[name]) for name in ("residue1", "residue2", "distance"))
        count = int(max(row.max(), column.max()))
        if min(row.min(), column.min()) < 1 or not len(row) == len(column) == len(distance) == count * count:
            raise ValueError("residue1, residue2 and distance must name every pair of residues once, counted from 1")
        errors = np.full((count, count), np.nan)
        errors[row - 1, column - 1] = distance
    return _square(errors)


def _square(errors: Array) -> Array:
    if errors.ndim == 3 and len(errors) == 1:
        errors = errors[0]
    if errors.ndim != 2 or errors.shape[0] != errors.shape[1] or errors.shape[0] == 0:
        raise ValueError(f"the errors must be a square matrix, got shape {errors.shape}")
    if not np.isfinite(errors).all() or errors.min() < 0:
        raise ValueError("the errors must be finite and not negative")
    return errors


def _tokens(entry: dict[str, Any], count: int) -> tuple[tuple[str, int], ...] | None:
    if "token_chain_ids" not in entry or "token_res_ids" not in entry:
        return None
    tokens = tuple(zip(map(str, entry["token_chain_ids"]), map(int, entry["token_res_ids"]), strict=True))
    if len(tokens) != count:
        raise ValueError(f"there must be as many tokens as rows of errors, got {len(tokens)} and {count}")
    return tokens


def errors_of(model: AtomicModel, pae: AlignedErrors) -> Array:
    """The errors (R, R) between the model's residues that have atoms in the fit, in file order.

    Where the file names its rows, they are found by chain and residue number; else they are told from their number, as `rows_of` says. Of a
    residue with several rows (a ligand has one an atom, a modified residue may) it is the mean.

    Raises
    ------
    FileFormatError
        If they do not belong together.
    """
    rows, reason = rows_of(model, len(pae.errors), pae.tokens)
    if rows is None:
        raise FileFormatError(f"{pae.path}: predicted aligned errors must be those of {model.path or model.name}{reason}")
    if all(len(one) == 1 for one in rows):
        order = np.concatenate(rows)
        return np.asarray(pae.errors[np.ix_(order, order)])
    mean = np.zeros((len(rows), len(pae.errors)))
    for index, one in enumerate(rows):
        mean[index, one] = 1 / len(one)
    return np.asarray(mean @ pae.errors @ mean.T)
