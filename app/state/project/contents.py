"""From a project that was read to a session that shows it, and back; the window and pictures made without one start from here."""

from pathlib import Path

from difffit_app.state.dependants import Absent, Dependants, is_of
from difffit_app.state.half_maps_kept import half_maps_of
from difffit_app.state.items import OpenFit, OpenRefinement
from difffit_app.state.made_maps import record_of
from difffit_app.state.project.reading import ReadProject
from difffit_app.state.project.view import show_view
from difffit_app.state.project.view_record import View
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState, default_map_style
from difffit_app.styles import MapStyle
from difffit_core import __version__
from difffit_core.project.arrays import FitArrays
from difffit_core.project.inputs import absolute_input, relative_input
from difffit_core.project.refinements import BentArrays
from difffit_core.project.schema import Project


def fill_session(session: Session, view_state: ViewState, read: ReadProject) -> list[str]:
    """Put all of a project into an empty session; gives a sentence for each thing that is missing.

    Listeners are told once all is there, and then of how it was looked at.
    """
    view, strange = View.read(read.located.project.view)
    with session.at_once():
        problems = [*_fill(session, view_state, read, view), *strange]
    show_view(view, session, view_state)
    return problems


def _fill(session: Session, view_state: ViewState, read: ReadProject, view: View) -> list[str]:
    for number, item in enumerate(read.maps):
        view_state.add_map(item.id, item.suggestion.level, view.maps.get(item.id) or _fitted_style(read, item.id, number))
        session.add_map(item)
    for model in read.models:
        view_state.add_model(model.id, view.models.get(model.id), len(model.model.chains))
        session.add_model(model)
    problems = [*read.problems]
    for number, item in enumerate(read.made, len(read.maps)):
        view_state.add_map(item.id, item.suggestion.level, view.maps.get(item.id) or _fitted_style(read, item.id, number))
        session.add_map(item)
    project = read.located.project
    for composite in project.composites:
        if composite.map in session.maps and session.models.keys() >= set(composite.models()):
            session.add_composite(composite)
    for record in project.fits:
        if record.map in session.maps and record.model in session.models and record.round in (None, *session.rounds):
            session.add_fit(OpenFit.of(record, read.located.arrays[record.id]))
    for one in project.refinements:
        bent = OpenRefinement(one, read.located.bent[one.id])
        if one.map in session.maps and one.model in session.models:
            if is_of(bent, session):
                session.add_refinement(bent)
            else:
                problems.append(f"Not shown, but kept in the project: {one.id}, whose atoms are not those of {one.model}.")
    session.select_refinement(None)
    session.absent = _absent(session, read, view)
    missing = _without_inputs(session)
    if missing.working_maps or missing.fits or missing.composites or missing.refinements:
        problems.append(f"Not shown, because its map or model is missing, but kept in the project: {Dependants(absent=missing)}.")
    session.steps, session.pack = project.steps, project.pack
    return problems


def project_of(session: Session, view: View, path: Path) -> Project:
    """A session, all of whose maps and models were read from files or made of such, as the project that will lie at ``path``."""
    absent = session.absent
    inputs = (
        *(
            item.stamp.record(item.id, "map", path, item.name).model_copy(update={"half_maps": half_maps_of(item.density)})
            for item in session.maps.values()
            if item.stamp is not None
        ),
        *(
            item.stamp.record(item.id, "model", path, item.name, item.model.models)
            for item in session.models.values()
            if item.stamp is not None
        ),
        *(relative_input(entry, path) for entry in absent.inputs),
    )
    made = (record_of(item) for item in session.maps.values())
    return Project(
        program_version=__version__,
        inputs=inputs,
        working_maps=(*(one for one in made if one is not None), *absent.working_maps),
        pack=session.pack,
        fits=tuple(fit.record for fit in (*session.fits.values(), *absent.fits)),
        composites=(*session.composites.values(), *absent.composites),
        refinements=tuple(one.record for one in (*session.refinements.values(), *absent.refinements)),
        view=view.kept(),
        steps=session.steps,
    )


def arrays_of(session: Session) -> dict[str, FitArrays]:
    """The arrays that go into the project file beside `project_of`."""
    return {fit.id: fit.arrays for fit in (*session.fits.values(), *session.absent.fits)}


def bent_of(session: Session) -> dict[str, BentArrays]:
    """The arrays of bent models that go into the project file beside `project_of`."""
    return {one.id: one.arrays for one in (*session.refinements.values(), *session.absent.refinements)}


def packed_of(session: Session) -> dict[str, Path]:
    """The files that go into the project file too, by the ids of the inputs."""
    return {item.id: item.stamp.path for item in session.inputs if item.stamp is not None} if session.pack else {}


def _absent(session: Session, read: ReadProject, view: View) -> Absent:
    """What of a project is not in the session."""
    path, project, arrays = read.located.path, read.located.project, read.located.arrays
    shown = {*session.maps, *session.models}
    return Absent(
        tuple(absolute_input(entry, path) for entry in project.inputs if entry.id not in shown),
        tuple(one for one in project.composites if one.id not in session.composites),
        tuple(OpenFit.of(record, arrays[record.id]) for record in project.fits if record.id not in session.fits),
        tuple(OpenRefinement(one, read.located.bent[one.id]) for one in project.refinements if one.id not in session.refinements),
        {identifier: style for identifier, style in view.maps.items() if identifier not in shown},
        {identifier: style for identifier, style in view.models.items() if identifier not in shown},
        tuple(one for one in project.working_maps if one.id not in shown),
    )


def _without_inputs(session: Session) -> Absent:
    """What is not shown because its map or model is missing."""
    here = session.maps.keys() | session.models.keys()
    strange = tuple(one for one in session.absent.refinements if {one.record.map, one.record.model} <= here)
    return session.absent.without(Absent(refinements=strange))


def _fitted_style(read: ReadProject, identifier: str, number: int) -> MapStyle | None:
    """Where the project says nothing (the command line wrote it), the level of the fit."""
    levels = [fit.level for fit in read.located.project.fits if fit.map == identifier]
    return default_map_style(levels[-1], number) if levels else None
