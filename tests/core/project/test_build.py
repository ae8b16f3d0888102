"""A recorded fit is the request it was, and one that was clustered again is repeated by its command line."""

import shlex
from dataclasses import replace

import numpy as np
import pytest

from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.setting_words import settings_from
from difffit_core.project.build import record_again, record_fit

Made = tuple[FitRequest, FitResult]


def test_the_request_comes_back(request_and_result: Made) -> None:
    request, result = request_and_result
    record = record_fit("fit-1", "map-1", "model-1", request, result, command="", evidence=())
    back = record.repeatable().bind(request.density_map, request.model)
    for name in ("resolution", "level", "settings", "seed", "device", "threads"):
        assert getattr(back, name) == getattr(request, name)
    np.testing.assert_array_equal(back.model.coordinates, request.model.coordinates)
    with pytest.raises(UserError, match="chain"):
        record.recipe.changed(chains=("Z",)).bind(request.density_map, request.model)


def test_warnings_are_recorded_and_survive_clustering_again(request_and_result: Made) -> None:
    record = record_fit("fit-1", "map-1", "model-1", *request_and_result, command="difffit fit", evidence=())
    again = record_again(record, *request_and_result)
    assert [(one.kind, one.message) for one in again.warnings] == [("voxel_size", "The voxels look 3 % too wide.")]


def test_the_record_of_a_fit_clustered_again_repeats_it(request_and_result: Made) -> None:
    request, result = request_and_result
    record = record_fit(
        "fit-1", "map-1", "model-1", request, result, command="difffit fit m x --preset fast --set starts=77", evidence=("e",)
    )
    settings = request.settings.model_copy(update={"cluster_shift": 9.5, "rank_by": "hits"})
    fewer = replace(result, placements=result.placements[:1], timing={**result.timing, "recluster_s": 0.5})
    again = record_again(record, replace(request, settings=settings), fewer)
    assert again.fit_settings() == settings
    words = shlex.split(again.command)
    assert settings_from("fast", [words[i + 1] for i, word in enumerate(words) if word == "--set"]) == settings
    assert [one.rank for one in again.placements] == [1]
    assert again.timing["recluster_s"] == 0.5
    assert (again.id, again.evidence, again.finished) == (record.id, record.evidence, record.finished)
