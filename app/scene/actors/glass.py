"""See-through surfaces as of glass: clear where they face the eye, so that what is inside keeps its colours, and dense at their rims."""

from vtkmodules.vtkRenderingCore import vtkActor

_CLEARER = 0.35
"""Of the depth of a shell that faces the eye: rims make up for it."""
_STEEPEST = 0.12
"""Of the cosine between the surface and the eye; what is steeper is as dense."""
_FRAGMENT = "//VTK::Light::Impl"
_DENSITY = f"""{_FRAGMENT}
  fragOutput0.a = 1.0 - pow(1.0 - fragOutput0.a, {_CLEARER} / max(abs(normalVCVSOutput.z), {_STEEPEST}));
"""


def make_glass(actor: vtkActor, on: bool) -> None:
    """Have a see-through actor seen as a thin shell is: the longer the way of the light through it, the denser.

    An opaque actor stays opaque.
    """
    shader = actor.GetShaderProperty()
    if on != bool(shader.GetNumberOfShaderReplacements()):
        shader.ClearAllFragmentShaderReplacements()
        if on:
            shader.AddFragmentShaderReplacement(_FRAGMENT, True, _DENSITY, False)
