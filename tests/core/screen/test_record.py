"""What a screen found of a model becomes a fit of a project, and the command lines repeat the screen."""

import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from difffit_core.cli import app
from difffit_core.io.models import read_model
from difffit_core.project.schema import FitRecord
from difffit_core.screen.filters import Filters
from difffit_core.screen.ranking import rank
from difffit_core.screen.record import command_lines, screened_fit
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.run import open_screen
from difffit_core.screen.store import ScreenStore

from .conftest import QUICK, Library


def test_the_placements_of_a_model_as_a_fit(screened: Path, library: Library) -> None:
    with ScreenStore.open(screened, to_read=True) as store:
        row = rank(store.rows()).rows[0]
        record, placements = store.record, store.placements(row.id)
    model = read_model(library.folder / library.right)
    fit, arrays = screened_fit("fit-1", "map-1", "model-1", model, record, placements, screen="s.sqlite", command="difffit screen")
    assert [one.placement().to_dict() for one in fit.placements] == [one.to_dict() for one in placements]
    assert fit.chains == ("A",)
    assert fit.fit_settings() == QUICK
    assert fit.screen == "s.sqlite"
    assert FitRecord.model_validate_json(fit.model_dump_json()) == fit
    middle = model.fit_coordinates.mean(axis=0)
    np.testing.assert_allclose(arrays.start_translations[0], placements[0].pose.apply(middle[None])[0])


def test_the_command_lines_say_all_that_was_set(make_request: Callable[..., ScreenRequest], library: Library, tmp_path: Path) -> None:
    filters = Filters(min_residues=20, max_residues=400, min_plddt=60.0, split="domain")
    request = make_request(filters=filters, promising=0.5, seed=7)
    path = tmp_path / "screen.sqlite"
    open_screen(path, request, [], resume=False, source=library.folder).close()
    with open_screen(path, request, [], resume=True, source=tmp_path / "more") as store:
        lines = command_lines(store.record, store.details, tmp_path / "my out", jobs=3, device="cpu")
    first, second = (shlex.split(line) for line in lines)
    assert first[:4] == ["difffit", "screen", "MAP", str(library.folder)]
    assert second[:4] == ["difffit", "screen", "MAP", str(tmp_path / "more")]
    assert second[4:] == [*first[4:], "--resume"]
    told = dict(zip(first[4::2], first[5::2], strict=True))
    told.pop("--set")
    assert told == {
        "--resolution": "7", "--level": "0.25", "--preset": "fast", "--min-residues": "20", "--max-residues": "400",
        "--min-plddt": "60", "--split": "domain", "--promising": "0.5", "--seed": "7", "--device": "cpu", "--jobs": "3",
        "--out": str(tmp_path / "my out"),
    }  # fmt: skip
    assert {"starts=300", "steps=30", "candidates=20", "polished=30"} == {first[i + 1] for i, word in enumerate(first) if word == "--set"}
    refused = CliRunner().invoke(app, ["screen", str(tmp_path / "no.mrc"), *first[3:]])
    assert "no.mrc" in str(refused.exception or refused.output), "every option is known, and only the map is missing"


def test_what_repeats_a_project_leaves_it_to_the_screen() -> None:
    """As told by `difffit replay`."""
    from unittest.mock import Mock

    from difffit_core.reproduce import Verdict, _repeat_fit

    record = Mock(spec=FitRecord, cancelled=False, screen="s.sqlite", command="difffit screen map library")
    verdict, why = _repeat_fit(record, Mock(), Mock(), None, None)
    assert verdict is Verdict.SKIPPED
    assert "difffit screen map library" in why
