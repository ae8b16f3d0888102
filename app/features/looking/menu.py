"""The menu over whatever one points at: the same in the views, the table of placements and the list of what is open."""

from collections.abc import Callable, Sequence

from difffit_app.desk import Desk
from difffit_app.features.looking.controller import LookingController
from difffit_app.geometry.colours import COLOURINGS
from difffit_app.geometry.mesh import REPRESENTATIONS
from difffit_app.offered import FitSetUp, Selects
from difffit_app.state.subjects import (
    ChainSubject,
    CopySubject,
    MapSubject,
    ModelSubject,
    PlacementSubject,
    ResidueSubject,
    Subject,
    describe,
    is_open,
    model_of,
    placement_shown,
)
from difffit_app.widgets.entries import LINE, Entry
from difffit_app.window.main_window import MainWindow


class SubjectMenu:
    """Makes the entries. What the menus of the bar do, too, is done by their actions, of the map or model that is chosen with it."""

    def __init__(self, desk: Desk, window: MainWindow, looking: LookingController, fits: FitSetUp, selecting: Selects) -> None:
        self._selecting, self._prompts = selecting, desk.prompts
        self._session, self._view_state, self._window, self._looking, self._fits = desk.session, desk.view_state, window, looking, fits

    def entries(self, subject: Subject | None, others: Sequence[Subject] = ()) -> list[Entry]:
        """Of what was pointed at, and, in menus of their own, what it belongs to and what lies behind it; None for nothing."""
        if subject is None or not is_open(subject, self._session):
            return self._of_nothing()
        self._choose(subject)
        made = [Entry(describe(subject, self._session)), *self._looks(subject), *self._own(subject)]
        wider = [*self._around(subject), *(one for one in others if is_open(one, self._session))]
        if wider:
            made += [LINE, *(Entry(describe(one, self._session), inside=[*self._looks(one), *self._own(one)]) for one in wider)]
        return made

    def _choose(self, subject: Subject) -> None:
        """Have the actions of the bar be about it."""
        session, model = self._session, model_of(subject, self._session)
        if isinstance(subject, MapSubject) and (session.map is None or session.map.id != subject.id):
            session.select_map(subject.id)
        if model is not None and (session.model is None or session.model.id != model):
            session.select_model(model)
        self._looking.point_at(subject)

    def _around(self, subject: Subject) -> list[Subject]:
        """What it belongs to."""
        model = model_of(subject, self._session)
        if model is None or isinstance(subject, (ModelSubject, PlacementSubject)):
            placed = placement_shown(self._session, model) if model is not None and isinstance(subject, ModelSubject) else None
            return [placed] if placed is not None else [ModelSubject(model)] if model is not None else []
        around: list[Subject] = []
        if isinstance(subject, ResidueSubject):
            one = self._session.models[model].model
            around.append(ChainSubject(model, str(one.chain_names[int((one.residue_index == subject.residue).argmax())])))
        around.append(ModelSubject(model))
        placed = None if isinstance(subject, CopySubject) else placement_shown(self._session, model)
        return [*around, placed] if placed is not None else around

    def _looks(self, subject: Subject) -> list[Entry]:
        return [
            Entry("Look at This", lambda: self._looking.look_at(subject)),
            Entry("Hide Others", lambda: self._looking.show_only(subject)),
            Entry("Show All", self._looking.show_all),
        ]

    def _own(self, subject: Subject) -> list[Entry]:
        match subject:
            case MapSubject(identifier):
                return self._of_map(identifier)
            case ModelSubject(identifier):
                return self._of_model(identifier)
            case ChainSubject(model, chain):
                return [*self._selects(subject), LINE, Entry("Use in Fit", lambda: self._use_model(model, (chain,)))]
            case PlacementSubject():
                return self._of_placement(subject)
            case CopySubject():
                return [LINE, *self._actions("show_accepted")]
            case ResidueSubject():
                return self._selects(subject)

    def _of_map(self, identifier: str) -> list[Entry]:
        def choose() -> None:
            self._session.select_map(identifier)

        look = self._after(choose, "map_surface", "map_mesh", "map_slice", "map_box", "map_clearer", "map_denser")
        return [
            LINE,
            *self._after(choose, "map_show"),
            Entry("Draw As", inside=look),
            *self._after(choose, "map_colour", "level_auto"),
            LINE,
            Entry("Use in Fit", lambda: self._use_map(identifier)),
            LINE,
            *self._after(choose, "map_rename", "map_remove"),
        ]

    def _of_model(self, identifier: str) -> list[Entry]:
        def choose() -> None:
            self._session.select_model(identifier)

        drawn = (*(f"model_{one}" for one in REPRESENTATIONS), "model_clearer", "model_denser")
        return [
            LINE,
            *self._after(choose, "model_show"),
            Entry("Draw As", inside=self._after(choose, *drawn)),
            Entry("Select", lambda: self._selecting.pick(ModelSubject(identifier))),
            Entry("Colour", inside=self._after(choose, *(f"colour_{one}" for one in COLOURINGS), "model_colour")),
            LINE,
            Entry("Use in Fit", lambda: self._use_model(identifier, ())),
            LINE,
            *self._after(choose, "model_rename", "model_others", "model_remove"),
        ]

    def _selects(self, subject: ChainSubject | ResidueSubject) -> list[Entry]:
        def colour() -> None:
            chosen = self._prompts.ask_for_colour(f"Colour of {describe(subject, self._session)}", "#f2a33a")
            if chosen is not None:
                self._selecting.colour(chosen, subject)

        return [
            LINE,
            Entry("Select", lambda: self._selecting.pick(subject)),
            Entry("Add to Selection, or Take Away", lambda: self._selecting.pick(subject, add=True)),
            Entry("Hide", lambda: self._selecting.hide_subject(subject)),
            Entry("Colour …", colour),
            *self._actions("show_residues_again"),
        ]

    def _of_placement(self, subject: PlacementSubject) -> list[Entry]:
        shown = placement_shown(self._session, self._session.fits[subject.fit].record.model) == subject

        def go() -> None:
            self._looking.go_to(subject)

        return [
            LINE,
            *([] if shown else [Entry("Show This Placement", go)]),
            *self._after(go, "accept", "save_model", "move", "refine"),
            LINE,
            *self._after(go, "show_residues", "compare", "copy"),
        ]

    def _actions(self, *names: str) -> list[Entry]:
        by_id = self._window.actions_by_id
        return [Entry(of=by_id[name]) for name in names if name in by_id]

    def _after(self, choose: Callable[[], None], *names: str) -> list[Entry]:
        """Actions of the bar, of what ``choose`` chooses first: one menu may speak of several maps and models."""
        made = []
        for name in names:
            action = self._window.actions_by_id.get(name)
            if action is not None:
                text = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
                made.append(Entry(text, self._then(choose, name), enabled=self._is_offered(name)))
        return made

    def _then(self, choose: Callable[[], None], name: str) -> Callable[[], None]:
        def run() -> None:
            choose()
            self._window.actions_by_id[name].trigger()

        return run

    def _is_offered(self, name: str) -> bool:
        return name != "model_others" or self._window.actions_by_id[name].isEnabled()

    def _use_map(self, identifier: str) -> None:
        self._fits.choose_map(identifier)
        self._window.raise_panel("Fit")

    def _use_model(self, identifier: str, chains: Sequence[str]) -> None:
        self._fits.choose_model(identifier, chains)
        self._window.raise_panel("Fit")

    def _of_nothing(self) -> list[Entry]:
        return [
            *self._actions("look"),
            Entry("Show All", self._looking.show_all, enabled=not self._session.is_empty),
            LINE,
            *self._actions("views", "offset", "gallery"),
            LINE,
            *self._actions("screenshot"),
        ]
