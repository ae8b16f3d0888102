"""Whole predictions of several domains, that stand by one of them while the others are still to be bent into place."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_core.assemble.entry import Entry
from difffit_core.compose.body import Body
from difffit_core.compose.candidates.overlap import overlaps
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.errors import UserError
from difffit_core.pae.files import find_pae
from difffit_core.residues import Residues
from difffit_core.screen.domains import domains_of
from difffit_core.screen.filters import Filters
from difffit_core.screen.outcome import LeftOut
from difffit_core.split.parts import Part


def predicted_domains(entry: Entry, filters: Filters) -> tuple[Part, ...]:
    """The domains of a whole model, where predicted errors beside its file tell of several; else none."""
    return _domains(Path(entry.path), filters) if filters.split == "none" and not entry.part and not entry.stands else ()


def _domains(path: Path, filters: Filters) -> tuple[Part, ...]:
    if find_pae(path) is None:
        return ()
    try:
        found = domains_of(path, filters.min_plddt, filters.models)
    except (LeftOut, UserError):
        return ()
    return found if len(found) > 1 else ()


def in_domains(paths: Sequence[Path], filters: Filters) -> list[Path]:
    """Of files those that are tried whole and whose predicted errors tell of several domains."""
    return [path for path in paths if _domains(path, filters)] if filters.split == "none" else []


def may_turn(entry: Entry, filters: Filters) -> NDArray[np.bool_] | None:
    """Of a whole prediction of several domains the fitted atoms (N,) outside its largest; None for any other model."""
    domains = predicted_domains(entry, filters)
    if not domains:
        return None
    largest = Residues.of(max(domains, key=lambda part: part.model.residue_count).model)
    held = set(zip(largest.chains.tolist(), largest.numbers.tolist(), strict=True))
    residues = Residues.of(entry.model)
    outside = [one not in held for one in zip(residues.chains.tolist(), residues.numbers.tolist(), strict=True)]
    found: NDArray[np.bool_] = np.array(outside, bool)[residues.of_atom]
    return found if not found.all() else None


def in_the_way(request: ComposeRequest, result: ComposeResult, turned: Sequence[int]) -> list[int]:
    """Of placed copies by number, of which some are ``turned``, those of them that take too much of another's room.

    Every atom that takes room for sure counts, also those that might lie otherwise.
    """
    if not turned:
        return []
    share = overlaps([Body(wanted.model) for wanted in request.wanted], [(copy.body, copy.pose) for copy in result.copies]).toarray()
    return [place for place in turned if share[place].max(initial=0.0) > request.settings.most_overlap]
