"""Whether what is told to listeners is told of a state that is whole, looked at before the first and after the last of them hears it."""

from collections.abc import Callable, Iterator
from inspect import getmembers

from psygnal import Signal, SignalInstance

from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState

_FIRST = 1_000_000
Hear = Callable[..., None]


def lacks(session: Session, view_state: ViewState) -> list[str]:
    """What is chosen, drawn or needed, and not there."""
    return [what for what, holds in _conditions(session, view_state) if not holds]


def _conditions(session: Session, view_state: ViewState) -> Iterator[tuple[str, bool]]:
    for name in ("map", "model", "fit", "composite", "refinement"):
        one, items = getattr(session, name), getattr(session, f"{name}s")
        yield f"the selected {name} is open", one is None or items.get(one.id) is one
    yield (
        "the placement is of the fit",
        session.placement is None or (session.fit is not None and session.placement in session.fit.placements),
    )
    yield "what is moved is open", session.hand is None or session.hand.model in session.models
    yield "what is brought is open", {*session.brought} <= {*session.models}
    made = [one.record for one in (*session.fits.values(), *session.refinements.values())]
    yield "fits have their maps and models", all(one.map in session.maps and one.model in session.models for one in made)
    yield "fits have their rounds", all(fit.record.round in (None, *session.rounds) for fit in session.fits.values())
    for composite in session.composites.values():
        yield "composites have their maps and models", composite.map in session.maps and set(composite.models()) <= {*session.models}
    yield "every map has a style, and nothing else", {*view_state.maps} == {*session.maps}
    yield "every model has a style, and nothing else", {*view_state.models} == {*session.models}
    yield "what is coloured is open", {*view_state.residue_colours, *view_state.residue_scales} <= {*session.models}
    yield "what is measured is open", {atom.model for one in view_state.measured for atom in one} <= {*session.models}
    yield "what is selected is open", {*view_state.selection.residues} <= {*session.models}


class Watched:
    """Listens to all that a session and its view tell; ``broken`` has what was told of a state that lacked something."""

    def __init__(self, session: Session, view_state: ViewState) -> None:
        self.broken: list[str] = []
        self.heard: list[str] = []
        self._made = [
            (signal, self._listen(name, session, view_state)) for name, signal in (*_signals(session.events), *_signals(view_state))
        ]
        for signal, hear in self._made:
            signal.connect(hear[0], priority=_FIRST)
            signal.connect(hear[1], priority=-_FIRST)

    def end(self) -> None:
        for signal, hear in self._made:
            for one in hear:
                signal.disconnect(one)

    def _listen(self, name: str, session: Session, view_state: ViewState) -> tuple[Hear, Hear]:
        def before(*_: object) -> None:
            self.heard.append(name)
            self.broken += [f"{name}: not: {lack}" for lack in lacks(session, view_state)]

        def after(*_: object) -> None:
            self.broken += [f"after {name}: not: {lack}" for lack in lacks(session, view_state)]

        return before, after


def _signals(owner: object) -> Iterator[tuple[str, SignalInstance]]:
    for name, _ in getmembers(type(owner), lambda one: isinstance(one, Signal)):
        yield name, getattr(owner, name)
