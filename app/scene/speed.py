"""How quickly this machine draws the views with all effects."""

import re
import time

from vtkmodules.vtkFiltersSources import vtkSuperquadricSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow

from difffit_app.scene.actors.silhouette import silhouette, surround
from difffit_app.scene.stage import light_up, soften

_SOFTWARE = re.compile(r"llvmpipe|softpipe|swrast|swiftshader|software|lavapipe|gdi generic|basic render", re.IGNORECASE)
_FRAMES, _MOST_S = 8, 0.6
_FINENESS = 220
"""Corners of the test along either axis: it has about as many triangles as a model in its map."""


def frames_a_second(window: vtkRenderWindow) -> float:
    """With soft shadows and silhouettes, of a test as heavy as a model in its map, in that window, whose context is current.

    0 where there is no graphics card: a processor that draws is never quick enough, and asking it would keep the user waiting.
    """
    if draws_in_software(window):
        return 0.0
    others = list(window.GetRenderers())
    for other in others:
        other.DrawOff()
    renderer = _test()
    window.AddRenderer(renderer)
    try:
        window.Render()  # what draws is compiled first
        window.WaitForCompletion()
        start, frames = time.perf_counter(), 0
        while frames < _FRAMES and time.perf_counter() - start < _MOST_S:
            renderer.GetActiveCamera().Azimuth(5)
            window.Render()
            window.WaitForCompletion()
            frames += 1
        return frames / (time.perf_counter() - start)
    finally:
        window.RemoveRenderer(renderer)
        renderer.RemoveAllViewProps()
        for other in others:
            other.DrawOn()


def draws_in_software(window: vtkRenderWindow) -> bool:
    """Whether the processor draws what is in a window that was drawn once."""
    found = re.search(r"OpenGL renderer string:\s*(.*)", window.ReportCapabilities())
    return found is None or bool(_SOFTWARE.search(found.group(1)))


def _test() -> vtkRenderer:
    source = vtkSuperquadricSource()
    source.SetThetaResolution(_FINENESS)
    source.SetPhiResolution(_FINENESS)
    source.Update()
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(source.GetOutput())
    thing, lines = vtkActor(), silhouette()
    thing.SetMapper(mapper)
    surround(lines, thing, on=True)
    renderer = vtkRenderer()
    for prop in (lines, thing):
        renderer.AddViewProp(prop)
    light_up(renderer)
    soften(renderer, on=True)
    renderer.SetUseFXAA(True)
    renderer.ResetCamera()
    return renderer
