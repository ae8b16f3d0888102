"""Dark lines around things and between their parts, as ChimeraX's silhouettes.

They are the back of the same surface, a little larger, which is seen only where the surface itself ends.
"""

from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

_WIDTH = 0.0009
"""Of a line, over the distance from which it is seen, so that figures of any size have the same."""
_RIM = 0.5
"""Of a sphere, what is turned away so far from the eye (the cosine of the angle) is dark."""
_OF_FAINT = 0.6
"""Opacity of lines around what is see-through."""
_VERTEX, _FRAGMENT = "//VTK::PositionVC::Impl", "//VTK::Light::Impl"
_GROW = f"""{_VERTEX}
  gl_Position = MCDCMatrix * inverse(MCVCMatrix)
    * (MCVCMatrix * vertexMC + vec4({_WIDTH} * gl_Position.w * normalize(normalVCVSOutput), 0.0));
"""
_DARKEN = f"""{_FRAGMENT}
  if (normalVCVSOutput.z < {_RIM}) fragOutput0.rgb = vec3(0.0);
"""


def silhouette() -> vtkActor:
    """Lines that are to be drawn after the depth of what they `surround`, and before itself."""
    actor = vtkActor()
    mapper = vtkPolyDataMapper()
    mapper.ScalarVisibilityOff()
    actor.SetMapper(mapper)
    actor.PickableOff()
    actor.SetVisibility(False)
    look = actor.GetProperty()
    look.SetColor(0, 0, 0)
    look.SetAmbient(0)
    look.SetDiffuse(0)
    look.FrontfaceCullingOn()
    actor.GetShaderProperty().AddVertexShaderReplacement(_VERTEX, True, _GROW, False)
    return actor


def surround(lines: vtkActor, actor: vtkActor, on: bool) -> None:
    """Put the lines around a surface as it is now, or take them away."""
    if on:
        lines.GetMapper().SetInputData(actor.GetMapper().GetInput())
        lines.SetUserMatrix(actor.GetUserMatrix())
        lines.GetProperty().SetOpacity(1.0 if actor.GetProperty().GetOpacity() == 1 else _OF_FAINT)
    lines.SetVisibility(on and actor.GetVisibility())


def darken_rims(spheres: vtkActor, on: bool) -> None:
    """The same for spheres, which have no surface that could be larger."""
    shader = spheres.GetShaderProperty()
    shader.ClearAllFragmentShaderReplacements()
    if on:
        shader.AddFragmentShaderReplacement(_FRAGMENT, True, _DARKEN, False)
