"""Making working maps, and writing them."""

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.editing.views import EditView
from difffit_app.state.changes.finding import ShowMade
from difffit_app.state.changes.of_session import AddMap, Change, Together
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.state.items import OpenMap
from difffit_app.state.made_maps import is_complete, make_open_map, named_step, open_map_of
from difffit_app.styles import MapStyle
from difffit_app.workers.lane import Context, Job
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.map_edit.recipe import MapRecipe, tags
from difffit_core.map_edit.steps import LowPass, Sharpen, Step
from difffit_core.project.working_maps import WorkingMapRecord

logger = logging.getLogger(__name__)


class EditController:
    """One working map at a time, in the worker for geometry, so that fits go on beside it. A working map is one step that can be undone."""

    def __init__(self, desk: Desk, view: EditView) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._messages, self._view = desk.messages, view
        self._making, self._commands, self._exports = False, desk.commands, desk.exports
        self._again: set[str] = set()
        desk.session.events.map_added.connect(lambda _: self._make_found())
        desk.session.events.model_added.connect(lambda _: self._make_found())

    def start(self, asked: MapRecipe) -> None:
        """Do a step to a map that is open, and show the working map in its place; the map itself stays, hidden."""
        session = self._session
        item = session.maps.get(asked.map)
        if item is None:
            return
        if self._making:
            self._messages.show_notice("A working map is being made; ask again once it is there.", "error")
            return
        if session.shown_working(item.id) is not None:
            self._messages.show_notice(f"Made of {item.name} as it is, not of what is left of it.", "info")
        models = {(name, which): session.models[name].model for name, which in asked.models()}
        before = () if item.made is None else item.made.steps
        source = item if item.made is None else session.maps[item.made.map]
        opening = session.opening
        known = replace(item.density, resolution=session.resolution(item.id))
        self._making = True
        self._view.show_running(True)

        def work(_: Context) -> OpenMap:
            made = asked.make(known, models)
            recipe = made.recipe.changed(map=source.id, steps=(*before, *made.recipe.steps))
            name = f"{source.name}, {tags(recipe.steps)}"
            density = replace(made.density_map, name=name)
            return open_map_of(density, "", name, recipe, tuple(dict.fromkeys((*item.said, *made.said))))

        self._jobs.draw(Job("making the working map", work, partial(self._done, item, opening), lambda _: self._ended()))

    def save(self, path: Path) -> None:
        """Write the selected map, as it is in memory, as MRC."""
        item = self._session.map
        if item is None:
            return

        def write(place: Path) -> None:
            from difffit_core.io.maps import write_map

            write_map(place, item.density)

        with self._commands.doing("save", {"file": str(path), "what": (item.id,)}):
            self._exports.write(path, MAP_SUFFIXES, "map", write)

    def plot(self, identifier: str) -> None:
        """Have the amplitudes of a map read, and shown."""
        item = self._session.maps.get(identifier)
        if item is None:
            return

        def work(_: Context) -> object:
            from difffit_core.map_edit.sharpening import Amplitudes

            return Amplitudes.of(item.density)

        self._jobs.draw(Job("reading amplitudes", work, partial(self._view.show_amplitudes, identifier), quiet=True))

    def _done(self, item: OpenMap, opening: int, made: OpenMap) -> None:
        self._ended()
        session = self._session
        recipe = made.made
        assert recipe is not None
        lacking = any(one not in session.maps and one not in session.models for one in _inputs(recipe))
        if opening != session.opening or item.id not in session.maps or lacking:
            self._messages.show_notice("The working map is dropped, because what it is made of was closed meanwhile.", "warning")
            return
        made = replace(made, id=session.new_id("map"))
        step = named_step(recipe.steps[-1], session)
        text = f"{step.tag[:1].upper()}{step.tag[1:]}: {item.name}"
        changes: list[Change] = [AddMap(made, _style_of(self._view_state.maps[item.id], made, step), done=text)]
        if self._view_state.maps[item.id].visible:
            changes.append(ChangeStyle.of(session, item.id, {"visible": False}))
        self._history.do(Together(tuple(changes), text))
        logger.info("working map: %s", recipe.history())
        self._view.show_outcome(f"{step.done[:1].upper()}{step.done[1:]}. {item.name} is hidden, and as it was.")
        for sentence in made.said:
            if sentence not in item.said:
                self._messages.show_note(made.id, sentence)

    def _ended(self) -> None:
        self._making = False
        self._view.show_running(False)

    def _make_found(self) -> None:
        """Working maps that a project lacked a map or a model for, and lacks no more."""
        for record in self._session.absent.working_maps:
            if record.id not in self._again and is_complete(record, self._session):
                self._again.add(record.id)
                self._make_again(record)

    def _make_again(self, record: WorkingMapRecord) -> None:
        session = self._session
        source, models, opening = session.maps[record.recipe.map].density, dict(session.models), session.opening

        def done(found: OpenMap) -> None:
            self._again.discard(record.id)
            if opening == session.opening:
                with session.at_once():
                    ShowMade(found).apply(session, self._view_state)

        def work(_: Context) -> OpenMap:
            return make_open_map(record, source, models)

        self._jobs.draw(Job(f"making {record.name} again", work, done, lambda _: self._again.discard(record.id)))


def _inputs(recipe: MapRecipe) -> tuple[str, ...]:
    return (recipe.map, *(model for model, _ in recipe.models()))


def _style_of(style: MapStyle, made: OpenMap, step: Step) -> MapStyle:
    """The map's own look; a step that leaves the values as they are leaves the level, too."""
    low, high = made.statistics.low, made.statistics.high
    level = min(max(style.level, low), high - 1e-4 * (high - low))
    if isinstance(step, (LowPass, Sharpen)):
        level = made.suggestion.level
    return style.model_copy(update={"level": level, "slices": None, "visible": True})
