"""Predicted aligned errors: reading them from JSON in every layout that predictors publish."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.errors import FileFormatError
from difffit_core.io.files import check_readable
from difffit_core.io.packing import READ_ERRORS, open_binary

_MATRIX = ("predicted_aligned_error", "pae")
_LARGEST = 1 << 30


@dataclass(frozen=True, eq=False)
class AlignedErrors:
    """``errors`` (R, R) in Å, row i aligned and column j read; ``tokens``, if the file names them, chain and residue number of each row.

    ``path`` is what to call the file.
    """

    errors: Array
    tokens: tuple[tuple[str, int], ...] | None = None
    path: Path | str = "the file"


def read_pae(path: Path) -> AlignedErrors:
    """Read predicted aligned errors, plain or gzipped.

    Known are the AlphaFold database's layouts (a list of one object, with ``predicted_aligned_error`` as a matrix since version 3, and with
    ``residue1``, ``residue2`` and ``distance`` before), ColabFold's and AlphaFold's own (an object with ``pae`` or
    ``predicted_aligned_error``), and AlphaFold 3's (the same with ``token_chain_ids`` and ``token_res_ids``).

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is no such file.
    """
    check_readable(path)
    try:
        with open_binary(path) as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise FileFormatError(f"{path}: predicted aligned errors must unpack to at most {_LARGEST >> 20} MiB, got more")
        data = json.loads(content)
    except READ_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"{path}: cannot be read as JSON ({error})") from error
    entry = data[0] if isinstance(data, list) and len(data) == 1 else data
    if not isinstance(entry, dict):
        raise FileFormatError(f"{path}: predicted aligned errors must be a JSON object or a list of one, got {type(data).__name__}")
    try:
        errors = _matrix(entry)
        tokens = _tokens(entry, len(errors))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise FileFormatError(f"{path}: holds no predicted aligned errors that can be read ({error})") from error
    return AlignedErrors(errors, tokens, path)


def _matrix(entry: dict[str, Any]) -> Array:
    for name in _MATRIX:
        if name in entry:
            errors = np.array(entry[name], np.float64)
            break
    else:
        if "distance" not in entry:
            raise ValueError(f"one of {', '.join(_MATRIX)} or distance must be there, got {', '.join(list(entry)[:8]) or 'nothing'}")
        row, column, distance = (np.array(entry[name]) for name in ("residue1", "residue2", "distance"))
        count = int(max(row.max(), column.max()))
        if min(row.min(), column.min()) < 1 or not len(row) == len(column) == len(distance) == count * count:
            raise ValueError("residue1, residue2 and distance must name every pair of residues once, counted from 1")
        errors = np.full((count, count), np.nan)
        errors[row - 1, column - 1] = distance
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

    Where the file names its rows, they are found by chain and residue number (of several rows of one residue, the first); else rows are the
    residues in order.

    Raises
    ------
    FileFormatError
        If they do not belong together.
    """
    atoms = np.flatnonzero(model.in_fit)
    index, first = np.unique(model.residue_index[atoms], return_index=True)
    if pae.tokens is None:
        if len(index) != len(pae.errors):
            raise FileFormatError(
                f"{pae.path}: predicted aligned errors must be those of {model.path or model.name} with its {len(index)} residues, "
                f"got {len(pae.errors)}"
            )
        return pae.errors
    rows: dict[tuple[str, int], int] = {}
    for row, token in enumerate(pae.tokens):
        rows.setdefault(token, row)
    names = [(str(model.chain_names[atom]), int(model.residue_numbers[atom])) for atom in atoms[first]]
    missing = [name for name in names if name not in rows]
    if missing:
        chain, number = missing[0]
        raise FileFormatError(
            f"{pae.path}: predicted aligned errors must be those of {model.path or model.name}, "
            f"got none for residue {number} of chain {chain}"
        )
    order = np.array([rows[name] for name in names])
    return np.asarray(pae.errors[np.ix_(order, order)])
