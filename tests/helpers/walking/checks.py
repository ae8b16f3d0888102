"""What must hold wherever the walk has come to."""

import gc
import math
import threading
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_app.state.names import names_of_items
from difffit_app.state.project.contents import arrays_of, bent_of, packed_of, project_of
from difffit_app.state.project.view import view_of
from difffit_core.project.schema import Project
from difffit_core.project.store import open_bent, open_project, save_project


def check_agreement(application: Application) -> None:
    """What is open, what is drawn and what is listed are the same."""
    session, view_state, window = application.session, application.view_state, application.window
    open_ids = [*session.maps, *session.models]
    assert set(view_state.maps) == set(session.maps)
    assert set(view_state.models) == set(session.models)
    contents, tabs = window.panels["Open"], window.panels["Placements"].tabs
    assert set(contents.rows) == set(open_ids)
    listed = [contents.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(contents.list.count())]
    assert listed == sorted(open_ids, key=lambda one: session.numbers[one]), (listed, session.numbers)
    shown = [tabs.tabData(i) for i in range(tabs.count())]
    assert shown == [*session.fits], (shown, [*session.fits])
    bent, refinements = window.panels["Bent"].box, [*session.refinements]
    assert [bent.itemData(i) for i in range(1, bent.count())] == refinements
    for box, items in ((window.panels["Fit"].map, session.maps), (window.panels["Fit"].model, session.models)):
        assert {box.itemData(i): box.itemText(i) for i in range(box.count())} == names_of_items(session, items)
    for one, items in ((session.map, session.maps), (session.model, session.models), (session.fit, session.fits)):
        assert (one is None) == (not items)
        assert one is None or items[one.id] is one
    assert session.refinement is None or session.refinements[session.refinement.id] is session.refinement
    assert session.composite is None or session.composites[session.composite.id] is session.composite
    assert session.placement is None or session.placement in session.fit.placements
    assert set(window.viewer.fit.maps) == set(session.maps)
    assert set(window.viewer.fit.models) == set(session.models)
    if session.map is not None:
        assert window.panels["Map"].title.text() == session.map.name
        assert window.panels["Map"].histogram.line.value() == pytest.approx(view_state.maps[session.map.id].level, rel=1e-6)


def as_project(application: Application, path: Path) -> Project:
    """What a project at that place would keep now."""
    session = application.session
    return project_of(session, view_of(session, application.view_state, application.window.viewer), path)


def can_be_kept(application: Application) -> bool:
    """Whether all that is open was read from files or made of such; else saving is refused in a sentence."""
    return all(item.stamp is not None for item in application.session.inputs)


def check_saved(application: Application, path: Path) -> Project:
    """What is open can be kept, and is read back equal; gives what was kept."""
    session, project = application.session, as_project(application, path)
    bent = bent_of(session)
    save_project(path, project, arrays_of(session), packed_of(session), bent)
    assert not (told := differences(project, open_project(path)[0])), told
    assert open_bent(path, project).keys() == bent.keys()
    return project


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two states differ, and how, of plain data or pydantic models."""
    one, other = (part.model_dump(mode="json") if isinstance(part, BaseModel) else part for part in (one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return [told for key in {**one, **other} for told in differences(one.get(key), other.get(key), f"{where}.{key}")]
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        return [told for i, pair in enumerate(zip(one, other, strict=True)) for told in differences(*pair, f"{where}[{i}]")]
    if isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
        return []  # a camera's directions are made square again when it is set
    return [] if one == other else [f"{where}: {str(one)[:200]} became {str(other)[:200]}"]


def state(application: Application) -> dict[str, object]:
    """What undoing and redoing must bring back."""
    session, view_state = application.session, application.view_state
    return {
        "maps": {one.id: (one.name, id(one.density)) for one in session.maps.values()},
        "models": {one.id: (one.name, id(one.model)) for one in session.models.values()},
        "fits": {one.id: one.record for one in session.fits.values()},
        "composites": {one.id: one.rounds for one in session.composites.values()},
        "refinements": {one.id: one.record for one in session.refinements.values()},
        "styles": ({**view_state.maps}, {**view_state.models}),
        "order": [*session.maps, *session.models, *session.fits, *session.composites, *session.refinements],
    }


def left_alive() -> dict[str, int]:
    """How many threads there are, and objects of VTK that Python can still reach."""
    gc.collect()
    kinds: list[Any] = [type(thing) for thing in gc.get_objects()]
    of_vtk = [kind for kind in kinds if kind.__name__.startswith("vtk") and kind.__module__.startswith("vtkmodules")]
    return {"threads": threading.active_count(), "vtk": len(of_vtk)}
