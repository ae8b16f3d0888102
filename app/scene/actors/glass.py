"""See-through surfaces as of glass: clear where they face the eye, so that what is inside keeps its colours, and dense at their rims.

Rims are dark by the light that falls on them, which stands off a light ground; before a dark one they shine instead.
"""

from vtkmodules.vtkCommonCore import reference
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer, vtkShaderProperty

from difffit_app.scene.shown import actors_on

_CLEARER = 0.35
"""Of the depth of a shell that faces the eye: rims make up for it."""
_STEEPEST = 0.12
"""Of the cosine between the surface and the eye; what is steeper is as dense."""
_SHINE = 1.3
"""Of the surface's own colour, at least so much of which is seen before a dark ground."""
_MARK = "glassShine"
_FRAGMENT = "//VTK::Light::Impl"
_DENSITY = f"""{_FRAGMENT}
  fragOutput0.rgb = max(fragOutput0.rgb, min({_MARK} * (ambientColor + diffuseColor), 1.0));
  fragOutput0.a = 1.0 - pow(1.0 - fragOutput0.a, {_CLEARER} / max(abs(normalVCVSOutput.z), {_STEEPEST}));
"""


def make_glass(actor: vtkActor, on: bool) -> None:
    """Have a see-through actor seen as a thin shell is: the longer the way of the light through it, the denser.

    An opaque actor stays opaque.
    """
    shader = actor.GetShaderProperty()
    if on != _is_glass(shader):
        shader.ClearAllFragmentShaderReplacements()
        if on:
            shader.GetFragmentCustomUniforms().SetUniformf(_MARK, 0.0)
            shader.AddFragmentShaderReplacement(_FRAGMENT, True, _DENSITY, False)
        else:
            shader.GetFragmentCustomUniforms().RemoveUniform(_MARK)


def shine(renderer: vtkRenderer, ground: tuple[float, float, float]) -> None:
    """Have glass stand off the ground, of which each part is from 0 to 1; to be called before each frame."""
    shining = _SHINE if sum(ground) < 1.5 else 0.0
    for actor in actors_on(renderer):
        if _is_glass(actor.GetShaderProperty()):
            actor.GetShaderProperty().GetFragmentCustomUniforms().SetUniformf(_MARK, shining)


def _is_glass(shader: vtkShaderProperty) -> bool:
    """Others may have changed its shader, too."""
    return bool(shader.GetFragmentCustomUniforms().GetUniformf(_MARK, reference(0.0)))  # type: ignore[arg-type]
