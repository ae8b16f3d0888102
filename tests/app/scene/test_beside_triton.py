"""A GPU fit in a window that Mesa draws: both bring LLVM, and one must not find that of the other."""

import subprocess
import sys

import pytest

_DRAW_AND_LOAD = """
from vtkmodules import vtkRenderingOpenGL2
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow

window, renderer, mapper, actor, ball = vtkRenderWindow(), vtkRenderer(), vtkPolyDataMapper(), vtkActor(), vtkSphereSource()
mapper.SetInputConnection(ball.GetOutputPort())
actor.SetMapper(mapper)
renderer.AddActor(actor)
window.SetOffScreenRendering(1)
window.AddRenderer(renderer)
window.Render()
from difffit_core.ops import triton_climb
print("loaded", triton_climb.POINTS)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Triton is there on Linux only")
def test_triton_loads_where_views_were_drawn(qapp: object) -> None:
    pytest.importorskip("torch")
    done = subprocess.run([sys.executable, "-c", _DRAW_AND_LOAD], capture_output=True, text=True, check=False)
    if "No module named 'triton'" in done.stderr:
        pytest.skip("Triton is not installed")
    assert done.returncode == 0, done.stderr
    assert "loaded" in done.stdout
