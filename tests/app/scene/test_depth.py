"""What is far fades into the background, and planes cut off what is too near or too far."""

import numpy as np
import pytest
from vtkmodules.vtkFiltersSources import vtkPlaneSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from difffit_app.scene.pictures.offscreen import hidden_window, pixels_of
from difffit_app.scene.stage import Stage
from difffit_app.state.depth import THINNEST, Clip

SIDE = 60
DEPTHS = (0.0, -20.0, -40.0)


def tile(x: float, z: float) -> vtkActor:
    source = vtkPlaneSource()
    source.SetOrigin(x - 4, -4, z)
    source.SetPoint1(x + 4, -4, z)
    source.SetPoint2(x - 4, 4, z)
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(source.GetOutputPort())
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(1, 0, 0)
    actor.GetProperty().LightingOff()
    return actor


def test_far_things_fade_and_planes_cut() -> None:
    window = hidden_window()
    window.SetSize(3 * SIDE, SIDE)
    renderer = vtkRenderer()
    window.AddRenderer(renderer)
    stage = Stage(renderer)
    stage.set_background("#0000ff", "#0000ff")
    for x, z in zip((-20, 0, 20), DEPTHS, strict=True):
        stage.add(tile(x, z))
    camera = stage.camera
    camera.SetPosition(0, 0, 180)
    camera.SetFocalPoint(0, 0, -20)
    camera.SetViewAngle(6)

    def seen() -> np.ndarray:
        stage.prepare()
        pixels = pixels_of(window, 3 * SIDE, SIDE).astype(int)
        return np.array([pixels[SIDE // 2, SIDE * k + SIDE // 2, 0] for k in range(3)])

    try:
        plain = seen()
        assert (plain > 240).all()
        stage.fog = True
        near, middle, far = seen()
        assert near > 240
        assert near > middle + 20 > far + 40
        assert far > 40
        stage.fog = False
        np.testing.assert_array_equal(seen(), plain)
        for clip, left in (
            (Clip(10, 10), [False, True, False]), (Clip(10, None), [False, True, True]), (Clip(None, 10), [True, True, False]),
            (Clip(-15, 30), [False, False, True]), (Clip(30, -15), [True, False, False]), (None, [True, True, True]),
        ):  # fmt: skip
            stage.clip = clip
            np.testing.assert_array_equal(seen() > 100, left)
        assert stage.half_depth() == pytest.approx(20)
    finally:
        renderer.RemoveAllViewProps()
        window.RemoveRenderer(renderer)
        window.Finalize()


def test_planes_stay_apart() -> None:
    with pytest.raises(ValueError, match="between the planes"):
        Clip(3, -3)
    clip = Clip(5, 5)
    assert clip.moved(-3, 0) == Clip(2, 5)
    assert clip.moved(-2, 2) == Clip(3, 7)
    squeezed = clip.moved(-20, 0)
    assert squeezed.back == 5
    assert squeezed.front + squeezed.back == pytest.approx(THINNEST)
    squeezed = clip.moved(0, -20)
    assert squeezed.front == 5
    assert Clip(None, 4).moved(-3, -20) == Clip(None, -16)
