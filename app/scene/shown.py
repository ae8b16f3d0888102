"""What a renderer shows, without a list of it that VTK would keep."""

from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer


def actors_on(renderer: vtkRenderer) -> list[vtkActor]:
    """The actors among its props.

    ``GetActors`` gives a list that the renderer keeps until it is asked again: what was taken off is held by it, with all its data.
    """
    return [prop for prop in renderer.GetViewProps() if isinstance(prop, vtkActor)]
