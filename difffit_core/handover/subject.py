"""What is handed over: a model in the map's frame, its map, and what is known of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.assembly import composite_structure, placed_copies
from difffit_core.compose.edit.edits import accepted_copies
from difffit_core.confidence import confidence_of
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.io.models import moved_structure
from difffit_core.placement import Placement
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.refinements import BentArrays, RefinementRecord
from difffit_core.refine.output import bent_structure
from difffit_core.target import Target

if TYPE_CHECKING:
    import gemmi


@dataclass(frozen=True, eq=False)
class Subject:
    """A result to hand over.

    Attributes
    ----------
    name : what it is, in words
    structure : the model, in the map's frame
    target : the map and how it is read
    reference : the model before it was bent, in its rigid place; None where it was not
    half_maps : the files of its half maps, where it has some
    predicted : whether the B factors of ``reference``, or of ``structure`` without one, are pLDDT
    notes : what whoever goes on should know, one sentence each
    copies : of a composite, the number of the copy, from 0, to which each chain belongs, by its name
    """

    name: str
    structure: "gemmi.Structure"
    target: Target
    reference: "gemmi.Structure | None" = None
    half_maps: tuple[Path, Path] | None = None
    predicted: bool = False
    notes: tuple[str, ...] = ()
    copies: Mapping[str, int] = field(default_factory=dict)


def of_files(
    target: Target,
    model: AtomicModel,
    reference: AtomicModel | None = None,
    half_maps: tuple[Path, Path] | None = None,
) -> Subject:
    """A model as it stands in its file, a map, and perhaps the model before it was bent, wherever that lies."""
    name = f"{model.name} in {target.density_map.name}"
    before = None if reference is None else moved_structure(reference, None)
    predicted = confidence_of(model if reference is None else reference) is not None
    notes = (*target.density_map.notes, *model.notes, *(reference.notes if reference is not None else ()))
    return Subject(name, moved_structure(model, None), target, before, half_maps, predicted, notes)


def of_placement(target: Target, model: AtomicModel, placement: Placement, **more: Any) -> Subject:
    """A placement of the chains of a model that were fitted; ``more`` are further fields of `Subject`."""
    doubts = [f"the placement is {placement.verdict}"] if placement.verdict.is_chance else []
    name = f"{model.name} in {target.density_map.name}, rank {placement.rank}, {placement.verdict}"
    notes = (*target.density_map.notes, *model.notes, *doubts)
    structure, predicted = moved_structure(model, placement.pose), confidence_of(model) is not None
    return Subject(name, structure, target, predicted=predicted, notes=notes, **more)


def of_composite(
    target: Target,
    models: Mapping[str, AtomicModel],
    composite: CompositeRecord,
    **more: Any,
) -> Subject:
    """Everything accepted up to where one stands in a composite; ``models`` are by the ids of the record.

    Raises
    ------
    UserError
        If nothing is accepted there.
    """
    accepted = accepted_copies(composite, composite.current or (composite.rounds[-1].id if composite.rounds else None))
    if not accepted:
        raise UserError(f"{composite.name}: nothing is accepted there, so that there is nothing to hand over")
    placed = [models[one.model].select_chains(tuple(one.chains)) for one in accepted]
    structure = composite_structure(placed, placed_copies(accepted), composite.name)
    predicted = all(confidence_of(model) is not None for model in placed)
    count = f"{len(accepted)} {'copy' if len(accepted) == 1 else 'copies'}"
    notes = (*target.density_map.notes, *dict.fromkeys(note for model in placed for note in model.notes))
    name = f"{composite.name}, {count}, in {target.density_map.name}"
    copies = {chain: number for number, one in enumerate(accepted) for chain in one.chains.values()}
    return Subject(name, structure, target, predicted=predicted, notes=notes, copies=copies, **more)


def of_refinement(density_map: DensityMap, model: AtomicModel, record: RefinementRecord, arrays: BentArrays, **more: Any) -> Subject:
    """A bent model, with what it was before as the reference; ``model`` is all that was read of the file."""
    subject = model.select_chains(record.recipe.chains)
    reference = moved_structure(subject, record.pose.pose())
    target = Target(density_map, record.recipe.resolution, record.recipe.level)
    notes = (*density_map.notes, *model.notes, *(one.message for one in record.warnings))
    return Subject(
        f"{model.name} bent into {density_map.name}",
        bent_structure(model, record, arrays),
        target,
        reference,
        predicted=confidence_of(subject) is not None,
        notes=notes,
        **more,
    )
