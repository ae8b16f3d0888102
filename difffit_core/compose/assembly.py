"""The placed copies of a composite: what each is called, where it comes from, and the structure they make together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_names import free_names
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.io.models import moved_structure
from difffit_core.pose import Pose

if TYPE_CHECKING:
    import gemmi

    from difffit_core.project.composites import AcceptedRecord


@dataclass(frozen=True, eq=False)
class PlacedCopy:
    """One copy of a model in a composite.

    Attributes
    ----------
    body : index of the model in the request
    copy : its number among the copies of that model, from 1
    pose : of the model file's coordinates
    chains : the name that each chain of the model has in the composite, by the name it has in its file
    local_correlation : with the whole map
    z_score, p_value : against wrong poses of the same model; p beside the others where it does not stand out in the whole map
    clash : share of its atoms closer than 2 Å to an atom of another copy
    source : what found it, in a few words
    """

    body: int
    copy: int
    pose: Pose
    chains: Mapping[str, str]
    local_correlation: float
    z_score: float
    p_value: float
    clash: float
    source: str


@dataclass(frozen=True, eq=False)
class Alternative:
    """The next best assembly: its ``score``, its ``candidates``, those of them that the best one lacks, and how many that one has more."""

    score: float
    candidates: tuple[Candidate, ...]
    different: tuple[Candidate, ...]
    fewer: int


def name_chains(models: Sequence[AtomicModel], molecule: Sequence[int] | None = None) -> list[dict[str, str]]:
    """For each placed model its chains' new names by old ones: their own where that is free, else the next that no chain has.

    A chain without a name gets one. Models of one ``molecule``, where that is told by a number of each, share the names of their chains.
    """
    numbers = range(len(models)) if molecule is None else molecule
    wanted = {name for model in models for name in model.chains}
    chains: dict[int, dict[str, None]] = {}
    for model, number in zip(models, numbers, strict=True):
        chains.setdefault(number, {}).update(dict.fromkeys(model.chains))
    taken = {""}  # a chain without a name cannot be told from another, and has no entity in gemmi
    named: dict[int, dict[str, str]] = {}
    for number, names in chains.items():
        named[number] = free_names(names, taken, wanted)
        taken |= set(named[number].values())
    return [{name: named[number][name] for name in model.chains} for model, number in zip(models, numbers, strict=True)]


def composite_structure(models: Sequence[AtomicModel], copies: Sequence[PlacedCopy], name: str) -> "gemmi.Structure":
    """Every atom of every copy at its place, under the composite's chain names; copies with one sequence are one entity."""
    import gemmi

    whole = gemmi.Structure()
    whole.name = name
    whole.add_model(gemmi.Model(1))
    sequences: dict[str, list[str]] = {}
    for copy in copies:
        part = moved_structure(models[copy.body], copy.pose)
        for chain in part[0]:
            if (polymer := chain.get_polymer()) and copy.chains[chain.name] not in sequences:
                entity = _entity_of(part, polymer)
                sequences[copy.chains[chain.name]] = (entity.full_sequence if entity is not None else []) or polymer.extract_sequence()
            chain.name = copy.chains[chain.name]
            for residue in chain:
                residue.subchain = ""
            whole[0].add_chain(chain)
    _join_parts(whole[0])
    whole.setup_entities()
    for chain in whole[0]:
        polymer = chain.get_polymer()
        if polymer and (entity := _entity_of(whole, polymer)) is not None:
            entity.full_sequence = sequences[chain.name]
    whole.deduplicate_entities()
    whole.assign_label_seq_id()
    return whole


def placed_copies(accepted: "Sequence[AcceptedRecord]") -> list[PlacedCopy]:
    """What a project holds as accepted, each as the copy of a model of its own."""
    numbers: dict[str, int] = {}
    copies = []
    for body, one in enumerate(accepted):
        numbers[one.model] = numbers.get(one.model, 0) + 1
        copies.append(
            PlacedCopy(
                body,
                numbers[one.model],
                one.pose.pose(),
                one.chains,
                one.local_correlation,
                one.z_score,
                one.p_value,
                one.clash,
                one.source,
            )
        )
    return copies


def _entity_of(structure: "gemmi.Structure", polymer: "gemmi.ResidueSpan") -> "gemmi.Entity | None":
    """What gemmi knows of a polymer; nothing of one in a chain without a name."""
    return structure.get_entity_of(polymer)


def _join_parts(model: "gemmi.Model") -> None:
    """Make one chain, in order of residue numbers, of those that have one name: parts of a chain that were placed apart."""
    import gemmi

    names = [chain.name for chain in model]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        residues = sorted((residue for chain in model if chain.name == name for residue in chain), key=lambda one: one.seqid.num or 0)
        joined = gemmi.Chain(name)
        for residue in residues:
            joined.add_residue(residue)
        model.remove_chain(name)
        model.add_chain(joined)
