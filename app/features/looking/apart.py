"""Telling of models and maps that lie far from one another, and bringing a model to a map."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from difffit_app.desk import Desk
from difffit_app.features.looking.controller import LookingController
from difffit_app.state.apart import brought, chains_to_fit, far_from
from difffit_app.state.changes.of_session import Bring, MoveByHand, Together
from difffit_app.state.items import HandPose, OpenMap, OpenModel
from difffit_app.state.subjects import MapSubject
from difffit_core.pose import Pose

_NAMED = 3
"""Models that a line about several names."""


class ApartController:
    """What it offers is taken back once it is no more so."""

    def __init__(self, desk: Desk, looking: LookingController) -> None:
        self._session, self._view_state, self._history = desk.session, desk.view_state, desk.history
        self._commands, self._messages, self._looking = desk.commands, desk.messages, looking
        self._offers: dict[str, Callable[[], None]] = {}
        self._told: list[str] = []
        self._offered: tuple[str, ...] = ()
        self._is_dismissed = False
        self._drop_offer: Callable[[], None] = lambda: None
        events = desk.session.events
        events.map_added.connect(self._on_map)
        events.model_added.connect(self._on_model)
        for gone in (events.map_removed, events.model_removed, events.fit_added, events.hand_moved, events.brought_changed):
            gone.connect(lambda *_: self._take_back())

    def bring(self, model_id: str | None = None) -> None:
        """Move a model, or the chosen one, to the middle of the chosen map's density, and look at both there."""
        identifier = model_id or (self._session.model.id if self._session.model is not None else None)
        if identifier is not None:
            self.bring_all([identifier])

    def bring_all(self, models: Sequence[str], map_id: str | None = None) -> None:
        """Move models to the middle of a map's density, or the chosen one's, as one step, and look at them there."""
        session = self._session
        target = session.map if map_id is None else session.maps.get(map_id)
        if target is None or not models or not {*models} <= {*session.models}:
            return
        density, level = session.density(target.id), self._view_state.maps[target.id].level
        poses = brought({one: session.models[one].model for one in models}, density, level)
        name = session.models[models[0]].name if len(models) == 1 else f"{len(models)} Models"
        hand = self._in_place_of_hand(poses)
        steps = (MoveByHand(session.hand, hand), Bring({**session.brought, **poses}))
        with self._commands.doing("bring", {"map": target.id, "models": tuple(models)}):
            self._history.do(Together(steps, f"Bring {name} to {target.name}"))
            self._looking.look_at(MapSubject(target.id))

    def _in_place_of_hand(self, poses: Mapping[str, Pose]) -> HandPose | None:
        """What the hand holds once models stand in these poses: that of a placement that is shown, which else would be drawn."""
        session = self._session
        fit, hand = session.fit, session.hand
        if fit is not None and session.placement is not None and fit.record.model in poses:
            model = session.models[fit.record.model].model
            chains = chains_to_fit(model)
            middle = model.select_chains(chains).fit_coordinates.mean(axis=0)
            return HandPose(fit.record.model, chains, middle, poses[fit.record.model])
        return None if hand is not None and hand.model in poses else hand

    def _on_model(self, _: OpenModel) -> None:
        self._take_back()
        self._tell_of_models()

    def _on_map(self, item: OpenMap) -> None:
        self._take_back()
        others = [one for one in self._session.maps.values() if one.id != item.id]
        far = far_from(item.density, [one.density for one in others])
        if far is not None and item.id not in self._offers:
            text = f"{item.name} lies {far[1]:,.0f} Å from {others[far[0]].name}: they are in different frames."
            both = {"Look at It": item.id, "Look at the Other": others[far[0]].id}
            looks = {word: partial(self._looking.look_at, MapSubject(name)) for word, name in both.items()}
            self._offers[item.id] = self._messages.show_offer(text, looks)
        self._tell_of_models()

    def _tell_of_models(self) -> None:
        """Of all that are far, in one line."""
        new = [name for name in self._session.models if name not in self._told and self._far(name) is not None]
        if new:
            self._told += new
            self._offer((*self._offered, *new))

    def _offer(self, models: Sequence[str]) -> None:
        """Have the line be about these models, with a button that brings them; none for no line."""
        self._drop_offer()
        self._offered, self._is_dismissed, self._drop_offer = tuple(models), False, lambda: None
        names = [self._session.models[name].name for name in models[:_NAMED]]
        if len(models) == 1:
            far = self._far(models[0])
            where, distance = far or ("", 0.0)
            text, word = f"{names[0]} lies {distance:,.0f} Å from {where}, and is drawn beside it.", "Bring Model to Map"
        elif models:
            listed = (
                ", ".join(names[:-1]) + f" and {names[-1]}"
                if len(models) <= _NAMED
                else f"{', '.join(names)} and {len(models) - _NAMED} more"
            )
            text, word = f"{listed} lie far from every map, and are drawn beside one.", "Bring All to Map"
        else:
            return
        bring = {word: partial(self.bring_all, self._offered)}
        self._drop_offer = self._messages.show_offer(f"{text} A fit searches the whole map all the same.", bring, dismissed=self._dismiss)

    def _dismiss(self) -> None:
        """What was told of is told no more, until something else is opened that is far."""
        self._is_dismissed = True

    def _far(self, identifier: str) -> tuple[str, float] | None:
        """The name of the nearest map, and how far it is; None where a model is near one, or was placed."""
        session = self._session
        item, maps = session.models.get(identifier), list(session.maps.values())
        is_placed = any(fit.record.model == identifier for fit in session.fits.values())
        is_held = identifier in session.brought or (session.hand is not None and session.hand.model == identifier)
        if item is None or is_placed or is_held:
            return None
        far = far_from(item.model, [one.density for one in maps])
        return None if far is None else (maps[far[0]].name, far[1])

    def _take_back(self) -> None:
        """What is not so any more."""
        for identifier in list(self._offers):
            others = [one.density for one in self._session.maps.values() if one.id != identifier]
            item = self._session.maps.get(identifier)
            if item is None or far_from(item.density, others) is None:
                self._offers.pop(identifier)()
        self._told = [name for name in self._told if self._far(name) is not None]
        left = tuple(name for name in self._offered if name in self._told)
        if self._is_dismissed:
            self._offered = left
        elif left != self._offered:
            self._offer(left)
