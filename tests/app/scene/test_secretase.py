"""γ-secretase in the window by mouse and keys, round by round: fit, accept, zero out, fit what is left; then repeated headless."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from scipy.spatial.transform import Rotation

from difffit_app.application import Application
from difffit_app.features.rounds.zero_out_panel import ZeroOutPanel
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose
from difffit_core.project.store import open_project
from difffit_core.reproduce import repeat_project

LEVEL, RESOLUTION = 0.024, 4.3
LEFT = Qt.MouseButton.LeftButton
SHIFT_CONTROL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def chains(shared_data: Path, tmp_path: Path) -> dict[str, tuple[Path, Pose]]:
    """The chains in files of their own, each turned and shifted at random, and what takes it back to where it belongs."""
    whole = read_model(shared_data / "secretase_5fn5/5fn5_box_complete.pdb")
    made = {}
    for number, name in enumerate("ABCD"):
        turn = Rotation.random(random_state=number).as_matrix()
        away = Pose(turn, np.random.default_rng(number).uniform(-200, 200, 3))
        made[name] = tmp_path / f"chain_{name}.cif", away.invert()
        write_model(made[name][0], whole.select_chains([name]), away)
    return made


@pytest.fixture
def ready(application: Application, shared_data: Path, chains: dict[str, tuple[Path, Pose]], qtbot: Any) -> Application:
    """The window with the map at its level and all four chains open, set up to fit quickly."""
    application.window.activateWindow()
    application.files.open_paths([shared_data / "secretase_5fn5/5fn5_box.ccp4", *(path for path, _ in chains.values())])
    qtbot.waitUntil(lambda: len(application.session.models) == 4 and not application.jobs.reading, timeout=60_000)
    panel = application.window.panels["Fit"]
    for box, value in ((application.window.panels["Map"].level, LEVEL), (panel.resolution, RESOLUTION)):
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, f"{value:g}")
        qtbot.keyClick(box, Qt.Key.Key_Return)
    choose(panel.preset, "fast", qtbot)
    assert application.view_state.maps["map-1"].level == pytest.approx(LEVEL)
    assert panel.resolution.value() == RESOLUTION
    return application


def choose(box: QComboBox, data: str, qtbot: Any) -> None:
    """Go to an entry by arrow keys."""
    wanted = box.findData(data)
    box.setFocus()
    while box.currentIndex() != wanted:
        qtbot.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < wanted else Qt.Key.Key_Up)


@pytest.mark.slow
def test_four_chains_are_placed_round_by_round(
    ready: Application, chains: dict[str, tuple[Path, Pose]], prompts: Any, tmp_path: Path, qtbot: Any
) -> None:
    window, session, panel = ready.window, ready.session, ready.window.panels["Fit"]
    zero_out: ZeroOutPanel = window.panel("Zero Out").widget()
    for number, name in enumerate("ABCD"):
        identifier = next(item.id for item in session.models.values() if item.name == f"chain_{name}.cif")
        choose(panel.model, identifier, qtbot)
        if number == 0:
            qtbot.mouseClick(panel.foot.start, LEFT)
        else:
            qtbot.keyClick(window, Qt.Key.Key_Return, SHIFT_CONTROL)
        qtbot.waitUntil(lambda number=number: len(session.fits) == number + 1, timeout=60_000)
        assert (session.fit.record.round is None) == (number == 0)
        assert session.fit.record.model == identifier
        qtbot.mouseClick(window.panels["Placements"].accept, LEFT)
        qtbot.waitUntil(lambda number=number: session.composite is not None and len(session.composite.rounds) == number + 1)
        qtbot.keyClick(window, Qt.Key.Key_X, SHIFT_CONTROL)
        qtbot.waitUntil(zero_out.apply.isEnabled, timeout=20_000)
        qtbot.mouseClick(zero_out.apply, LEFT)
        tip = session.composite.current
        qtbot.waitUntil(lambda tip=tip: session.working is not None and session.working.round == tip, timeout=20_000)
    for one in session.composite.rounds:
        copy = one.accepted[0]
        truth, atoms = chains[copy.chains[next(iter(copy.chains))]][1], session.models[copy.model].model.fit_coordinates
        off = np.sqrt(((copy.pose.pose().apply(atoms) - truth.apply(atoms)) ** 2).sum(axis=1).mean())
        assert off < 1, copy.chains
    left, whole = session.working.density.values, session.maps["map-1"].density.values
    assert left[left > LEVEL].sum() < 0.5 * whole[whole > LEVEL].sum()

    prompts.where = tmp_path / "secretase"
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil((tmp_path / "secretase.difffit").exists, timeout=20_000)
    project, _ = open_project(tmp_path / "secretase.difffit")
    assert [fit.round for fit in project.fits] == [None, *(one.id for one in project.composites[0].rounds[:3])]
    outcomes = list(repeat_project(project, tmp_path / "secretase.difffit"))
    assert len(outcomes) == 4
    assert all(one.good for one in outcomes), [one.detail for one in outcomes]
