"""Looking at one thing, alone or among the others."""

from difffit_app.commands.subjects import doing_to
from difffit_app.desk import Desk
from difffit_app.features.looking.places import bounds_of
from difffit_app.features.looking.views import LookingView
from difffit_app.state.changes.of_session import Change, Together
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.state.subjects import MapSubject, ModelSubject, PlacementSubject, Subject, describe, is_open, model_of
from difffit_app.styles import MapStyle, ModelStyle


class LookingController:
    """``current`` is what was chosen last in the list, the table or a view: what *Look at This* and *Hide Others* are about."""

    def __init__(self, desk: Desk, view: LookingView) -> None:
        self._session, self._view_state, self._history, self._view = desk.session, desk.view_state, desk.history, view
        self._commands = desk.commands
        self._last: Subject | None = None
        events = desk.session.events
        events.map_selected.connect(lambda item: self.point_at(MapSubject(item.id) if item is not None else None))
        events.model_selected.connect(lambda item: self.point_at(ModelSubject(item.id) if item is not None else None))
        events.placement_selected.connect(self._on_placement)

    @property
    def current(self) -> Subject | None:
        """What was pointed at last, if it is still there."""
        return self._last if self._last is not None and is_open(self._last, self._session) else None

    def point_at(self, subject: Subject | None) -> None:
        """Have the actions of the menu be about that; None leaves what it was."""
        if subject is not None:
            self._last = subject

    def look_at(self, subject: Subject | None) -> None:
        """Fill the views with something, shown if it was hidden; a placement is gone to first."""
        if subject is None or not is_open(subject, self._session):
            return
        with doing_to(self._commands, "view", subject, self._session):
            self.point_at(subject)
            if isinstance(subject, PlacementSubject):
                self.go_to(subject)
            self._do([identifier for identifier in self._ids(subject) if not self._style(identifier).visible], [], "Show")
            bounds = bounds_of(subject, self._session, self._view)
            if bounds is not None:
                self._view.look_at_box(bounds, alone=True)

    def go_to(self, subject: PlacementSubject) -> None:
        """Have a placement shown."""
        session = self._session
        with doing_to(self._commands, "placement", subject, session):
            if session.fit is None or session.fit.id != subject.fit:
                session.select_fit(subject.fit)
            session.select_placement(subject.rank)

    def show_only(self, subject: Subject | None) -> None:
        """Hide all maps and models but this, and of a placement its map."""
        if subject is None or not is_open(subject, self._session):
            return
        shown = self._ids(subject)
        if isinstance(subject, PlacementSubject):
            shown |= {self._session.fits[subject.fit].record.map}
        others = [identifier for identifier in self._all() if identifier not in shown]
        with doing_to(self._commands, "only", subject, self._session):
            self._do(sorted(shown), others, f"Hide All But {describe(subject, self._session)}")

    def show_all(self) -> None:
        """Show all that is hidden."""
        self._commands.do("show", {"what": ("all",)}, lambda: self._do(self._all(), [], "Show All"))

    def _ids(self, subject: Subject) -> set[str]:
        identifier = subject.id if isinstance(subject, MapSubject) else model_of(subject, self._session)
        return {identifier} if identifier is not None else set()

    def _all(self) -> list[str]:
        return [*self._session.maps, *self._session.models]

    def _style(self, identifier: str) -> MapStyle | ModelStyle:
        return self._view_state.maps.get(identifier) or self._view_state.models[identifier]

    def _do(self, shown: list[str], hidden: list[str], text: str) -> None:
        """Show and hide as one step, if anything changes by it."""
        wanted = dict.fromkeys(shown, True) | dict.fromkeys(hidden, False)
        changes: list[Change] = [
            ChangeStyle.of(self._session, identifier, {"visible": visible})
            for identifier, visible in wanted.items()
            if self._style(identifier).visible != visible
        ]
        if changes:
            self._history.do(changes[0] if len(changes) == 1 else Together(tuple(changes), text))

    def _on_placement(self, placement: object) -> None:
        fit = self._session.fit
        if placement is not None and fit is not None and self._session.placement is not None:
            self.point_at(PlacementSubject(fit.id, self._session.placement.rank))
