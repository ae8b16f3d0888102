"""With several of everything open: choosing one of them changes none, and all of them close and come back together."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QListWidgetItem

from difffit_app.application import Application
from difffit_app.features.rounds.tree import Row
from difffit_app.state.items import OpenFit
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.store import open_project

LEFT = Qt.MouseButton.LeftButton
CHOSEN_BY_VIEW = ("selected_map", "selected_model", "selected_fit", "selected_rank", "selected_composite", "camera")


def kept(application: Application) -> dict[str, object]:
    """All that is open and how it is drawn, but for what is selected."""
    session, view_state = application.session, application.view_state
    of_view = {name: value for name, value in vars(view_state).items() if name not in ("camera", "frame", "chosen")}
    of_view = {name: dict(value) if isinstance(value, dict) else value for name, value in of_view.items()}
    return {
        "maps": {one.id: (id(one.density), one.name) for one in session.maps.values()},
        "models": {one.id: (id(one.model), one.name) for one in session.models.values()},
        "fits": {one.id: one.record for one in session.fits.values()},
        "composites": dict(session.composites),
        "steps": session.steps,
        "revision": session.revision,
        "dirty": session.dirty,
        "undo": (application.history.stack.count(), application.history.stack.index()),
        "view": {name: value for name, value in of_view.items() if isinstance(value, (dict, str, bool, float, int, tuple, type(None)))},
        "filter": view_state.filter,
        "notices": application.window.notices.texts(),
    }


def chosen(application: Application) -> tuple[str | None, ...]:
    session = application.session
    return tuple(one and one.id for one in (session.map, session.model, session.fit, session.composite))


def choices(application: Application, qtbot: Any) -> Iterator[tuple[str, Callable[[], None]]]:
    """Everything that can be chosen, and how a user does it."""
    window, session = application.window, application.session
    contents, tabs, table = window.panels["Open"], window.panels["Placements"].tabs, window.panels["Placements"].view
    tree = window.panel("Rounds").widget().tree

    def click(view: QAbstractItemView, place: QPoint) -> None:
        qtbot.mouseClick(view.viewport(), LEFT, pos=place)

    def row_of(identifier: str) -> QListWidgetItem:
        return contents._entry(identifier)

    for identifier in (*session.maps, *session.models):
        yield identifier, lambda i=identifier: contents.list.setCurrentItem(row_of(i))
    for identifier in session.fits:
        yield identifier, lambda i=identifier: qtbot.mouseClick(tabs, LEFT, pos=tabs.tabRect(tabs.index_of(i)).center())
        for row in range(2):
            yield f"row {row}", lambda r=row: click(table, table.visualRect(table.model().index(r, 1)).center())
    for identifier, composite in session.composites.items():
        for place in (None, composite.rounds[0].id):
            yield f"{identifier} at {place}", lambda i=identifier, p=place: tree.asked_for.emit(Row(i, p))


@pytest.mark.slow
def test_choosing_one_changes_nothing_else(crowded: Application, qtbot: Any) -> None:
    before = kept(crowded)
    for _ in range(2):
        for name, choose in choices(crowded, qtbot):
            others = dict(zip(("map", "model", "fit", "composite"), chosen(crowded), strict=True))
            choose()
            qtbot.wait(1)
            now = kept(crowded)
            if " at " in name:  # where one stands in a composite is kept by the project
                for key in ("composites", "revision", "dirty"):
                    before[key] = now[key]
            assert now == before, name
            kind = name.partition("-")[0]
            after = dict(zip(("map", "model", "fit", "composite"), chosen(crowded), strict=True))
            may = {"map": {"map"}, "model": {"model"}, "fit": {"fit"}}.get(kind, {"composite", "map"} if " at " in name else set())
            assert {key for key in after if after[key] != others[key]} <= may, name


@pytest.mark.slow
def test_every_panel_shows_the_one_that_is_chosen(crowded: Application) -> None:
    panel, contents = crowded.window.panels["Map"], crowded.window.panels["Open"]
    for _ in range(2):
        for item in crowded.session.maps.values():
            contents.list.setCurrentItem(contents._entry(item.id))
            level = crowded.view_state.maps[item.id].level
            assert panel.title.text() == item.name
            assert panel.level.value() == pytest.approx(level, abs=0.6 * 10.0 ** -panel.level.decimals())
            assert panel.histogram.line.value() == pytest.approx(level)


@pytest.mark.slow
@pytest.mark.parametrize("selected", ["map-1", "map-2", "map-3"])
def test_all_close_whichever_is_selected(crowded: Application, selected: str) -> None:
    crowded.session.select_map(selected)
    crowded.window.actions_by_id["close_all"].trigger()
    session, window = crowded.session, crowded.window
    assert session.is_empty
    assert chosen(crowded) == (None, None, None, None)
    assert (crowded.view_state.maps, crowded.view_state.models) == ({}, {})
    assert window.panels["Map"].title.text() == "No map is open"
    assert (
        window.panels["Open"].list.count()
        == window.panels["Fit"].map.count()
        == window.panels["Fit"].model.count()
        == window.panels["Placements"].tabs.count()
        == 0
    )


@pytest.mark.slow
def test_one_after_another_closes_and_comes_back_in_its_place(crowded: Application) -> None:
    before, order = kept(crowded), [*crowded.session.maps, *crowded.session.models]
    for identifier in order:
        contents = crowded.window.panels["Open"]
        others = {one: value for one, value in chosen_by_kind(crowded).items() if value != identifier}
        contents.rows[identifier].close_button.click()
        gone = set(order) - {identifier}
        assert {*crowded.session.maps, *crowded.session.models} == gone
        for kind in ("map", "model"):
            if kind in others:
                assert chosen_by_kind(crowded)[kind] == others[kind], f"{identifier} was closed, and another {kind} was chosen by nobody"
        crowded.window.actions_by_id["undo"].trigger()
        now = kept(crowded)
        for key in ("maps", "models", "fits", "composites", "view"):
            assert now[key] == before[key], (identifier, key)
        assert [*crowded.session.maps, *crowded.session.models] == order


def chosen_by_kind(application: Application) -> dict[str, str | None]:
    return dict(zip(("map", "model", "fit", "composite"), chosen(application), strict=True))


@pytest.mark.slow
def test_another_project_takes_their_place(
    crowded: Application, prompts: Any, tmp_path: Path, qtbot: Any, make_fit: Callable[..., OpenFit]
) -> None:
    prompts.where = tmp_path / "crowd.difffit"
    crowded.session.select_map("map-1")
    crowded.window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not crowded.session.dirty, timeout=20_000)
    before = kept(crowded)
    saved: tuple[CompositeRecord, ...] = open_project(tmp_path / "crowd.difffit")[0].composites
    assert saved == tuple(crowded.session.composites.values())
    for _ in range(2):
        opening = crowded.session.opening
        crowded.files.open_paths([tmp_path / "crowd.difffit"])
        qtbot.waitUntil(lambda o=opening: crowded.session.opening > o and not crowded.jobs.reading, timeout=60_000)
        now = kept(crowded)
        for key in ("fits", "composites", "view", "filter", "dirty"):
            assert now[key] == before[key], key
        assert [*crowded.session.maps, *crowded.session.models] == [*before["maps"], *before["models"]]
        assert crowded.session.map.id == "map-1"


@pytest.mark.slow
def test_a_project_is_opened_over_a_model_that_is_coloured_by_its_fit(crowded: Application, tmp_path: Path, qtbot: Any) -> None:
    """What is closed goes piece by piece, and what is told of the first must not be looked for among the rest."""
    crowded.projects.save(tmp_path / "crowd.difffit")
    qtbot.waitUntil(lambda: not crowded.session.dirty and not crowded.jobs.reading)
    for identifier in crowded.session.models:
        crowded.view_state.set_model_style(identifier, colour_by="local_fit")
    judging = crowded.window.panel("Residues")
    judging.show()
    qtbot.waitUntil(lambda: bool(crowded.view_state.residue_colours))
    judging.widget()._judging.set_busy(True)  # the next placement is being judged
    opening = crowded.session.opening
    crowded.files.open_paths([tmp_path / "crowd.difffit"])
    qtbot.waitUntil(lambda: crowded.session.opening > opening and not crowded.jobs.reading)
    assert len(crowded.session.models) == 2
    assert not any("wrong" in text for text in crowded.window.notices.texts())
