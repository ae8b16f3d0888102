"""Making a working map of one that is open by further steps, and showing it in its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.state.changes.of_working import show_instead
from difffit_app.state.items import OpenMap
from difffit_app.state.made_maps import make_open_map
from difffit_app.workers.lane import Job

if TYPE_CHECKING:
    from difffit_core.map_edit.steps import Step


@dataclass(frozen=True)
class Words:
    """What is said of a working map.

    ``name`` it gets; ``said`` of how it was made; ``undo`` names the step that can be undone; ``job`` is what is done, ``activity`` the
    same while it is; ``dropped`` is told where what it is made of was closed meanwhile, ``shown`` with the name that it got.
    """

    name: str
    said: str
    undo: str
    job: str
    activity: str
    dropped: str
    shown: Callable[[str], str]


def show_working(
    desk: Desk, item: OpenMap, steps: "Sequence[Step]", words: Words, before_shown: Callable[[], object] = lambda: None
) -> None:
    """Make a working map of ``item`` by steps beyond those that made it, off the GUI thread, and show it in one step that can be undone."""
    from difffit_core.map_edit.recipe import MapRecipe
    from difffit_core.project.working_maps import WorkingMapRecord

    session = desk.session
    source = item if item.made is None else session.maps[item.made.map]
    before = () if item.made is None else item.made.steps
    recipe = MapRecipe.checked({"map": source.id, "steps": (*before, *steps)})
    record = WorkingMapRecord(id="map-new", name=words.name, recipe=recipe, said=(*item.said, words.said))
    opening, models = session.opening, dict(session.models)

    def done(made: OpenMap) -> None:
        desk.messages.show_activity("")
        if opening != session.opening or item.id not in session.maps or source.id not in session.maps:
            desk.messages.show_notice(words.dropped, "warning")
            return
        before_shown()
        desk.history.do(show_instead(session, desk.view_state, item, made, words.undo))
        desk.messages.show_notice(words.shown(made.name), "info")

    desk.messages.show_activity(words.activity)
    desk.jobs.draw(Job(words.job, lambda _: make_open_map(record, source.density, models), done, lambda _: desk.messages.show_activity("")))
