"""Three rounds made in the window are repeated headless, each fit in the map that the rounds before it left."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_core.project.store import open_project
from difffit_core.reproduce import Verdict, repeat_project

QUICK = {"starts": 60, "steps": 15, "candidates": 6, "refine_steps": 4, "refine_atoms": 200, "polish_steps": 3}
CHAINS = ("E", "D", "B")


@pytest.mark.slow
def test_three_rounds_made_in_the_window_come_out_identical(opened: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    session, window, actions = opened.session, opened.window, opened.window.actions_by_id
    panel = window.panels["Fit"]
    for name, value in QUICK.items():
        panel.form.editors[name].set_value(value)
    for number, chain in enumerate(CHAINS):
        panel.chains.choose((chain,))
        actions["fit"].trigger()
        qtbot.waitUntil(lambda count=number + 1: len(session.fits) == count and not opened.jobs.fitting, timeout=60_000)
        qtbot.mouseClick(window.panels["Placements"].accept, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda count=number + 1: session.composite is not None and _accepted(opened) == count, timeout=20_000)
        if number < len(CHAINS) - 1:
            actions["zero_out"].trigger()
            zero_out = window.panel("Zero Out").widget()
            qtbot.waitUntil(zero_out.apply.isEnabled, timeout=20_000)
            qtbot.mouseClick(zero_out.apply, Qt.MouseButton.LeftButton)
            current = session.composite.current
            qtbot.waitUntil(lambda one=current: session.working is not None and session.working.round == one, timeout=20_000)
    prompts.where = tmp_path / "rounds.difffit"
    actions["save"].trigger()
    qtbot.waitUntil(lambda: not session.dirty, timeout=20_000)
    project, _ = open_project(tmp_path / "rounds.difffit")
    rounds = project.composites[0].rounds
    assert [fit.round for fit in project.fits] == [None, rounds[0].id, rounds[1].id]
    assert [len(one.accepted) for one in rounds] == [1, 1, 1]
    outcomes = list(repeat_project(project, tmp_path / "rounds.difffit"))
    assert [(one.verdict, one.detail) for one in outcomes if one.verdict is not Verdict.IDENTICAL] == []
    assert len(outcomes) == 3
    raw = project.model_copy(update={"fits": (project.fits[1].model_copy(update={"round": None}),)})
    verdicts = [one.verdict for one in repeat_project(raw, tmp_path / "rounds.difffit")]
    assert verdicts == [Verdict.DIFFERENT], "in the raw map something else comes out"


def _accepted(application: Application) -> int:
    composite = application.session.composite
    return 0 if composite is None else sum(len(one.accepted) for one in composite.rounds)
