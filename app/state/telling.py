"""How a session tells of its changes: what there is to hear, and when it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from psygnal import Signal, SignalGroup, SignalInstance

from difffit_app.state.items import OpenFit, OpenMap, OpenModel, OpenRefinement
from difffit_core.project.composites import CompositeRecord


class SessionEvents(SignalGroup):
    """What a session announces; each after the change."""

    map_added = Signal(OpenMap)
    map_removed = Signal(str)
    model_added = Signal(OpenModel)
    model_removed = Signal(str)
    fit_added = Signal(OpenFit)
    fit_removed = Signal(str)
    fit_replaced = Signal(OpenFit)
    composite_added = Signal(CompositeRecord)
    composite_removed = Signal(str)
    composite_replaced = Signal(CompositeRecord)
    refinement_added = Signal(OpenRefinement)
    refinement_removed = Signal(str)
    renamed = Signal(str, str)
    resolution_changed = Signal(str)
    cleared = Signal()
    hand_moved = Signal(object)
    brought_changed = Signal(object)
    composite_selected = Signal(object)
    working_changed = Signal(str)
    map_selected = Signal(object)
    model_selected = Signal(object)
    fit_selected = Signal(object)
    placement_selected = Signal(object)
    refinement_selected = Signal(object)
    saved_state_changed = Signal()


_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T", bound="Telling")


def at_once(method: Callable[Concatenate[_T, _P], _R]) -> Callable[Concatenate[_T, _P], _R]:
    """Have listeners told of what a method does once it is done."""

    @wraps(method)
    def run(told: _T, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with told.at_once():
            return method(told, *args, **kwargs)

    return run  # type: ignore[return-value]  # `self` may be given by position only


class Batch:
    """What listeners are to be told once a change is whole, in the order in which it came about, of all who tell of it."""

    def __init__(self) -> None:
        self.untold: list[tuple[Telling, SignalInstance, tuple[object, ...]]] = []
        self._depth = 0

    @contextmanager
    def at_once(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                untold, self.untold = self.untold, []
                _tell_all(untold)


class Telling:
    """Tells listeners once a change is whole; those that share a ``batch`` tell of what changed in both together."""

    def __init__(self, batch: Batch | None = None) -> None:
        self.batch = batch or Batch()
        self.forgetting: list[Callable[[str], object]] = []
        """What drops what it has of something that is removed, before listeners are told."""

    def _forget(self, identifier: str) -> None:
        for forget in self.forgetting:
            forget(identifier)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Tell listeners what happens in here only at its end, so that none sees a state that is changed by half.

        Of a selection only the last is told, after all else: those on the way may be of what is gone by then. Everything is told, also
        where something is raised, in here or by a listener, whose first error is raised again.
        """
        with self.batch.at_once():
            yield

    def _tell(self, signal: SignalInstance, *values: object) -> None:
        with self.batch.at_once():
            self.batch.untold.append((self, signal, values))

    def now(self) -> dict[SignalInstance, tuple[object, ...]]:
        """What is told of last, and of which only the last counts: each with what it tells now."""
        return {}

    def is_moot(self, signal: SignalInstance, values: tuple[object, ...]) -> bool:  # noqa: ARG002 - for those who know of such
        """Whether what was to be told is of something that is gone by now."""
        return False


def _tell_all(untold: list[tuple[Telling, SignalInstance, tuple[object, ...]]]) -> None:
    errors: list[Exception] = []
    tellers = dict.fromkeys(teller for teller, _, _ in untold)
    chosen = {teller: teller.now() for teller in tellers}
    for teller, signal, values in untold:
        if signal not in chosen[teller] and not teller.is_moot(signal, values):
            _emit(signal, values, errors)
    for teller, signals in chosen.items():
        for signal in signals:
            if any(one is signal for _, one, _ in untold):
                _emit(signal, teller.now()[signal], errors)
    if errors:
        raise errors[0]


def _emit(signal: SignalInstance, values: tuple[object, ...], errors: list[Exception]) -> None:
    try:
        signal.emit(*values)
    except Exception as error:  # noqa: BLE001 - the others are to be told all the same
        errors.append(error)
