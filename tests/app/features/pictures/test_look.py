"""What the views look like from the start: effects by the speed of the machine, colours, grounds."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QMenu
from vtkmodules.vtkFiltersSources import vtkPlaneSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkActor2D, vtkPolyDataMapper, vtkRenderer, vtkTextActor

from difffit_app.application import Application
from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.spheres_actor import HANDFUL, worth_a_look
from difffit_app.scene.pictures.offscreen import hidden_window, pixels_of
from difffit_app.scene.pictures.picture import Outlook, draw_picture
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.speed import draws_in_software
from difffit_app.scene.stage import light_up, look_along_z
from difffit_app.state.changes.of_session import AddFit, AddMap, AddModel
from difffit_app.state.figure import Background, Figure
from difffit_app.state.items import OpenFit, OpenMap, OpenModel
from difffit_app.state.project.view import view_of
from difffit_app.state.project.view_record import View
from difffit_app.state.session import Session
from difffit_app.state.view_state import MAP_COLOURS, ViewState
from difffit_app.styles import MapStyle
from difffit_core.colours import chain_colour, copy_colour
from difffit_core.density_map import DensityMap

Many = Callable[[OpenFit, int], OpenFit]


def test_effects_are_on_where_the_machine_is_quick_enough_until_the_user_chooses(fitted: Application) -> None:
    view, state = fitted.window.viewer.fit, fitted.view_state
    assert draws_in_software(view.plotter.render_window)
    view.speed_measured.emit(19.0)
    assert (state.soft_shadows, state.silhouettes) == (False, False)
    view.speed_measured.emit(60.0)
    assert state.soft_shadows
    assert state.silhouettes
    assert fitted.window.actions_by_id["soft_shadows"].isChecked()
    assert not fitted.settings.contains("view/soft_shadows"), "nobody chose it"
    fitted.window.actions_by_id["soft_shadows"].trigger()
    view.speed_measured.emit(60.0)
    assert (state.soft_shadows, state.silhouettes) == (False, True)


def test_the_background_is_chosen_remembered_and_that_of_pictures(fitted: Application) -> None:
    window, viewer = fitted.window, fitted.window.viewer
    for name, colour in (("white", 1.0), ("black", 0.0)):
        window.actions_by_id[f"background_{name}"].trigger()
        for scene in (viewer.fit, viewer.clusters):
            renderer = scene.plotter.renderer
            assert (renderer.GetBackground(), renderer.GetGradientBackground()) == ((colour,) * 3, False)
        assert viewer.figure_of_now().background == name
        assert fitted.settings.value("view/background") == name
    window.actions_by_id["background_gradient"].trigger()
    assert viewer.figure_of_now().background == "gradient"
    assert [window.actions_by_id[f"background_{name}"].isChecked() for name in ("gradient", "white", "black")] == [True, False, False]


@pytest.fixture
def several(open_map: OpenMap, open_model: OpenModel, nothing_left: None) -> tuple[Session, ViewState]:
    """Two maps and three models."""
    session = Session()
    view_state = ViewState(session)
    for number in range(2):
        AddMap(replace(open_map, id=f"map-{number}")).apply(session, view_state)
    for number in range(3):
        AddModel(replace(open_model, id=f"model-{number}")).apply(session, view_state)
    return session, view_state


def test_every_model_and_copy_has_colours_of_its_own(several: tuple[Session, ViewState]) -> None:
    session, view_state = several
    count = len(session.models["model-0"].model.chains)
    assert [view_state.models[f"model-{i}"].first_colour for i in range(3)] == [0, count, 2 * count]
    assert len({view_state.models[f"model-{i}"].colour for i in range(3)}) == 3
    view_state.forget("model-1")
    view_state.add_model("model-3", None, count)
    assert view_state.models["model-3"].first_colour == 3 * count, "no colour that another has"
    row = [rgb(chain_colour(i)).astype(int) for i in range(30)]
    apart = [np.abs(row[i] - row[j]).sum() for i in range(30) for j in range(i)]
    assert min(apart) > 20


@pytest.mark.parametrize(("ground", "corner"), [("white", (255, 255, 255)), ("black", (0, 0, 0)), ("transparent", (0, 0, 0, 0))])
def test_grounds_are_exact(several: tuple[Session, ViewState], ground: Background, corner: tuple[int, ...]) -> None:
    figure = Figure("fit", 60, 40, samples=2, background=ground, soft_shadows=ground == "white")
    pixels = np.asarray(draw_picture(*several, figure, Outlook()))
    for place in ((0, 0), (-1, 0), (0, -1), (-1, -1)):
        assert tuple(pixels[place]) == corner
    assert len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 50, "something is drawn on it"


def test_what_is_inside_a_map_keeps_its_colour(nothing_left: None) -> None:
    """A red square in a ball: of the ball, what faces the eye takes less than a fifth of its red away, and its rim is denser."""
    axis = np.arange(-20, 21)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    ball = DensityMap((20 - np.sqrt(x**2 + y**2 + z**2)).astype(np.float32), np.ones(3), np.full(3, -20.0))
    actor = MapActor(ball, MapStyle(level=5, colour="#5f93d0", opacity=0.35, visible=True))
    square = vtkPlaneSource()
    for point, place in ((square.SetOrigin, (-3, -3, 0)), (square.SetPoint1, (3, -3, 0)), (square.SetPoint2, (-3, 3, 0))):
        point(*place)
    mapper, red = vtkPolyDataMapper(), vtkActor()
    mapper.SetInputConnection(square.GetOutputPort())
    red.SetMapper(mapper)
    red.GetProperty().SetColor(1, 0, 0)
    red.GetProperty().LightingOff()
    window, renderer = hidden_window(), vtkRenderer()
    window.SetSize(81, 81)
    window.AddRenderer(renderer)
    light_up(renderer)
    for prop in (red, *actor.props):
        renderer.AddViewProp(prop)
    renderer.SetBackground(1, 1, 1)
    look_along_z(renderer.GetActiveCamera())
    renderer.ResetCamera()
    pixels = pixels_of(window, 81, 81).astype(int)
    middle, row = pixels[40, 40], pixels[40]
    assert middle[0] > 0.8 * 255
    assert middle[1] < 0.2 * 255
    density = 255 - row[:, 0]
    inside = np.flatnonzero(density > 20)
    assert density[inside[:4]].max() > 2.5 * density[inside[len(inside) // 4]], "denser towards the rim"
    renderer.RemoveAllViewProps()
    window.Finalize()


def test_spheres_that_may_be_chance_are_dots_and_ranks_stand_on_the_others(fitted: Application, fit_of_many: Many) -> None:
    session, drawing = fitted.session, fitted.window.viewer.clusters.drawing
    assert session.fit is not None
    fitted.history.do(AddFit(fit_of_many(session.fit, 40)))
    fit = session.fit
    doubtful = np.array([one.verdict.is_chance for one in fit.placements])
    assert doubtful.sum() > HANDFUL, "the fit has what to leave out"
    worth = worth_a_look(doubtful)
    assert drawing.spheres.radii[~worth].max() < 0.5 * drawing.spheres.radii[worth].min(), "all have the same hits"
    assert f"Dots: {(~worth).sum()} more" in drawing.legend.words
    fitted.window.viewer.clusters.plotter.grab()
    seen = [actor.GetInput() for actor in drawing.ranks.actors if actor.GetVisibility()]
    assert seen[0].replace("–", ",").split(",")[0] == str(fit.placements[int(np.flatnonzero(worth)[0])].rank)


def test_chosen_placements_are_contours_over_the_one_that_is_shown(fitted: Application, fit_of_many: Many) -> None:
    session, view_state, contours = fitted.session, fitted.view_state, fitted.window.viewer.fit.contours
    assert session.fit is not None
    fitted.history.do(AddFit(fit_of_many(session.fit, 4)))
    ranks = [one.rank for one in session.fit.placements[:3]]
    session.select_placement(ranks[0])
    view_state.choose(tuple(ranks))
    assert list(contours.actors) == ranks[1:]
    poses = [actor.pose.translation for actor in contours.actors.values() if actor.pose is not None]
    np.testing.assert_allclose(poses, [one.pose.translation for one in session.fit.placements[1:3]])
    view_state.set_model_style("model-1", visible=False)
    assert not contours.actors
    view_state.set_model_style("model-1", visible=True)
    session.select_placement(ranks[1])
    view_state.choose(tuple(ranks[:3]))
    assert list(contours.actors) == [ranks[0], ranks[2]]
    fitted.window.actions_by_id["close_all"].trigger()
    assert not contours.actors


def test_the_legend_begins_with_the_chosen_model_and_says_how_many_have_no_room(fitted: Application) -> None:
    session, keys = fitted.session, fitted.window.viewer.fit.explaining.keys
    one = session.models["model-1"]
    first = one.name
    for number in range(4):
        AddModel(replace(one, id=f"more-{number}", name=f"more {number}")).apply(session, fitted.view_state)
    session.select_model("more-3")
    assert [key.title for key in keys.keys] == ["more 3", first, "more 0"]
    assert keys.rest == "and 2 more with colours of their own"
    session.select_model("more-1")
    assert [key.title for key in keys.keys] == ["more 1", first, "more 0"]
    fitted.view_state.set_model_style("more-2", visible=False)
    assert keys.rest == "and 1 more with colours of its own"
    fitted.view_state.set_model_style("more-3", visible=False)
    assert keys.rest == ""


@pytest.mark.parametrize("finer", [Figure(width=480, height=360, scale=2), Figure(width=240, height=180, samples=3)])
def test_lines_are_as_thick_in_finer_pictures(several: tuple[Session, ViewState], finer: Figure) -> None:
    session, view_state = several
    for number in range(3):
        view_state.set_model_style(f"model-{number}", visible=False)
    view_state.set_map_style("map-1", visible=False)
    view_state.set_map_style("map-0", mode="mesh", opacity=1.0, colour="#000000")

    def drawn(figure: Figure) -> float:
        """Which share of the picture lines cover."""
        pixels = np.asarray(draw_picture(session, view_state, replace(figure, legend=False), Outlook()))
        return float((255.0 - pixels[..., :3].mean(axis=-1)).mean() / 255)

    assert drawn(finer) == pytest.approx(drawn(Figure(width=240, height=180, samples=1)), rel=0.35)


def places_of_words(view: SceneWidget, actors: Iterable[vtkActor2D]) -> dict[str, tuple[int, int, int, int]]:
    """What is written over a view, each with where it stands in pixels: left, right, bottom, top."""
    view.plotter.grab()
    found = {}
    for actor in actors:
        if isinstance(actor, vtkTextActor) and actor.GetVisibility() and actor.GetInput():
            box = [0, 0, 0, 0]
            actor.GetBoundingBox(view.stage.labels, box)
            x, y = actor.GetPositionCoordinate().GetComputedViewportValue(view.stage.labels)
            found[actor.GetInput()] = (x + box[0], x + box[1], y + box[2], y + box[3])
    return found


@pytest.mark.parametrize("width", [700, 340, 250, 170])
def test_the_legend_of_the_spheres_has_room_in_a_narrow_view(fitted: Application, fit_of_many: Many, width: int) -> None:
    assert fitted.session.fit is not None
    fitted.history.do(AddFit(fit_of_many(fitted.session.fit, 40)))
    view = fitted.window.viewer.clusters
    view.plotter.setFixedWidth(width)
    QApplication.processEvents()
    places = places_of_words(view, view.drawing.legend.actors)
    assert any("as dots" in words for words in places)
    assert any("hit" in words for words in places)
    assert all(left >= 0 and right <= width for left, right, _, _ in places.values()), places
    for (one, (left, right, bottom, top)), (other, place) in combinations(places.items(), 2):
        assert right <= place[0] or place[1] <= left or top <= place[2] or place[3] <= bottom, f"{one!r} lies on {other!r}"


@pytest.mark.slow
def test_legends_of_models_stay_within_a_small_view(fitted: Application) -> None:
    session, view = fitted.session, fitted.window.viewer.fit
    one = session.models["model-1"]
    for number in range(3):
        more = replace(one, id=f"more-{number}", name=f"a model with a name that never comes to its end {number}")
        AddModel(more).apply(session, fitted.view_state)
        fitted.view_state.set_model_style(f"more-{number}", colour_by="element")
    keys = view.explaining.keys
    whole = [len(key.swatches) for key in keys.keys]
    view.plotter.setFixedSize(200, 180)
    QApplication.processEvents()
    places = places_of_words(view, keys.actors)
    assert all(right <= 200 and bottom >= 0 for _, right, bottom, _ in places.values()), places
    assert len(keys.keys) < len(whole) or len(keys.keys[-1].swatches) < whole[-1]
    assert "more with" in keys.rest
    assert any(words.endswith("…") for words in places)
    view.plotter.setFixedSize(900, 1400)
    QApplication.processEvents()
    view.plotter.grab()
    assert [len(key.swatches) for key in keys.keys] == whole


def test_legend_scale_bar_and_axes_are_in_the_view_and_in_pictures_of_it(fitted: Application) -> None:
    explaining, actions = fitted.window.viewer.fit.explaining, fitted.window.actions_by_id
    assert [key.title for key in explaining.keys.keys] == [fitted.session.models["model-1"].name]
    fitted.view_state.set_model_style("model-1", colour_by="structure")
    assert {name for _, name in explaining.keys.keys[0].swatches} <= {"helix", "strand", "coil"}
    colours = np.zeros((int(fitted.session.models["model-1"].model.residue_index.max()) + 1, 3), np.uint8)
    fitted.view_state.set_residue_colours("model-1", colours, ("Local correlation", ("#000000", "#ffffff"), ("0", "1")))
    assert explaining.keys.keys[0].words.endswith("local correlation: from 0 to 1")
    fitted.view_state.set_residue_colours("model-1", None)
    for name, actors in (("scale_bar", explaining.bar.actors), ("triad", explaining.triad.actors)):
        assert not any(actor.GetVisibility() for actor in actors)
        actions[name].trigger()
        fitted.window.viewer.fit.plotter.grab()
        assert all(actor.GetVisibility() for actor in actors)
        assert getattr(fitted.window.viewer.figure_of_now(), name)
    actions["legend"].trigger()
    assert not explaining.keys.keys
    assert not fitted.window.viewer.figure_of_now().legend
    assert fitted.settings.value("view/legend", type=bool) is False


def test_distances_and_angles_are_measured_by_clicks_and_go_with_the_model(fitted: Application) -> None:
    view, state, model = fitted.window.viewer.fit, fitted.view_state, fitted.session.models["model-1"].model
    fitted.window.actions_by_id["measure"].trigger()
    assert fitted.window.actions_by_id["measure"].isChecked()
    state.set_map_style("map-1", visible=False)
    chosen = model.in_fit & (model.atom_names == "CA") & np.isin(model.chain_names, view.models["model-1"].chains)
    atoms = np.flatnonzero(chosen)[:40]
    pose = view.models["model-1"].pose
    assert pose is not None
    places = pose.apply(model.coordinates[atoms].astype(np.float64))
    forward = np.array(view.camera.GetDirectionOfProjection())
    met: list[int] = []
    for place in places:  # along the line of sight, so that the atoms in front are met
        before = len(state.measured[-1]) if state.measured else 0
        view.clicked.emit((place - 200 * forward, forward))
        if state.measured and len(state.measured[-1]) != before:
            met.append(state.measured[-1][-1].atom)
        if len(met) == 3:
            break
    first, middle, last = pose.apply(model.coordinates[met].astype(np.float64))
    expected = [np.linalg.norm(middle - first), np.linalg.norm(last - middle)]
    turned = np.degrees(np.arccos((first - middle) @ (last - middle) / np.prod(expected)))
    words = view.measured.words
    assert words == (f"{expected[0]:.2f} Å", f"{expected[1]:.2f} Å", f"{turned:.1f}°")
    assert fitted.session.fit is not None
    fitted.session.select_placement(fitted.session.fit.placements[-1].rank)
    assert view.measured.words == words, "a rigid model keeps its distances"
    fitted.window.actions_by_id["cancel"].trigger()
    assert not state.measuring
    fitted.window.actions_by_id["clear_measured"].trigger()
    assert view.measured.words == ()
    assert not view.measured.lines.GetVisibility()


def test_standard_views_look_along_axes_and_saved_ones_are_kept_with_the_project(fitted: Application) -> None:
    viewer = fitted.window.viewer
    menu = next(one for one in fitted.window.findChildren(QMenu) if "Saved" in one.title())

    def choose(words: str) -> None:
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if words in action.text().replace("&", "")).trigger()

    distance = viewer.fit.camera.GetDistance()
    for words, direction in (("Right", (-1, 0, 0)), ("Top", (0, -1, 0)), ("Front", (0, 0, -1))):
        choose(words)
        np.testing.assert_allclose(viewer.fit.camera.GetDirectionOfProjection(), direction, atol=1e-9)
        np.testing.assert_allclose(viewer.clusters.camera.GetDirectionOfProjection(), direction, atol=1e-9)
    assert viewer.fit.camera.GetDistance() == pytest.approx(distance)
    choose("Save This View")
    choose("Left")
    kept = view_of(fitted.session, fitted.view_state, viewer)
    assert list(View.read(kept.kept())[0].saved_views) == ["View 1"]
    choose("View 1")
    np.testing.assert_allclose(viewer.fit.camera.GetDirectionOfProjection(), (0, 0, -1), atol=1e-9)
    choose("Forget")
    menu.aboutToShow.emit()
    assert not fitted.view_state.saved_views
    assert not menu.actions()[-1].isEnabled()


def test_maps_have_no_colour_of_a_chain_or_a_copy() -> None:
    """By their distance in CIELAB, of which 10 is seen at a glance."""
    others = [*(chain_colour(number) for number in range(10)), *(copy_colour(number) for number in range(10))]
    assert min(far_apart(one, other) for one in MAP_COLOURS for other in others) > 15
    assert min(far_apart(one, other) for one in MAP_COLOURS for other in MAP_COLOURS if one != other) > 15
    copies, chains = others[10:], others[:10]
    assert min(far_apart(one, other) for one in copies for other in chains) > 18, "what is accepted stands off what is not"
    assert min(far_apart(one, other) for one in copies for other in copies if one != other) > 18


def far_apart(one: str, other: str) -> float:
    return float(np.linalg.norm(lab_of(one) - lab_of(other)))


def lab_of(colour: str) -> np.ndarray:
    light = rgb(colour) / 255
    light = np.where(light > 0.04045, ((light + 0.055) / 1.055) ** 2.4, light / 12.92)
    weights = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(weights @ light / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
