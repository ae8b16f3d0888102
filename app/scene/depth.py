"""Depth: what lies far fades into the background, and planes cut off what is too near or too far."""

from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from difffit_app.scene.shown import actors_on
from difffit_app.state.depth import Clip, Triple

_STRENGTH, _BEGINS = 0.7, 0.3
"""How much of what lies farthest is background, and from which part of the depth on things fade."""
_HOOK = "//VTK::Light::Impl"
_FADE = """//VTK::Light::Impl
  if (fogStrength > 0.0)
  {
    float fogDepth = fogNear * fogFar / (fogFar - gl_FragCoord.z * (fogFar - fogNear));
    float fogShare = clamp((fogDepth - fogBegin) / max(fogEnd - fogBegin, 1e-3), 0.0, 1.0) * fogStrength;
    gl_FragData[0].rgb = mix(gl_FragData[0].rgb, fogColour, fogShare);
  }
"""
_THINNEST = 0.5
"""Å between the planes, at least."""

Rgb = tuple[float, float, float]


def cut(renderer: vtkRenderer, clip: Clip | None) -> None:
    """Have a camera, whose range holds all that is shown, see only what lies between the planes; to be called before each frame."""
    _cut_through(renderer, clip.planes if clip is not None else ())
    if clip is not None and clip.fixed is None:
        _narrow(renderer.GetActiveCamera(), clip)


def _cut_through(renderer: vtkRenderer, planes: tuple[tuple[Triple, Triple], ...]) -> None:
    """Cut what is drawn, wherever it is seen from."""
    for actor in actors_on(renderer):
        mapper = actor.GetMapper()
        if mapper is None:
            continue
        now = mapper.GetClippingPlanes()
        if tuple((one.GetOrigin(), one.GetNormal()) for one in now or ()) == planes:
            continue
        mapper.RemoveAllClippingPlanes()
        for point, normal in planes:
            plane = vtkPlane()
            plane.SetOrigin(*point)
            plane.SetNormal(*normal)
            mapper.AddClippingPlane(plane)


def _narrow(camera: vtkCamera, clip: Clip) -> None:
    near, far = camera.GetClippingRange()
    middle = camera.GetDistance()
    first = near if clip.front is None else max(near, middle - clip.front)
    last = far if clip.back is None else min(far, middle + clip.back)
    first = max(first, 1e-3 * far)
    camera.SetClippingRange(first, max(last, first + _THINNEST))


def fade(renderer: vtkRenderer, on: bool, colour: Rgb) -> None:
    """Have what a camera sees fade into the colour of the ground, the farther the more; to be called before each frame."""
    camera = renderer.GetActiveCamera()
    near, far = camera.GetClippingRange()
    begin, end = _reach(renderer, near, far)
    for actor in actors_on(renderer):
        shader = actor.GetShaderProperty()
        if shader.GetNumberOfShaderReplacements() == 0:
            if not on:
                continue
            shader.AddFragmentShaderReplacement(_HOOK, True, _FADE, False)
        values = shader.GetFragmentCustomUniforms()
        values.SetUniformf("fogStrength", _STRENGTH if on else 0.0)
        if on:
            for name, value in (("fogNear", near), ("fogFar", far), ("fogBegin", begin), ("fogEnd", end)):
                values.SetUniformf(name, value)
            values.SetUniform3f("fogColour", colour)


def half_depth(renderer: vtkRenderer) -> float:
    """Half of what is shown, along the line of sight, in Å."""
    return max(_middle_and_half(renderer)[1], _THINNEST)


def _reach(renderer: vtkRenderer, near: float, far: float) -> tuple[float, float]:
    """From which depth to which things fade: from before the middle of what is seen to its end."""
    middle, half = _middle_and_half(renderer)
    first, last = max(middle - half, near), min(middle + half, far)
    return first + _BEGINS * (last - first), max(last, first + _THINNEST)


def _middle_and_half(renderer: vtkRenderer) -> tuple[float, float]:
    """Depth of the middle of what is shown, and how far it goes from there, in Å."""
    box = renderer.ComputeVisiblePropBounds()
    if box[0] > box[1]:
        return renderer.GetActiveCamera().GetDistance(), 0.0
    camera = renderer.GetActiveCamera()
    direction, position = camera.GetDirectionOfProjection(), camera.GetPosition()
    middle = sum(direction[i] * ((box[2 * i] + box[2 * i + 1]) / 2 - position[i]) for i in range(3))
    return middle, sum(abs(direction[i]) * (box[2 * i + 1] - box[2 * i]) / 2 for i in range(3))
