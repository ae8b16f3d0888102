"""Clustering again takes the fit's place, can be undone, and is repeated by the command line."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.placements.clustering import ClusteringController
from difffit_app.state.items import OpenFit
from difffit_core.fit.setting_words import settings_from


@pytest.fixture
def opened(desk: Any, example: tuple[Path, Path]) -> ClusteringController:
    FilesController(desk).open_paths(example)
    return ClusteringController(desk)


@pytest.fixture
def clustering(desk: Any, opened: ClusteringController, real_fit: OpenFit) -> ClusteringController:
    desk.session.add_fit(real_fit)
    return opened


def test_wider_clusters_replace_the_placements_and_undo_brings_them_back(
    desk: Any, clustering: ClusteringController, real_fit: OpenFit
) -> None:
    clustering.cluster_again(60.0, 180.0, "hits")
    again = desk.session.fit
    assert again is desk.session.fits["fit-1"]
    assert len(again.placements) < len(real_fit.placements)
    assert sum(one.hits for one in again.placements) == sum(one.hits for one in real_fit.placements)
    assert len(again.arrays.rotations) == len(again.placements)
    assert desk.session.placement is again.placements[0]
    assert desk.notices("info")[-1] == f"Clustered again: {len(again.placements)} placements, {len(real_fit.placements)} before."
    desk.history.undo()
    assert desk.session.fit is real_fit
    desk.history.redo()
    assert desk.session.fit is again


def test_the_record_repeats_it(desk: Any, clustering: ClusteringController) -> None:
    clustering.cluster_again(7.5, 20.0, "overlap")
    record = desk.session.fit.record
    words = shlex.split(record.command)
    assert settings_from("fast", [words[i + 1] for i, word in enumerate(words) if word == "--set"]) == record.fit_settings()
    assert (record.fit_settings().cluster_shift, record.fit_settings().rank_by) == (7.5, "overlap")


def test_the_same_tolerances_change_nothing(desk: Any, clustering: ClusteringController, real_fit: OpenFit) -> None:
    clustering.cluster_again(3.0, 6.0, "local_correlation")
    assert [one.to_dict() for one in desk.session.fit.placements] == [one.to_dict() for one in real_fit.placements]


def test_a_fit_of_an_older_version_says_that_it_cannot(desk: Any, opened: ClusteringController, make_fit: Callable[..., OpenFit]) -> None:
    opened.cluster_again(3.0, 6.0, "hits")
    assert desk.notices() == []
    desk.session.add_fit(make_fit())
    opened.cluster_again(3.0, 6.0, "hits")
    assert "kept no candidates" in desk.notices("warning")[0]


def test_a_fit_that_was_closed_meanwhile_stays_closed(desk: Any, clustering: ClusteringController) -> None:
    desk.jobs.hold = True
    clustering.cluster_again(9.0, 20.0, "hits")
    desk.session.remove_fit("fit-1")
    desk.jobs.run_held()
    assert desk.session.fits == {}
    assert "dropped" in desk.notices("warning")[0]


def test_what_is_out_of_bounds_is_told(desk: Any, clustering: ClusteringController, real_fit: OpenFit) -> None:
    clustering.cluster_again(-1.0, 6.0, "hits")
    assert "cluster_shift" in desk.notices("error")[0]
    assert desk.session.fit is real_fit
