"""What is at hand in the console: the API, what is open, and ways back into the window."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import numpy as np

from difffit_app.commands.subjects import number_of_fit
from difffit_app.state.session import Session
from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap

_T = TypeVar("_T")


class ByNumber(Mapping[int, _T], Generic[_T]):
    """What is open now, by the number it is shown with: ``maps[1]`` is #1."""

    def __init__(self, what: str, now: Callable[[], dict[int, _T]], names: Callable[[], dict[int, str]]) -> None:
        self._what, self._now, self._names = what, now, names

    def __getitem__(self, number: int) -> _T:
        there = self._now()
        if number not in there:
            raise KeyError(f"there is no {self._what} {number}; there are: {self._told()}")
        return there[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def __repr__(self) -> str:
        return f"<{self._what}s: {self._told()}>"

    def _told(self) -> str:
        return ", ".join(f"{number} {name}" for number, name in self._names().items()) or "none"


def namespace_of(session: Session, show: Callable[..., object], run: Callable[[str], object]) -> dict[str, Any]:
    """``df``, ``np``, ``maps``, ``models``, ``fits``, ``placements``, ``show`` and ``run``."""
    import difffit_core as df

    def maps() -> dict[int, DensityMap]:
        return {session.numbers[one]: session.density(one) for one in list(session.maps)}

    def models() -> dict[int, AtomicModel]:
        return {session.numbers[one]: item.model for one, item in list(session.models.items())}

    def placed(fit_id: str) -> tuple[df.Placed, ...]:
        fit = session.fits[fit_id]
        model = session.models[fit.record.model].model.select_chains(fit.record.chains)
        return tuple(df.Placed(model, one) for one in fit.placements)

    def fits() -> dict[int, tuple[df.Placed, ...]]:
        numbered = {number_of_fit(one): one for one in list(session.fits)}
        return {number: placed(one) for number, one in numbered.items() if number is not None}

    def placements() -> dict[int, df.Placed]:
        return {} if session.fit is None else {one.rank: one for one in placed(session.fit.id)}

    def named(items: Mapping[str, Any]) -> Callable[[], dict[int, str]]:
        return lambda: {session.numbers[one]: item.name for one, item in list(items.items())}

    return {
        "__name__": "__console__",
        "df": df,
        "np": np,
        "maps": ByNumber("map", maps, named(session.maps)),
        "models": ByNumber("model", models, named(session.models)),
        "fits": ByNumber("fit", fits, lambda: {number: f"({len(some)} placements)" for number, some in fits().items()}),
        "placements": ByNumber("placement", placements, lambda: {rank: str(one.verdict) for rank, one in placements().items()}),
        "show": show,
        "run": run,
    }
