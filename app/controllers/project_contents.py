"""From a project that was read to a session that shows it; the window and pictures made without one start from here."""

from difffit_app.controllers.reading import ReadProject
from difffit_app.state.items import OpenFit
from difffit_app.state.metrics import METRICS
from difffit_app.state.session import Session
from difffit_app.state.view_state import GALLERY_SIZES, ViewState, default_map_style
from difffit_core.project.schema import MapStyle


def fill_session(session: Session, view_state: ViewState, read: ReadProject) -> list[str]:
    """Put all of a project into an empty session, as it was saved; gives a sentence for each thing that is missing."""
    view = read.located.project.view
    for number, item in enumerate(read.maps):
        view_state.add_map(item.id, item.suggestion.level, view.maps.get(item.id) or _fitted_style(read, item.id, number))
        session.add_map(item)
    for model in read.models:
        view_state.add_model(model.id, view.models.get(model.id))
        session.add_model(model)
    problems = list(read.problems)
    left_out = 0
    for record in read.located.project.fits:
        if record.map in session.maps and record.model in session.models:
            session.add_fit(OpenFit.of(record, read.located.arrays[record.id]))
        else:
            left_out += 1
    session.composites.update({composite.id: composite for composite in read.located.project.composites})
    if left_out:
        what = "fit of this project is not shown because its" if left_out == 1 else "fits of this project are not shown because their"
        problems.append(f"{left_out} {what} map or model is missing.")
    if view.selected_fit in session.fits:
        session.select_fit(view.selected_fit)
        if session.fit and view.selected_rank and session.fit.index_of_rank(view.selected_rank) is not None:
            session.select_placement(view.selected_rank)
    if view.metric in METRICS:
        view_state.set_metric(view.metric)
    if view.gallery_size in GALLERY_SIZES:
        view_state.set_gallery_size(view.gallery_size)
    view_state.set_layout(view.layout)
    if view.camera is not None:
        view_state.ask_camera(view.camera)
    session.mark_saved(None if problems else read.located.path)
    return problems


def _fitted_style(read: ReadProject, identifier: str, number: int) -> MapStyle | None:
    """Where the project says nothing (the command line wrote it), the level of the fit."""
    levels = [fit.level for fit in read.located.project.fits if fit.map == identifier]
    return default_map_style(levels[-1], number) if levels else None
