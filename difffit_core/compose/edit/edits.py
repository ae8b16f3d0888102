"""What a user does to a composite by hand. Every edit gives a new record and leaves the one it was given as it is.

The ``current`` round is where one stands; None is the start, where nothing is accepted. What is accepted goes into the current round as
long as that is not zeroed out and nothing was built on it, and else into a new round after it.
"""

from collections.abc import Collection, Mapping, Sequence

from difffit_core.chain_names import free_names
from difffit_core.errors import UserError
from difffit_core.project.composites import AcceptedRecord, CompositeRecord, RoundRecord, ZeroOutRecord


def accepted_copies(composite: CompositeRecord, round_id: str | None) -> list[AcceptedRecord]:
    """Everything accepted from the first round down to one."""
    return [copy for one in composite.path(round_id) for copy in one.accepted]


def round_of(composite: CompositeRecord, round_id: str | None) -> RoundRecord | None:
    """The round of that id; None if there is none."""
    return next((one for one in composite.rounds if one.id == round_id), None)


def working_round(composite: CompositeRecord, round_id: str | None) -> str | None:
    """The round whose zero-out made the working map that one sees at ``round_id``; None where that is the map itself."""
    cut = [one.id for one in composite.path(round_id) if one.zero_out is not None]
    return cut[-1] if cut else None


def children(composite: CompositeRecord, round_id: str | None) -> list[RoundRecord]:
    """The rounds that come right after one; those that begin at the start for None."""
    return [one for one in composite.rounds if one.parent == round_id]


def accept(
    composite: CompositeRecord, copies: Sequence[AcceptedRecord], searched: Mapping[str, str | None], reserved: Collection[str]
) -> CompositeRecord:
    """Accept copies where one stands.

    Parameters
    ----------
    copies : only the keys of their ``chains`` count; they get names that no other copy has
    searched : for each of the copies' fits the round in whose working map it searched; those made where the round begins are noted with it
    reserved : names of chains that are likely to come yet and should keep theirs
    """
    target = _open_round(composite)
    begins = working_round(composite, composite.current if target is None else target.parent)
    fits = tuple(fit for fit, place in searched.items() if place == begins)
    taken = {name for copy in accepted_copies(composite, composite.current) for name in copy.chains.values()}
    named: list[AcceptedRecord] = []
    for copy in copies:
        names = free_names(copy.chains, taken, reserved)
        taken |= set(names.values())
        named.append(copy.model_copy(update={"chains": names}))
    if target is None:
        return _with_round(composite, tuple(named), fits)
    changed: dict[str, object] = {"accepted": (*target.accepted, *named), "fits": tuple(dict.fromkeys((*target.fits, *fits)))}
    return _replaced(composite, target.id, changed)


def remove_copy(composite: CompositeRecord, round_id: str, number: int) -> CompositeRecord:
    """Take back the ``number``-th copy that a round accepted.

    Raises
    ------
    UserError
        If the round is zeroed out or others were built on it: their maps would be others.
    """
    one = next(one for one in composite.rounds if one.id == round_id)
    if one.zero_out is not None:
        raise UserError(f"{one.name} is zeroed out, so that its copies are fixed: branch from the round before, or delete {one.name}")
    if children(composite, round_id):
        raise UserError(f"{one.name} has rounds after it, so that its copies are fixed: delete those first, or branch from the one before")
    return _replaced(composite, round_id, {"accepted": one.accepted[:number] + one.accepted[number + 1 :]})


def zero_out_round(composite: CompositeRecord, cut: ZeroOutRecord) -> CompositeRecord:
    """Note that all that the current round accepted is taken out of the map.

    Raises
    ------
    UserError
        If the current round accepted nothing, or is zeroed out already.
    """
    return _replaced(composite, round_to_zero_out(composite).id, {"zero_out": cut})


def round_to_zero_out(composite: CompositeRecord) -> RoundRecord:
    """The current round, if it can be zeroed out; `UserError` if not."""
    one = round_of(composite, composite.current)
    if one is None or not one.accepted:
        raise UserError("at least one placement must be accepted in this round before it can be zeroed out, got none")
    if one.zero_out is not None:
        raise UserError(f"{one.name} is zeroed out already: accept something that was fitted into what is left, or branch")
    if children(composite, one.id):
        raise UserError(
            f"{one.name} has rounds after it that were fitted into its map: branch from the round before to zero out another way"
        )
    return one


def branch(composite: CompositeRecord) -> CompositeRecord:
    """A new, empty round after the current one."""
    return _with_round(composite, (), ())


def rename_round(composite: CompositeRecord, round_id: str, name: str) -> CompositeRecord:
    """Give a round another name."""
    return _replaced(composite, round_id, {"name": name})


def delete_round(composite: CompositeRecord, round_id: str) -> CompositeRecord:
    """Drop a round and all that were built on it; who stood there stands before it now."""
    gone = {one.id for one in composite.rounds if round_id in {before.id for before in composite.path(one.id)}}
    parent = next(one.parent for one in composite.rounds if one.id == round_id)
    kept = tuple(one for one in composite.rounds if one.id not in gone)
    return composite.model_copy(update={"rounds": kept, "current": parent if composite.current in gone else composite.current})


def _open_round(composite: CompositeRecord) -> RoundRecord | None:
    """The current round, if what is accepted may still go into it."""
    one = round_of(composite, composite.current)
    return None if one is None or one.zero_out is not None or children(composite, one.id) else one


def _with_round(composite: CompositeRecord, accepted: tuple[AcceptedRecord, ...], fits: tuple[str, ...]) -> CompositeRecord:
    """A new round after the current one becomes the current one."""
    taken, number = {one.id for one in composite.rounds}, len(composite.rounds) + 1
    while f"{composite.id}-round-{number}" in taken:
        number += 1
    depth, beside = len(composite.path(composite.current)) + 1, len(children(composite, composite.current))
    name = f"Round {depth}" + (f", branch {beside + 1}" if beside else "")
    one = RoundRecord(id=f"{composite.id}-round-{number}", parent=composite.current, name=name, fits=fits, accepted=accepted)
    return composite.model_copy(update={"rounds": (*composite.rounds, one), "current": one.id})


def _replaced(composite: CompositeRecord, round_id: str, changes: Mapping[str, object]) -> CompositeRecord:
    rounds = tuple(one.model_copy(update=dict(changes)) if one.id == round_id else one for one in composite.rounds)
    return composite.model_copy(update={"rounds": rounds})
