"""See-through surfaces of which only the nearest layer is seen, so that what is inside stays readable.

Their depth is drawn first, without colour. That takes one more pass by the graphics card, where peeling their layers took several. What is
drawn after them does not show through: other see-through things come before.
"""

from collections.abc import Sequence

from vtkmodules.vtkCommonCore import vtkInformation
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLActor

_HARDLY_ANY = 1e-4
"""Opacity: nothing that could be seen, but more than nothing, which VTK would not draw."""


def depth_twin() -> vtkActor:
    """An actor that leaves only its depth; it is to be drawn right before the one whose mapper and place it has."""
    twin = vtkActor()
    keys = vtkInformation()
    keys.Set(vtkOpenGLActor.GLDepthMaskOverride(), 1)
    twin.SetPropertyKeys(keys)
    twin.PickableOff()
    look = twin.GetProperty()
    look.SetOpacity(_HARDLY_ANY)
    look.LightingOff()
    return twin


def follow(twin: vtkActor, actor: vtkActor) -> None:
    """Have the twin stand where its actor stands, and be drawn only where that one is see-through."""
    look = actor.GetProperty()
    twin.SetMapper(actor.GetMapper())
    twin.SetUserMatrix(actor.GetUserMatrix())
    twin.GetProperty().SetBackfaceCulling(look.GetBackfaceCulling())
    twin.SetVisibility(actor.GetVisibility() and look.GetOpacity() < 1)


def draw_last(renderer: vtkRenderer, props: Sequence[vtkProp]) -> None:
    """Have a renderer draw these of its props after the others, in that order, without giving up what the card holds of them."""
    every = renderer.GetViewProps()
    for prop in props:
        if every.IsItemPresent(prop):
            every.RemoveItem(prop)
            every.AddItem(prop)
    renderer.Modified()
