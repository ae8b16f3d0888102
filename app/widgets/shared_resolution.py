"""The resolution of the chosen map, as every panel shows it: asked for once, and known to all."""

from PySide6.QtWidgets import QComboBox

from difffit_app.state.guessing import guessed_resolution
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.number_box import DecimalBox

_KNOWN, _GUESSED = " Å", " Å, a guess"
_NOBODY_SAYS = "nothing says what this map's resolution is, and this is a guess by the size of its voxels: set it here"


class SharedResolution:
    """Keeps a box at the resolution of the map that is chosen in another, and what a user sets there with the map.

    Where nothing says what the map's is, the box guesses, and says so.
    """

    def __init__(self, session: Session, chosen: QComboBox, box: DecimalBox) -> None:
        self._session, self._chosen, self._box, self._exact = session, chosen, box, ExactValue(box)
        self._showing = self._waits = False
        chosen.currentIndexChanged.connect(lambda _: self.propose())
        box.valueChanged.connect(self._on_value)
        box.editingFinished.connect(self._settle)

    def follow(self, subscriptions: Subscriptions) -> None:
        """Show what becomes known of the map; to be called after the box of maps follows the session."""
        subscriptions.add(self._session.events.resolution_changed, self._on_known)
        self.propose()

    def value(self) -> float:
        """The value that was shown, or what the user made of it."""
        return self._exact.value()

    def show(self, value: float) -> None:
        """Show what something was computed with, without saying it of the map."""
        self._showing = True
        try:
            self._say(_KNOWN)
            self._exact.show(value)
        finally:
            self._showing = False

    def propose(self) -> None:
        """Show the resolution of the chosen map."""
        chosen = self._chosen.currentData()
        there = chosen in self._session.maps
        known = self._session.resolution(chosen) if there else None
        if there:
            self.show(guessed_resolution(self._session, chosen) if known is None else known.value)
        self._say(_GUESSED if there and known is None else _KNOWN)
        told = _NOBODY_SAYS if known is None else known.sentence()
        self._box.setToolTip(told[:1].upper() + told[1:])

    def _say(self, suffix: str) -> None:
        """Another suffix; Qt tries thousands of texts to find how wide the box becomes, so not for the same one."""
        if suffix != self._box.suffix():
            self._box.setSuffix(suffix)

    def _on_known(self, identifier: str) -> None:
        if identifier != self._chosen.currentData():
            return
        self._waits = self._box.typed  # as at the 4 of 4.3: another suffix now would end it
        if not self._waits:
            self.propose()

    def _settle(self) -> None:
        """What became known while someone typed is shown once that is done."""
        if self._waits:
            self._waits = False
            self.propose()

    def _on_value(self, _: float) -> None:
        chosen = self._chosen.currentData()
        if not self._showing and chosen in self._session.maps:
            self._session.set_resolution(chosen, self._box.value())
