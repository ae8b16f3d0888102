"""Lines that are as thick on dense screens and in large pictures as on others. VTK counts them in pixels."""

from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from difffit_app.scene.shown import actors_on


class LinesActor(vtkActor):
    """Draws lines, and maybe dots, that are so many ``points`` thick."""

    points, dots = 1.0, 1.0

    def set_thickness(self, points: float, dots: float = 1.0) -> None:
        self.points, self.dots = points, dots
        self.draw_at(1.0)

    def draw_at(self, scale: float) -> None:
        """With so many pixels a point."""
        self.GetProperty().SetLineWidth(self.points * scale)
        self.GetProperty().SetPointSize(self.dots * scale)


def scale_lines(renderer: vtkRenderer, scale: float) -> None:
    """Draw them in a view with ``scale`` pixels a point; to be called before each frame, since actors are shown in several."""
    for actor in actors_on(renderer):
        if isinstance(actor, LinesActor):
            actor.draw_at(scale)
