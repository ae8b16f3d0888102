"""Several placed models bent together, as one, and what came of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.fit.request import CancelFlag, OnProgress
from difffit_core.pae.matrix import AlignedErrors
from difffit_core.pose import Pose
from difffit_core.refine.begin import Begun, domain_labels
from difffit_core.refine.bending.bend import Matter
from difffit_core.refine.bending.geometry import Soundness
from difffit_core.refine.request import RefineRequest, RefineResult
from difffit_core.refine.run import run_refine
from difffit_core.refine.settings import RefineSettings
from difffit_core.residues import Residues
from difffit_core.target import Target


@dataclass(frozen=True, eq=False)
class Placed:
    """A model where it stands.

    Attributes
    ----------
    model, pose : the model as its file has it, and where it stands
    chains : what each chain is called among all, by its name in the file; no two of all placed models have one name
    still : whether it stays as it is
    pae : predicted aligned errors of it, or None
    """

    model: AtomicModel
    pose: Pose
    chains: Mapping[str, str]
    still: bool = False
    pae: AlignedErrors | None = None


def bend_together(
    target: Target,
    placed: Sequence[Placed],
    settings: RefineSettings,
    *,
    seed: int = 0,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
) -> tuple[RefineResult, tuple[RefineResult, ...]]:
    """Bend placed models so that none is in another's way, and each where its own density is.

    Parameters
    ----------
    target : the map
    placed : at least one that does not stay still
    settings : how; all begin where they stand
    seed, threads, on_progress, cancel : as for `run_refine`

    Returns
    -------
    What came of all as one model, whose chains are called as among all, and of each in their order.

    Raises
    ------
    UserError
        If the map, the models, the resolution and the level do not go together.
    """
    whole = merged(placed)
    counts = [one.model.residue_count for one in placed]
    still = np.repeat([one.still for one in placed], counts)
    request = RefineRequest(
        target, whole, settings.model_copy(update={"start": "here"}), seed, threads,
        held=still if still.any() else None, bodies=np.repeat(np.arange(len(placed)), counts), domains=_domains(placed, target),
    )  # fmt: skip
    begun = Begun(Pose.identity(), "where each was placed", None, True, settled=True)
    result = run_refine(request, on_progress, cancel, begun)
    return result, tuple(_parted(result, placed))


def merged(placed: Sequence[Placed]) -> AtomicModel:
    """All of them as one model, where they stand, with no file of its own."""
    columns: dict[str, list[NDArray[Any]]] = {}
    residues = 0
    for one in placed:
        index = np.unique(one.model.residue_index, return_inverse=True)[1].reshape(-1)
        own = {field.name: getattr(one.model, field.name) for field in fields(one.model)}
        own |= {
            "coordinates": one.pose.apply(one.model.coordinates),
            "chain_names": np.array([one.chains[name] for name in one.model.chain_names.tolist()], np.str_),
            "residue_index": (index + residues).astype(np.int32),
        }
        residues += int(index.max()) + 1
        for name, value in own.items():
            if isinstance(value, np.ndarray):
                columns.setdefault(name, []).append(value)
    arrays: dict[str, Any] = {name: np.concatenate(parts) for name, parts in columns.items()}
    return AtomicModel(**arrays, name="assembly")


def _domains(placed: Sequence[Placed], target: Target) -> NDArray[np.int64] | None:
    """The predicted domain of each residue of all, where predicted errors tell of some."""
    if not any(one.pae for one in placed):
        return None
    found, most = [], 0
    for one in placed:
        mine = np.full(one.model.residue_count, -1, np.int64)
        if one.pae is not None:
            mine = domain_labels(RefineRequest(target, one.model, pae=one.pae))
        found.append(np.where(mine >= 0, mine + most, -1))
        most = max(most, int(found[-1].max(initial=-1)) + 1)
    return np.concatenate(found)


def _parted(result: RefineResult, placed: Sequence[Placed]) -> list[RefineResult]:
    """The result of all as those of each; steps, hinges and warnings tell of chains as they are called among all."""
    parts, atoms, residues = [], 0, 0
    for one in placed:
        mine = slice(atoms, atoms + len(one.model))
        own = Residues.of(one.model)
        told = slice(residues, residues + len(own))
        atoms, residues = mine.stop, told.stop
        coordinates = result.coordinates[mine]
        matter = Matter.of(one.model)
        geometry = Soundness(one.model, matter.restraints(1.0)).of(coordinates[one.model.in_fit])
        names = set(one.chains.values())
        parts.append(
            replace(
                result, model=one.model, coordinates=coordinates, pose=one.pose, residues=own, before=result.before[told],
                after=result.after[told], moved=result.moved[told], supported=result.supported[told],
                hinges=tuple(hinge for hinge in result.hinges if hinge.chain in names), geometry=geometry, warnings=(),
            )
        )  # fmt: skip
    return parts
