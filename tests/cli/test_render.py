"""Pictures of projects, drawn where there is no display."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from difffit_app.state.items import OpenFit
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.project.inputs import record_input
from difffit_core.project.schema import Project
from difffit_core.project.store import save_project


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(repository: Path, make_fit: Callable[..., OpenFit], tmp_path: Path) -> Path:
    """The shipped example on a coarse grid with a fit of two placements."""
    folder = repository / "resources" / "example"
    density = read_map(folder / "1bd2_4A.mrc.gz")
    map_path, model_path, path = tmp_path / "coarse.mrc", folder / "1bd2_moved.pdb.gz", tmp_path / "small.difffit"
    write_map(map_path, DensityMap(density.values[::3, ::3, ::3], density.voxel_size * 3, density.origin))
    fit = make_fit()
    inputs = (record_input(map_path, "map-1", "map", path), record_input(model_path, "model-1", "model", path))
    view = {"selected_fit": fit.id, "selected_rank": 1}
    save_project(path, Project(program_version="0", inputs=inputs, fits=(fit.record,), view=view), {fit.id: fit.arrays})
    return path


@pytest.fixture
def render(difffit: Callable[..., Any], project: Path, tmp_path: Path) -> Callable[..., np.ndarray]:
    """The pixels of a small picture."""

    def draw(*options: object) -> np.ndarray:
        out = tmp_path / "picture.png"
        ended = difffit("render", project, "--out", out, "--width", 320, "--height", 200, "--samples", 1, "--overwrite", *options)
        assert (ended.status, ended.err) == (0, "")
        with Image.open(out) as image:
            return np.asarray(image).astype(int)

    return draw


def differ(first: np.ndarray, second: np.ndarray) -> float:
    """The share of pixels that are not alike."""
    return float((np.abs(first - second).max(axis=-1) > 12).mean())


def test_a_process_without_a_display_draws_and_writes_the_dots_per_inch(
    difffit_process: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a picture.png"
    ended = difffit_process("render", project, "--out", out, "--width", 300, "--height", 200, "--scale", 2, "--dpi", 254)
    assert (ended.status, ended.err, ended.out) == (0, "", f"wrote {out}\n")
    with Image.open(out) as image:
        assert (image.size, image.mode) == ((600, 400), "RGB")
        np.testing.assert_allclose(image.info["dpi"], (254, 254), atol=0.1)
        assert np.asarray(image.convert("L")).std() > 5


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--width", 16384, "--scale", 2), "width times scale must lie between 16 and 16384 pixels, got 32768"),
        (("--width", 320, "--height", 20, "--scale", 0.25), "height times scale must lie between 16 and 16384 pixels, got 5"),
        (("--scale", "nan"), "Invalid value for '--scale': Input should be less than or equal to 16, got nan"),
    ],
)
def test_pictures_end_somewhere(difffit: Any, project: Path, tmp_path: Path, options: tuple[object, ...], sentence: str) -> None:
    ended = difffit("render", project, "--out", tmp_path / "a.png", *options)
    assert (ended.status, ended.lines) == (2, [f"difffit: {sentence}"])
    assert not (tmp_path / "a.png").exists()


def test_it_is_said_where_a_picture_takes_long_or_too_much(
    difffit: Any, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("difffit_app.render.draw_picture", too_large)
    ended = difffit("render", project, "--out", tmp_path / "a.png", "--width", 16384, "--height", 16384)
    assert (ended.status, ended.lines) == (
        2,
        [
            "drawing 16384 × 16384 pixels of 3 × 3 samples, which may take minutes",
            "difffit: there is not enough memory for 16384 × 16384 pixels of 3 × 3 samples; a smaller one, or fewer samples, needs less",
        ],
    )


def test_the_views_differ_and_show_what_they_say(render: Callable[..., np.ndarray]) -> None:
    fit, clusters, both = (render("--view", view) for view in ("fit", "clusters", "both"))
    assert min(differ(fit, clusters), differ(fit, both), differ(clusters, both)) > 0.02
    halves = both[:, :158], both[:, 162:]
    assert differ(*halves) > 0.02
    gallery = render("--view", "gallery")
    assert differ(gallery[:, :158], gallery[:, 162:]) > 0.005, "the two placements of the fit stand side by side"
    offset = render("--view", "offset")
    background = np.abs(offset - offset[:, :1]).max(axis=-1) > 12
    assert background[:150, :160].any()
    assert background[:150, 160:].any()


def test_the_rank_moves_the_model(render: Callable[..., np.ndarray]) -> None:
    first = render()
    assert differ(first, render("--rank", 1)) == 0
    assert differ(first, render("--rank", 2)) > 0.005


def test_legend_scale_bar_and_metric_are_drawn_where_they_belong(render: Callable[..., np.ndarray]) -> None:
    with_legend, without = render("--view", "clusters"), render("--view", "clusters", "--no-legend")
    changed = np.argwhere(np.abs(with_legend - without).max(axis=-1) > 12)
    assert len(changed) > 200
    assert changed[:, 0].min() > 130, "the legend stands at the bottom"
    bar = np.argwhere(np.abs(render("--scale-bar") - render()).max(axis=-1) > 12)
    assert bar[:, 1].min() > 160, "the scale bar stands at the right"
    assert differ(with_legend, render("--view", "clusters", "--metric", "hits")) > 0.0005


def test_a_transparent_picture_laid_over_white_is_the_opaque_one(render: Callable[..., np.ndarray]) -> None:
    clear = render("--background", "transparent", "--no-legend")
    assert clear.shape[-1] == 4
    alpha = clear[..., 3:] / 255
    assert alpha.min() == 0
    assert alpha.max() == 1
    assert ((alpha > 0.05) & (alpha < 0.95)).mean() > 0.01
    opaque = render("--no-legend")
    ground = opaque[:, :1]  # nothing reaches the left edge
    over = clear[..., :3] * alpha + ground * (1 - alpha)
    assert np.abs(over - opaque).max() <= 4


def test_the_dark_background_is_dark(render: Callable[..., np.ndarray]) -> None:
    assert render("--background", "dark")[0, 0].max() < 80
    assert not render("--background", "black")[0, 0].any()
    assert (render("--background", "white")[0, 0] == 255).all()
    assert render()[0, 0].min() > 200


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rank", "3"], "rank must be that of a placement of the project, 1 to 2, got 3"),
        (["--metric", "beauty"], "metric must be one of"),
        (["--count", "5"], "count must be one of 4, 6, 9, 12, got 5"),
        (["--view", "side"], "must be one of fit, clusters, both, offset, gallery, got side"),
        (["--width", "0"], "0"),
    ],
)
def test_a_bad_choice_is_one_sentence_and_leaves_no_picture(
    difffit: Callable[..., Any], project: Path, tmp_path: Path, options: list[str], sentence: str
) -> None:
    out = tmp_path / "not.png"
    ended = difffit("render", project, "--out", out, *options)
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert sentence in ended.lines[0]
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


@pytest.mark.parametrize("name", ["picture.jpg", "nowhere/picture.png"])
def test_a_bad_place_is_refused(difffit: Callable[..., Any], project: Path, tmp_path: Path, name: str) -> None:
    ended = difffit("render", project, "--out", tmp_path / name)
    assert ended.status == 2
    assert str(tmp_path / name) in ended.lines[0]


def test_a_missing_input_is_named(difffit: Callable[..., Any], project: Path, tmp_path: Path) -> None:
    (tmp_path / "coarse.mrc").unlink()
    ended = difffit("render", project, "--out", tmp_path / "picture.png")
    assert ended.status == 2
    assert "coarse.mrc" in ended.lines[0]
    assert not (tmp_path / "picture.png").exists()


def test_a_project_without_placements_has_no_gallery(difffit: Callable[..., Any], project: Path, tmp_path: Path) -> None:
    from difffit_core.project.store import open_project

    opened, _ = open_project(project)
    save_project(project, opened.model_copy(update={"fits": (), "view": {}}), {})
    ended = difffit("render", project, "--out", tmp_path / "picture.png", "--view", "gallery")
    assert (ended.status, ended.lines) == (2, ["difffit: there are no placements for a picture of the gallery"])
