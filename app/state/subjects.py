"""What one can point at: a small value for each kind of thing that can be looked at, named and acted on."""

from dataclasses import dataclass

from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_core.chain_words import chain_in_words
from difffit_core.project.composites import AcceptedRecord


@dataclass(frozen=True)
class MapSubject:
    """A map, by its id."""

    id: str


@dataclass(frozen=True)
class ModelSubject:
    """A model, by its id."""

    id: str


@dataclass(frozen=True)
class ChainSubject:
    """A chain of a model."""

    model: str
    chain: str


@dataclass(frozen=True)
class ResidueSubject:
    """A residue of a model, by its `AtomicModel.residue_index`."""

    model: str
    residue: int


@dataclass(frozen=True)
class PlacementSubject:
    """A placement, by its fit's id and its rank."""

    fit: str
    rank: int


@dataclass(frozen=True)
class CopySubject:
    """An accepted copy of the chosen composite, and the `AtomicModel.residue_index` of what was met of it."""

    copy: AcceptedRecord
    residue: int


Subject = MapSubject | ModelSubject | ChainSubject | ResidueSubject | PlacementSubject | CopySubject


def is_open(subject: Subject, session: Session) -> bool:
    """Whether it is still there: a click may come late."""
    match subject:
        case MapSubject(identifier):
            return identifier in session.maps
        case ModelSubject(identifier):
            return identifier in session.models
        case ChainSubject(model, chain):
            return model in session.models and chain in session.models[model].model.chains
        case ResidueSubject(model, residue):
            return model in session.models and bool((session.models[model].model.residue_index == residue).any())
        case PlacementSubject(fit, rank):
            return fit in session.fits and session.fits[fit].index_of_rank(rank) is not None
        case CopySubject(copy, _):
            return copy.model in session.models and session.composite is not None


def model_of(subject: Subject, session: Session) -> str | None:
    """Id of the model that it is, or is of."""
    match subject:
        case ModelSubject(identifier):
            return identifier
        case ChainSubject(model, _) | ResidueSubject(model, _):
            return model
        case PlacementSubject(fit, _):
            return session.fits[fit].record.model
        case CopySubject(copy, _):
            return copy.model
        case _:
            return None


def placement_shown(session: Session, model: str) -> PlacementSubject | None:
    """The placement in which a model is drawn, if it is drawn in one."""
    fit: OpenFit | None = session.fit
    if fit is None or session.placement is None or fit.record.model != model:
        return None
    if session.hand is not None and session.hand.model == model:
        return None
    return PlacementSubject(fit.id, session.placement.rank)


def describe(subject: Subject, session: Session) -> str:
    """What it is, in a few words: ``LEU 45, chain A``, with the model's name where several are open."""
    match subject:
        case MapSubject(identifier):
            return session.maps[identifier].name
        case ModelSubject(identifier):
            return session.models[identifier].name
        case ChainSubject(model, chain):
            return f"{chain_in_words(chain)}{_of(model, session)}"
        case ResidueSubject(model, residue):
            return f"{name_residue(model, residue, session)}{_of(model, session)}"
        case PlacementSubject(fit, rank):
            return f"Placement {rank} of {session.models[session.fits[fit].record.model].name}"
        case CopySubject(copy, residue):
            atom = int((session.models[copy.model].model.residue_index == residue).argmax())
            chain = str(session.models[copy.model].model.chain_names[atom])
            written = copy.chains.get(chain, chain)
            return (
                f"{name_residue(copy.model, residue, session)} of {session.models[copy.model].name}, accepted as {chain_in_words(written)}"
            )


def name_residue(model: str, residue: int, session: Session) -> str:
    """``LEU 45, chain A``."""
    one = session.models[model].model
    atom = int((one.residue_index == residue).argmax())
    return f"{one.residue_names[atom]} {one.residue_numbers[atom]}, {chain_in_words(str(one.chain_names[atom]))}"


def _of(model: str, session: Session) -> str:
    return f" of {session.models[model].name}" if len(session.models) > 1 else ""
