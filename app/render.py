"""Pictures of projects without a window: `render_project`, which the core finds through the entry-point group ``difffit.window``."""

import threading
from pathlib import Path
from typing import Any

from difffit_app.features.rounds.working import work_out
from difffit_app.paths import unpacked_folder
from difffit_app.scene.pictures.picture import Outlook, draw_picture
from difffit_app.scene.pictures.picture_file import check_picture_path, write_picture
from difffit_app.state.figure import Figure
from difffit_app.state.metrics import METRICS
from difffit_app.state.project.contents import fill_session
from difffit_app.state.project.reading import locate_project, read_project_inputs
from difffit_app.state.session import Session
from difffit_app.state.view_state import GALLERY_SIZES, ViewState
from difffit_core.errors import UserError


def render_project(
    project: Path,
    out: Path,
    *,
    rank: int | None = None,
    metric: str | None = None,
    count: int | None = None,
    everything: bool = False,
    **what: Any,
) -> None:
    """Write a picture of a project as PNG; ``what`` are the fields of a `Figure`.

    Raises
    ------
    UserError
        If the project, a file of it or a choice is bad, or the picture cannot be drawn or written.
    """
    figure = Figure(**what)
    check_picture_path(out)
    _check("metric", metric, METRICS)
    _check("count", count, GALLERY_SIZES)
    located = locate_project(project, unpacked_folder())
    if located.lost:
        raise UserError(str(located.lost[0]))
    session = Session()
    view_state = ViewState(session)
    problems = fill_session(session, view_state, read_project_inputs(located, {}, threading.Event()))
    if problems:
        raise UserError(problems[0])
    work_out(session)
    if rank is not None:
        _choose(session, rank)
    if metric is not None:
        view_state.set_metric(metric)
    if count is not None:
        view_state.set_gallery_size(count)
    whole = everything or figure.layout != view_state.layout
    try:
        picture = draw_picture(session, view_state, figure, Outlook(view_state.camera, whole=whole))
    except MemoryError:
        each = f"{figure.samples} × {figure.samples} samples"
        raise UserError(
            f"there is not enough memory for {figure.width} × {figure.height} pixels of {each}; a smaller one, or fewer samples, needs less"
        ) from None
    write_picture(out, picture, figure.dots_per_inch)


def _choose(session: Session, rank: int) -> None:
    fit = session.fit
    if fit is None or fit.index_of_rank(rank) is None:
        most = 0 if fit is None else len(fit.placements)
        raise UserError(
            f"rank must be that of a placement of the project, 1 to {most}, got {rank}" if most else "the project has no placements"
        )
    session.select_placement(rank)


def _check(name: str, value: object, allowed: Any) -> None:
    if value is not None and value not in allowed:
        raise UserError(f"{name} must be one of {', '.join(map(str, allowed))}, got {value}")
