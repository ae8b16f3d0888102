"""Movies, and pictures on the clipboard."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.application import Application
from difffit_app.features.pictures import movies
from difffit_app.scene.camera.pose import apply_camera, camera_of
from difffit_app.scene.pictures import movie_file
from difffit_app.scene.pictures.movie_file import check_movie_path, write_movie
from difffit_app.scene.pictures.picture import Outlook, draw_movie, draw_picture
from difffit_app.scene.stage import look_along_z
from difffit_app.state.changes.of_session import AddFit, AddMap
from difffit_app.state.figure import Figure
from difffit_app.state.items import OpenFit, OpenMap
from difffit_app.state.movies import Moment, morph, replay, turn
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_core.errors import UserError
from difffit_core.pose import Pose


def frames(count: int) -> list[Image.Image]:
    return [Image.fromarray(np.full((31, 41, 3), (10 * number, 0, 255 - 10 * number), np.uint8)) for number in range(count)]


def test_moments_lead_where_they_should() -> None:
    turned = [moment.turned for moment in turn()]
    assert turned[0] == 0
    assert np.allclose(np.diff(turned), 360 - turned[-1]), "the last step leads to the first frame"
    steps = [moment.step for moment in replay(40)]
    assert steps[0] == 0
    assert steps[39:41] == [39, None]
    first, second = Pose.identity(), Pose(np.diag([-1.0, -1.0, 1.0]), np.array([5.0, 0.0, 0.0]))
    middle = np.array([1.0, 2.0, 3.0])
    way = [moment.pose for moment in morph(first, second, middle)]
    seen = np.array([pose.apply(middle[None])[0] for pose in way if pose is not None])
    half = len(way) // 2
    assert way[half] is not None
    np.testing.assert_allclose(way[half].rotation, second.rotation, atol=1e-9)
    np.testing.assert_allclose(seen[[0, half, -1]], [middle, second.apply(middle[None])[0], middle], atol=1e-9)
    line = seen - middle
    assert np.linalg.norm(np.cross(line, second.apply(middle[None])[0] - middle), axis=1).max() < 1e-9, "the middle goes straight"


def test_movies_are_written_as_gif_as_folder_and_by_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_movie(tmp_path / "m.gif", iter(frames(5)), 25)
    with Image.open(tmp_path / "m.gif") as movie:
        assert (movie.size, getattr(movie, "n_frames", 0)) == ((41, 31), 5)
    write_movie(tmp_path / "folder", iter(frames(3)), 25)
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == [f"frame_000{i}.png" for i in (1, 2, 3)]
    with pytest.raises(UserError, match="new or empty"):
        check_movie_path(tmp_path / "folder")
    for name, words in (("m.avi", "must end in"), ("none/m.gif", "does not exist")):
        with pytest.raises(UserError, match=words):
            check_movie_path(tmp_path / name)
    monkeypatch.setattr(movie_file, "ffmpeg", lambda: None)
    with pytest.raises(UserError, match="needs ffmpeg"):
        write_movie(tmp_path / "m.mp4", iter(frames(3)), 25)
    program = tmp_path / "ffmpeg"
    monkeypatch.setattr(movie_file, "ffmpeg", lambda: str(program))
    program.write_text('#!/bin/sh\nfor last; do :; done\ncat > "$last"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    write_movie(tmp_path / "m.mp4", iter(frames(3)), 25)
    assert (tmp_path / "m.mp4").stat().st_size == 3 * 40 * 30 * 3, "all frames, with even sides"
    program.write_text("#!/bin/sh\ncat > /dev/null\necho no such codec >&2\nexit 1\n")
    with pytest.raises(UserError, match="no such codec"):
        write_movie(tmp_path / "other.mp4", iter(frames(3)), 25)
    assert not (tmp_path / "other.mp4").exists()


def test_every_frame_is_as_fine_as_a_picture_from_there(open_map: OpenMap, nothing_left: None) -> None:
    """From so near that single voxels would be seen."""
    session = Session()
    view_state = ViewState(session)
    AddMap(open_map).apply(session, view_state)
    view_state.set_map_style(open_map.id, opacity=1.0)
    figure, camera, middle = Figure("fit", 200, 150, samples=1, background="black"), vtkCamera(), open_map.density.middle
    look_along_z(camera)
    camera.SetFocalPoint(*middle)
    x, y, z = middle
    camera.SetPosition(x, y, z + 40 * float(open_map.density.voxel_size.mean()))
    outlook = Outlook(camera_of(camera), 200 / 150)
    moments = [Moment(), Moment(turned=40.0), Moment(turned=90.0)]
    for moment, frame in zip(moments, draw_movie(session, view_state, figure, outlook, moments), strict=True):
        seen, before = vtkCamera(), outlook.camera
        assert before is not None
        apply_camera(seen, before)
        seen.Azimuth(moment.turned)
        picture = draw_picture(session, view_state, figure, replace(outlook, camera=camera_of(seen)))
        assert np.ptp(np.asarray(picture)) > 50
        off = np.abs(np.asarray(picture).astype(int) - np.asarray(frame)).max(axis=2)
        assert (off > 8).mean() < 0.001


@pytest.mark.slow
def test_a_movie_and_a_copy_of_what_is_shown(
    fitted: Application,
    prompts: Any,
    tmp_path: Path,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
    fit_of_many: Callable[[OpenFit, int], OpenFit],
) -> None:
    actions, notices = fitted.window.actions_by_id, fitted.window.notices
    assert fitted.session.fit is not None
    fitted.history.do(AddFit(fit_of_many(fitted.session.fit, 4)))
    fitted.window.resize(700, 500)
    prompts.where = tmp_path / "m.gif"
    for name, words in (("movie_replay", "open the replay"), ("movie_morph", "select a second placement")):
        actions[name].trigger()
        assert any(words in text for text in notices.texts())
    monkeypatch.setattr(movies, "morph", lambda *way: list(morph(*way))[::25])
    fitted.view_state.choose((1, 3))
    actions["movie_morph"].trigger()
    qtbot.waitUntil(lambda: any("Wrote" in text for text in notices.texts()), timeout=60_000)
    with Image.open(tmp_path / "m.gif") as movie:
        assert getattr(movie, "n_frames", 0) >= 3
    QGuiApplication.clipboard().clear()
    actions["copy_picture"].trigger()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=60_000)
    figure = fitted.window.viewer.figure_of_now()
    assert QGuiApplication.clipboard().image().width() == figure.width
