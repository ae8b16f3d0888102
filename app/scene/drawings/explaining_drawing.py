"""What explains the fit view in it: the keys of colours, a scale bar, and the directions of x, y and z."""

from collections.abc import Callable

from difffit_app.geometry.key import Key, key_of, shortened
from difffit_app.scene.actors.keys_actor import KeysActor
from difffit_app.scene.actors.scale_bar import ScaleBarActor
from difffit_app.scene.actors.triad_actor import TriadActor
from difffit_app.scene.drawings.fit_drawing import FitDrawing
from difffit_app.scene.stage import Stage
from difffit_app.state.items import list_renamed
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.colours import copy_colour


class ExplainingDrawing:
    """Follows the session and the view state on a stage. Where several models are coloured alike, one key serves all of them.

    The chosen model comes first: there is not room for any number. ``before`` gives keys of what else is drawn, which come before all.
    """

    def __init__(self, session: Session, view_state: ViewState, drawing: FitDrawing, stage: Stage) -> None:
        self._session, self._view_state, self._drawing, self._stage = session, view_state, drawing, stage
        self.keys, self.triad, self.bar = KeysActor(), TriadActor(), ScaleBarActor("#000000")
        self._scale = 1.0
        self.before: Callable[[], list[Key]] = list
        for actor in (*self.keys.actors, *self.triad.actors, *self.bar.actors):
            stage.add_label(actor)
        self._observer = stage.labels.AddObserver("StartEvent", self._measure)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal in (
            drawing.changed, events.model_added, events.model_removed, events.model_selected, events.fit_selected,
            events.placement_selected, events.composite_selected,
            events.renamed, events.hand_moved, events.brought_changed, view_state.model_style_changed, view_state.residue_colours_changed,
            view_state.explaining_changed, view_state.accepted_shown_changed, view_state.assembly_changed,
        ):  # fmt: skip
            self._subscriptions.add(signal, self.show)
        self.show()

    def end(self) -> None:
        self._subscriptions.end()
        self._stage.labels.RemoveObserver(self._observer)

    def set_scale(self, scale: float) -> None:
        """How many pixels a point has."""
        self._scale = scale
        self.keys.set_scale(scale)
        self._stage.draw()

    def set_colours(self, words: str, ground: str | None) -> None:
        """Of the words and the bar, and of the veil behind the words, if there is to be one."""
        self.keys.set_colours(words, ground)
        self.bar.set_colour(words)
        self._stage.draw()

    def show(self, *_: object) -> None:
        """Explain what is drawn now."""
        state = self._view_state
        self.keys.tell(self._wanted() if state.legend else ())
        for actors, on in ((self.triad.actors, state.triad), (self.bar.actors, state.scale_bar)):
            for actor in actors:
                actor.SetVisibility(on)
        self._stage.draw()

    def _measure(self, *_: object) -> None:
        """Before every frame: the bar and the directions go with the camera, and the keys with the size of the view."""
        camera, (width, height) = self._stage.labels.GetActiveCamera(), self._stage.labels.GetSize()
        self.keys.set_room(width, height)
        if self._view_state.scale_bar and width and height:
            self.bar.measure(camera, width, height, self._scale)
        if self._view_state.triad:
            self.triad.turn(camera, self._scale)

    def _wanted(self) -> list[Key]:
        keys: list[Key] = []
        chosen = self._session.model
        for identifier, actor in sorted(self._drawing.models.items(), key=lambda one: chosen is None or one[0] != chosen.id):
            bent = self._drawing.bent.actor if identifier == self._drawing.bent.model and not actor.actor.GetVisibility() else None
            actor = bent or actor
            if not actor.actor.GetVisibility() or identifier not in self._session.models:
                continue  # hidden, or gone together with what is told of now, and told next
            chains, painted = actor.told_chains()
            if not chains:
                continue
            item, style = self._session.models[identifier], self._view_state.models[identifier]
            scale = self._view_state.residue_scales.get(identifier)
            if scale is not None:
                keys.append(Key(f"{item.name}, {scale[0].lower()}", stops=scale[1], ends=scale[2]))
                continue
            key = key_of(item.name, item.model, chains, item.mesh.structure, style.colour_by, style.colour, style.first_colour, painted)
            same = next((i for i, other in enumerate(keys) if key.swatches == other.swatches and key.stops == other.stops), None)
            if same is None:
                keys.append(key)
            else:
                keys[same] = Key(f"{keys[same].title}, {item.name}", key.swatches, key.stops, key.ends)
        return [*self.before(), *self._assembly(), *self._copies(), *keys]

    def _assembly(self) -> list[Key]:
        standing = [one for one in self._view_state.assembly if not one.faint]
        names = [(copy_colour(one.number - 1), f"{one.number}: {one.candidate.name}") for one in standing]
        return [Key("Assembly", shortened(names))] if names else []

    def _copies(self) -> list[Key]:
        copies = self._drawing.composite.told() if self._view_state.accepted_shown else []
        models = self._session.models
        names = [(colour, f"{models[copy.model].name}, {list_renamed(copy.chains)}") for copy, colour in copies if copy.model in models]
        return [Key("Accepted", shortened(names))] if names else []
