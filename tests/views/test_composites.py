"""Composites of a project in the window."""

from pathlib import Path
from typing import Any

from difffit_app.application import Application
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.store import open_project, save_project


def composite_of(fit: Any) -> CompositeRecord:
    """The best placement of a fit, accepted and zeroed out."""
    best = fit.placements[0]
    accepted = {
        "model": fit.model, "chains": {"B": "B"}, "pose": {"rotation": best.rotation, "translation": best.translation},
        "accepted": "2026-01-02T03:04:05+00:00", "source": "made", "fit": fit.id, "rank": 1, "local_correlation": best.local_correlation,
    }  # fmt: skip
    cut = {"method": "soft", "resolution": 4.0, "level": fit.level, "removed": 0.2, "done": "2026-01-02T03:04:06+00:00"}
    rounds = [{"id": "round-1", "fits": [fit.id], "accepted": [accepted], "zero_out": cut}]
    return CompositeRecord.model_validate({"id": "composite-1", "name": "Composite", "map": fit.map, "rounds": rounds})


def test_composites_are_kept_from_opening_to_saving(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "plain"
    fitted.window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not fitted.session.dirty, timeout=20_000)
    project, arrays = open_project(tmp_path / "plain.difffit")
    later = project.fits[0].model_copy(update={"id": "fit-9", "round": "round-1"})
    composites = (composite_of(project.fits[0]),)
    whole = project.model_copy(update={"composites": composites, "fits": (*project.fits, later)})
    save_project(tmp_path / "whole.difffit", whole, {**arrays, "fit-9": arrays[project.fits[0].id]})
    fitted.window.actions_by_id["close_all"].trigger()
    fitted.files.open_paths([tmp_path / "whole.difffit"])
    qtbot.waitUntil(lambda: "fit-9" in fitted.session.fits, timeout=60_000)
    prompts.where = tmp_path / "again"
    fitted.window.actions_by_id["save_as"].trigger()
    qtbot.waitUntil((tmp_path / "again.difffit").exists, timeout=20_000)
    again, _ = open_project(tmp_path / "again.difffit")
    assert again.composites == composites
    assert [fit.round for fit in again.fits] == [None, "round-1"]
    fitted.window.actions_by_id["close_all"].trigger()
    assert fitted.session.composites == {}
