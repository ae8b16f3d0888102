"""Lines around surfaces."""

import gc

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.scene.actors.isosurface import polydata
from difffit_app.scene.actors.silhouette import silhouette, surround


def test_switched_off_they_hold_no_surface(nothing_left: None) -> None:
    actor, lines, gone = vtkActor(), silhouette(), []
    data = polydata(np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32), np.array([[0, 1, 2]]))
    data.AddObserver("DeleteEvent", lambda *_: gone.append("data"))
    actor.SetMapper(vtkPolyDataMapper())
    actor.GetMapper().SetInputData(data)
    surround(lines, actor, True)
    assert lines.GetMapper().GetInput() is data
    surround(lines, actor, False)
    surround(lines, actor, True)
    assert lines.GetMapper().GetInput() is data
    surround(lines, actor, False)
    actor.SetMapper(vtkPolyDataMapper())
    del data
    gc.collect()
    assert gone == ["data"]
