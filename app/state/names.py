"""Names by which several of a kind can be told apart where they are listed."""

from collections.abc import Mapping, Sequence

from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_core.chain_words import list_chains


def told_apart(names: Sequence[str], *further: Sequence[str]) -> list[str]:
    """The names, those that are alike each with the first of ``further`` that differs among them, and with the next as long as some are."""
    told = list(names)
    for more in further:
        alike: dict[str, list[int]] = {}
        for number, name in enumerate(told):
            alike.setdefault(name, []).append(number)
        for numbers in alike.values():
            if len({more[number] for number in numbers}) > 1:
                for number in numbers:
                    told[number] += f" · {more[number]}"
    return told


def names_of_items(session: Session, items: Mapping[str, OpenMap] | Mapping[str, OpenModel]) -> dict[str, str]:
    """Of maps or models, by their ids: those of one name with the number by which commands call them."""
    numbers = [f"#{session.numbers[identifier]}" for identifier in items]
    return dict(zip(items, told_apart([item.name for item in items.values()], numbers), strict=True))


def names_of_composites(session: Session) -> dict[str, str]:
    """Of all composites, by their ids: those of one name with their map, and with the number by which commands call them."""
    maps, records = names_of_items(session, session.maps), list(session.composites.values())
    in_maps = [f"in {maps.get(one.map, one.map)}" for one in records]
    numbers = [one.id.replace("-", " ") for one in records]
    return dict(zip(session.composites, told_apart([one.name for one in records], in_maps, numbers), strict=True))


def name_of_placement(session: Session, fit: str, rank: int) -> str:
    """``placement 1 of 1bd2.pdb · D in 4A.mrc``, with what was left of the map before, and with the fit's number where others are alike."""
    record, names = session.fits[fit].record, _models_of_fits(session)
    density = names_of_items(session, session.maps)[record.map]
    left = left_by(session, record.round)
    alike = [one for one, name in names.items() if name == names[fit] and session.fits[one].record.map == record.map]
    name = names[fit] if len(alike) == 1 else f"{names[fit]} · {fit.replace('-', ' ')}"
    return f"placement {rank} of {name} in {f'{left} of ' if left else ''}{density}"


def left_by(session: Session, round_id: str | None) -> str:
    """``what Round 1 left``; nothing for a map as it is."""
    rounds = {one.id: one.name or one.id for composite in session.composites.values() for one in composite.rounds}
    return f"what {rounds[round_id]} left" if round_id in rounds else ""


def names_of_fits(session: Session) -> dict[str, str]:
    """Of all fits, by their ids: model and chains; those of one name with their map, and with the number by which commands call them."""
    maps, records = names_of_items(session, session.maps), [fit.record for fit in session.fits.values()]
    in_maps = [f"in {maps[record.map]}" for record in records]
    numbers = [record.id.replace("-", " ") for record in records]
    return dict(zip(session.fits, told_apart(list(_models_of_fits(session).values()), in_maps, numbers), strict=True))


def _models_of_fits(session: Session) -> dict[str, str]:
    """Model and chains of all fits, by their ids."""
    models, names = names_of_items(session, session.models), {}
    for identifier, fit in session.fits.items():
        record = fit.record
        whole = set(record.chains) == set(session.models[record.model].model.chains)
        names[identifier] = models[record.model] + ("" if whole else f" · {list_chains(record.chains)}")
    return names
