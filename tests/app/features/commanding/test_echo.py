"""What is echoed of mouse and keys, typed into another window, gives the state that is there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLineEdit

from difffit_app.application import Application
from difffit_app.features.commanding.script import Line
from difffit_app.state.subjects import ChainSubject, MapSubject
from difffit_core.errors import UserError
from difffit_core.fit.settings import Preset
from difffit_core.io.models import write_model

QUICK = {"starts": 30, "steps": 10, "candidates": 6, "search_atoms": 60, "refine_atoms": 200, "refine_steps": 4, "polish_steps": 4,
         "polished": 4, "further": 0}  # fmt: skip
"""Settings of a fit that need find nothing."""


@pytest.fixture
def another(application: Application, qtbot: Any, tmp_path: Path) -> Iterator[Application]:
    """A second window, which is closed again."""
    other = Application(QSettings(str(tmp_path / "others.ini"), QSettings.Format.IniFormat))
    try:
        other.show()
        with qtbot.waitExposed(other.window, timeout=60_000):
            pass
        yield other
    finally:
        assert other.close()
        other.window.deleteLater()
        other.deleteLater()


def state_of(application: Application) -> dict[str, Any]:
    """All that a user would call the state, without times."""
    session, view = application.session, application.view_state
    composites = [one.model_dump(mode="json") for one in session.composites.values()]
    for composite in composites:
        for step in composite["rounds"]:
            for copy in step["accepted"]:
                copy.pop("accepted")
            (step["zero_out"] or {}).pop("done", None)
    return {
        "maps": {item.id: (item.name, item.density.path, session.numbers[item.id], item.made) for item in session.maps.values()},
        "models": {item.id: (item.name, item.model.path, session.numbers[item.id]) for item in session.models.values()},
        "chosen": [one and one.id for one in (session.map, session.model, session.fit, session.composite)],
        "placement": session.placement and session.placement.rank,
        "fits": {one.id: (one.record.recipe, [str(p) for p in one.record.placements], one.record.round) for one in session.fits.values()},
        "composites": composites,
        "resolutions": dict(session.resolutions),
        "styles": ({name: str(one) for name, one in view.maps.items()}, {name: str(one) for name, one in view.models.items()}),
        "selection": {name: sorted(some) for name, some in view.selection.residues.items()},
        "view": (
            view.layout,
            view.metric,
            str(view.filter),
            view.fog,
            view.triad,
            view.background,
            view.gallery_size,
            sorted(view.saved_views),
        ),
        "working": session.working and (session.working.round, float(session.working.density.values.sum())),
        "undo": application.history.stack.undoText(),
    }


def settle(application: Application, qtbot: Any) -> None:
    jobs = application.jobs
    lanes = (jobs.files, jobs.compute, jobs.geometry, jobs.screens, jobs.downloads)
    for _ in range(2):  # what one brings may give another something to do
        qtbot.waitUntil(lambda: all(lane.running is None for lane in lanes))
        qtbot.wait(1)


def press(application: Application, *names: str) -> None:
    for name in names:
        application.window.actions_by_id[name].trigger()


def replay(application: Application, lines: list[str], qtbot: Any) -> None:
    """Type them, each once the one before is done, as a script does."""
    panel, runner = application.window.panels["Command Line"], application.script
    runner.start([Line(text, number, Path.cwd()) for number, text in enumerate(lines, 1)])
    qtbot.waitUntil(lambda: not runner.running)
    settle(application, qtbot)
    assert "stopped" not in panel.log.toPlainText(), panel.log.toPlainText()


@pytest.mark.slow
def test_an_hour_of_clicks_is_a_script(opened: Application, another: Application, tmp_path: Path, qtbot: Any) -> None:
    """Files, styles, parts, a fit, placements, a composite, zeroing out, views and undo, by the ways that menus, panels and keys take."""
    window, session, view = opened.window, opened.session, opened.view_state
    write_model(tmp_path / "second one.cif", session.models["model-1"].model.select_chains(["D", "E"]))
    window.paths_dropped.emit([tmp_path / "second one.cif"])
    settle(opened, qtbot)
    contents, fit, look = window.panels["Open"], window.panels["Fit"], window.panels["Map"].look
    contents.list.setCurrentItem(contents._entry("map-1"))
    press(opened, "map_mesh", "map_box", "level_up", "level_up", "map_clearer")
    window.panels["Map"].level_set.emit("map-1", session.map.statistics.from_sigma(2.5))
    look.opacity.setValue(60)
    look.islands.setValue(50)
    press(opened, "slice_axis", "map_surface")
    contents.rows["model-1"].eye.click()
    contents.renamed.emit("model-2", 'the "second"')
    contents.list.setCurrentItem(contents._entry("model-2"))
    press(opened, "model_sticks", "colour_b_factor")
    opened.selecting.pick(ChainSubject("model-2", "E"))
    opened.selecting.colour("#ff8800")
    opened.selecting.choose("model-2", [3, 4, 5, 9])
    press(opened, "hide_selection")
    opened.selecting.toggle_chain("model-2", "D")
    fit.map.setCurrentIndex(fit.map.findData("map-1"))
    fit.model.setCurrentIndex(fit.model.findData("model-1"))
    fit.chains.choose(("D", "E"))
    fit.resolution.setValue(9.5)
    fit.set_preset(Preset.FAST)
    for name, value in QUICK.items():
        fit.form.editors[name].set_value(value)
    fit.foot.start.click()
    settle(opened, qtbot)
    assert session.fits
    press(opened, "next", "accept")
    settle(opened, qtbot)
    press(opened, "zero_out")
    settle(opened, qtbot)
    window.panels["Zero Out"].apply_asked.emit()
    settle(opened, qtbot)
    press(opened, "significant", "show_all", "next_metric", "fog", "triad", "background_white", "offset")
    window.viewer.metric_chosen.emit("z_score")
    opened.looking.look_at(MapSubject("map-1"))
    opened.looking.show_only(MapSubject("map-1"))
    press(opened, "undo", "select_model", "map_coarser")
    settle(opened, qtbot)

    lines = opened.commands.done
    assert not [line for line in lines if "map-1" in line or "model-1" in line], lines
    replay(another, list(lines), qtbot)
    mine, theirs = state_of(opened), state_of(another)
    assert {name: theirs[name] for name in mine} == mine, "\n".join(lines)
    assert another.commands.done == lines
    log = window.panels["Command Line"].log.toPlainText().splitlines()
    assert sum("smallest-island" in line for line in log) == 1  # steps of one slider are one line
    assert view.layout == "offset"


@pytest.mark.slow
def test_lines_are_typed(opened: Application, tmp_path: Path, qtbot: Any) -> None:
    """With history, completion, mistakes in a sentence, several at once, and scripts that stop where they must."""
    window, session = opened.window, opened.session
    window.activateWindow()
    press(opened, "command_line")
    panel = window.panels["Command Line"]
    edit: QLineEdit = panel.edit
    qtbot.waitUntil(edit.hasFocus)

    def enter(line: str) -> str:
        """Type it, and give what stands in the log after it."""
        before = len(panel.log.toPlainText())
        qtbot.keyClicks(edit, line)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        return str(panel.log.toPlainText()[before:])

    assert "> hide #1" in enter("hide #1")
    assert not opened.view_state.maps["map-1"].visible
    assert "did you mean show?" in enter("shwo #1")
    assert "there are #1, #2" in enter("show #3")
    assert "has the chains A, B, C, D, E, got Q" in enter("hide #2/Q")
    assert "did you mean orange?" in enter("colour #1 orangr")
    assert "a map has no representation" in enter("style #1 representation sticks")
    assert "must lie from" in enter("level #1 1000")
    assert "= style #1 level" in enter("level #1 3sigma")
    assert "fit MAP MODEL" in enter("help fit")
    assert "is done, not turned" in enter("undo on")
    enter("undo; show #1; fog off")
    qtbot.waitUntil(lambda: not opened.script.running)
    assert (opened.view_state.maps["map-1"].visible, opened.view_state.fog) == (True, False)
    qtbot.keyClicks(edit, "sele")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.text() == "select"
    edit.clear()
    qtbot.keyClicks(edit, "fit #2 in #1 res")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.text() == "fit #2 in #1 resolution "
    edit.setText("hi")
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text() == "hide #2/Q"
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert edit.text() == "hi"
    edit.clear()
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()  # no trap

    model = session.models["model-1"].model.path
    script, inner = tmp_path / "do.dfc", tmp_path / "in" / "more.dfc"
    inner.parent.mkdir()
    inner.write_text("rename #3 again\n")
    (tmp_path / "in" / "here.pdb.gz").write_bytes(model.read_bytes())
    script.write_text("# two\nopen in/here.pdb.gz\nrun in/more.dfc\nhide #3\nsave out.png\nhide #9\nhide #2\n")
    opened.open_when_ready([], script)  # as difffit open --script does
    qtbot.waitUntil(lambda: opened.script.running)
    qtbot.waitUntil(lambda: not opened.script.running)
    assert session.models["model-2"].name == "again"
    assert not opened.view_state.models["model-2"].visible
    assert opened.view_state.models["model-1"].visible  # the line after the one that failed
    assert (tmp_path / "out.png").exists()
    assert any("do.dfc, line 6: hide" in text or "do.dfc, line 6: nothing that is open" in text for text in window.notices.texts())
    opened.files.open_paths([script])
    assert any("File > Run Script runs it" in text for text in window.notices.texts())
    enter(f'save "{tmp_path / "all.dfc"}"')
    settle(opened, qtbot)
    assert "hide #1\n" in (tmp_path / "all.dfc").read_text()
    window.remember(opened.settings)
    edit.lines = []
    panel.recall(opened.settings)
    assert edit.lines[0] == "hide #1"


@pytest.mark.slow
def test_what_the_mouse_moves_is_echoed_and_can_be_typed(opened: Application, qtbot: Any) -> None:
    """A drag of a model, the sphere by mouse and by numbers, residues of models; one line each, which does the same again."""
    session, view, commands = opened.session, opened.view_state, opened.commands
    opened.window.panels["Fit"].chains.choose(("D", "E"))
    press(opened, "move")
    before = len(commands.done)
    opened.moving.shift(np.array([1.0, 2.0, 3.0]))
    opened.moving.shift(np.array([1.0, 0.0, 0.0]))
    assert len(commands.done) == before, "not until the mouse lets go"
    opened.moving.settle()
    moved = session.hand
    assert moved is not None
    assert [line.split()[:2] for line in commands.done[before:]] == [["place", "#2/D,E"]]
    line = commands.done[-1]
    press(opened, "put_back", "move")
    assert session.hand is None
    commands.run(line)
    assert session.hand is not None
    assert (session.hand.model, session.hand.chains) == (moved.model, moved.chains)
    np.testing.assert_array_equal(session.hand.pose.translation, moved.pose.translation)
    assert opened.history.stack.undoText() == "Move by Hand"
    for wrong, told in (("place #1 1,0", "is a map"), ("place #2/D 1,2,3", "12 finite numbers"), ("sphere 1 2 x 4", "four numbers")):
        with pytest.raises(UserError, match=told):
            commands.run(wrong)

    press(opened, "sphere")
    first = view.sphere
    assert first is not None
    before = len(commands.done)
    panel = opened.window.panels["Fit in Sphere"]
    panel.radius.setValue(12.5)
    panel.centre[0].setValue(-3.0)
    assert len(commands.done) == before, "what is moved on is one line"
    line, wanted = commands.done[-1], view.sphere
    assert wanted is not None
    assert line.startswith("sphere -3 ")
    commands.run("sphere off")
    assert view.sphere is None
    commands.run(line)
    assert view.sphere is not None
    np.testing.assert_allclose((*view.sphere.centre, view.sphere.radius), (*wanted.centre, wanted.radius), rtol=1e-6)
    press(opened, "sphere")
    assert commands.done[-1] == "sphere off"
