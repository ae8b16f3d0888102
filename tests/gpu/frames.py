"""How long frames of the fit view take without a display: the drawing of the window, by EGL where there is Linux."""

import re
import time

import numpy as np
from example import EXAMPLE, MAP
from part import Part
from report import spread

from difffit_core.contour import suggest_level
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model

WIDTH, HEIGHT = 1280, 800
_FRAMES = 120


def run(part: Part, device: str, quick: bool) -> None:
    count, width, height = (4, WIDTH // 4, HEIGHT // 4) if quick else (_FRAMES, WIDTH, HEIGHT)
    part.begin(
        "Frames off screen",
        f"The shipped example's map and model as the window draws them, turned by 3° a frame, {width} × {height}, each drawn and read "
        f"back; median of {count} (lowest..highest), after the first.",
        ["drawn by", "first, ms", "then, ms"],
    )
    try:
        from difffit_app.scene.pictures.offscreen import hidden_window, pixels_of
        from difffit_app.scene.speed import draws_in_software
    except ImportError as error:
        part.note(f"Not drawn: {error}. It needs what only the window needs, at the end of tests/gpu/requirements.txt.")
        return
    window = hidden_window()
    try:
        window.SetSize(16, 16)
        try:
            pixels_of(window, 16, 16)
        except UserError as error:
            part.note(f"Not drawn: {error}.")
            return
        named = re.search(r"OpenGL renderer string:\s*(.*)", window.ReportCapabilities())
        software = draws_in_software(window)
    finally:
        window.Finalize()
    seconds = _frames(count, width, height)
    name = named[1].strip() if named else "no driver that says its name"
    part.add(name, spread([1000 * seconds[0]]), spread([1000 * one for one in seconds[1:]]))
    if software:
        part.note("The processor drew them" + (": the GPU is not reached by EGL here." if device != "cpu" else "."))


def _frames(count: int, width: int, height: int) -> list[float]:
    from difffit_app.geometry.build import build_model_mesh
    from difffit_app.scene.pictures.picture import Outlook, draw_movie
    from difffit_app.state.changes.of_session import AddMap, AddModel
    from difffit_app.state.figure import Figure
    from difffit_app.state.items import MapStatistics, OpenMap, OpenModel
    from difffit_app.state.movies import Moment
    from difffit_app.state.session import Session
    from difffit_app.state.view_state import ViewState

    density_map, model = read_map(MAP), read_model(EXAMPLE / "1bd2.pdb.gz")
    session = Session()
    view_state = ViewState(session)
    statistics = MapStatistics.of(density_map.values)
    AddMap(OpenMap("map-1", "map", density_map, statistics, suggest_level(density_map))).apply(session, view_state)
    AddModel(OpenModel("model-1", "model", model, build_model_mesh(model))).apply(session, view_state)
    figure = Figure("fit", width, height, samples=1, background="black")
    seconds, start = [], time.perf_counter()
    for picture in draw_movie(session, view_state, figure, Outlook(), [Moment(turned=3.0 * i) for i in range(count)]):
        seconds.append(time.perf_counter() - start)
        if np.ptp(np.asarray(picture)) == 0:
            raise RuntimeError("a frame shows nothing")
        start = time.perf_counter()
    return seconds
