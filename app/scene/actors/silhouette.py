"""Dark lines around things and between their parts, as ChimeraX's silhouettes, but in a shade of what they surround.

They are the back of the same surface, a little larger, which is seen only where the surface itself ends. They thin out with distance.
"""

from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

_WIDTH, _NEAR, _FAR = 0.0009, 1.5, 0.45
"""Of a line, over the distance from which it is seen, so that figures of any size have the same; times that where things are nearest and
where they are farthest. What is nearest and farthest is told by the planes between which the camera draws, which lie close round all."""
_SHADE = 0.3
"""Of its colour."""
_RIM = 0.5
"""Of a sphere, what is turned away so far from the eye (the cosine of the angle) is dark."""
_OF_FAINT = 0.6
"""Opacity of lines around what is see-through."""
_VERTEX, _FRAGMENT = "//VTK::PositionVC::Impl", "//VTK::Light::Impl"
_GROW = f"""{_VERTEX}
  mat4 eyeToScreen = MCDCMatrix * inverse(MCVCMatrix);
  float nearest = eyeToScreen[3][2] / (eyeToScreen[2][2] - 1.0);
  float farthest = eyeToScreen[3][2] / (eyeToScreen[2][2] + 1.0);
  float away = clamp((gl_Position.w - nearest) / max(farthest - nearest, 1e-6), 0.0, 1.0);
  float width = {_WIDTH} * gl_Position.w * mix({_NEAR}, {_FAR}, away);
  gl_Position = eyeToScreen * (MCVCMatrix * vertexMC + vec4(width * normalize(normalVCVSOutput), 0.0));
"""
_DARKEN = f"""{_FRAGMENT}
  fragOutput0.rgb *= mix({_SHADE}, 1.0, smoothstep(0.8 * {_RIM}, 1.2 * {_RIM}, normalVCVSOutput.z));
"""


class Silhouette(vtkActor):
    """Lines as a `silhouette` has them, which may be left out for a while."""

    around: vtkActor | None = None
    left_out = False

    def show(self, around: vtkActor | None) -> None:
        """Draw them around a surface as it is now, unless they are left out; None for none."""
        self.around = around
        drawn = around is not None and not self.left_out
        if around is None:
            self.GetMapper().RemoveAllInputConnections(0)  # else they would hold a surface that nothing draws any more
        elif drawn:
            self.GetMapper().SetInputData(around.GetMapper().GetInput())
            self.GetProperty().SetColor(*around.GetProperty().GetColor())
            self.SetUserMatrix(around.GetUserMatrix())
            self.GetProperty().SetOpacity(1.0 if around.GetProperty().GetOpacity() == 1 else _OF_FAINT)
        self.SetVisibility(drawn)

    def leave_out(self, left_out: bool) -> None:
        """Draw none, whatever is asked for; or what was asked for again."""
        self.left_out = left_out
        self.show(self.around)


def silhouette() -> Silhouette:
    """Lines that are to be drawn after the depth of what they `surround`, and before itself."""
    actor = Silhouette()
    actor.SetMapper(vtkPolyDataMapper())
    actor.PickableOff()
    actor.SetVisibility(False)
    look = actor.GetProperty()
    look.SetAmbient(_SHADE)
    look.SetDiffuse(0)
    look.FrontfaceCullingOn()
    actor.GetShaderProperty().AddVertexShaderReplacement(_VERTEX, True, _GROW, False)
    return actor


def surround(lines: Silhouette, actor: vtkActor, on: bool) -> None:
    """Put the lines around a surface as it is now, or take them away."""
    lines.show(actor if on and actor.GetVisibility() else None)


def darken_rims(spheres: vtkActor, on: bool) -> None:
    """The same for spheres, which have no surface that could be larger."""
    shader = spheres.GetShaderProperty()
    shader.ClearAllFragmentShaderReplacements()
    if on:
        shader.AddFragmentShaderReplacement(_FRAGMENT, True, _DARKEN, False)
