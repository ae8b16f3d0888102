"""Windows that are on no screen, and what was drawn in them as pixels.

Pixels are RGBA with colours already multiplied by their opacity, so that they can be averaged and laid over one another.
"""

import sys

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401, isort: skip - without it nothing is drawn

from difffit_core.errors import UserError

Pixels = NDArray[np.uint8]

_LARGEST_TILE = 2048
"""Pixels a side that are drawn at once: what sees through takes memory, and graphics cards have limits."""


def hidden_window() -> vtkRenderWindow:
    """A window that needs no display. On Linux it is made by EGL, which works in any thread."""
    if sys.platform.startswith("linux"):
        from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow

        window: vtkRenderWindow = vtkEGLRenderWindow()
    else:
        window = vtkRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetShowWindow(False)
    window.SetMultiSamples(0)
    window.SetAlphaBitPlanes(True)
    return window


def draw_in_tiles(window: vtkRenderWindow, renderer: vtkRenderer, width: int, height: int, samples: int) -> Pixels:
    """What one renderer of a window shows at that size (height, width, 4), each pixel the mean of ``samples`` × ``samples``.

    Raises
    ------
    UserError
        If this machine cannot draw.
    """
    others = [other for other in window.GetRenderers() if other is not renderer]
    columns, rows = (-(-side * samples // _LARGEST_TILE) for side in (width, height))
    across, up = -(-width * samples // columns), -(-height * samples // rows)
    camera, place = renderer.GetActiveCamera(), renderer.GetViewport()
    angle, centre = camera.GetViewAngle(), camera.GetWindowCenter()
    whole = np.zeros((up * rows, across * columns, 4), np.uint8)
    for other in others:
        other.DrawOff()
    try:
        renderer.SetViewport(0, 0, 1, 1)
        window.SetSize(across, up)
        camera.SetViewAngle(float(np.degrees(2 * np.arctan(np.tan(np.radians(angle / 2)) / rows))))
        for row in range(rows):
            for column in range(columns):
                camera.SetWindowCenter(2 * column + 1 - columns, 2 * row + 1 - rows)
                top = up * (rows - 1 - row)
                whole[top : top + up, across * column : across * (column + 1)] = pixels_of(window, across, up)
    finally:
        camera.SetViewAngle(angle)
        camera.SetWindowCenter(*centre)
        renderer.SetViewport(*place)
        for other in others:
            other.DrawOn()
    if samples == 1 and whole.shape[:2] == (height, width):
        return whole
    channels = [Image.fromarray(whole[..., k]).resize((width, height), Image.Resampling.BOX) for k in range(4)]
    return np.stack([np.asarray(channel) for channel in channels], axis=-1)


def pixels_of(window: vtkRenderWindow, width: int, height: int) -> Pixels:
    """Of one frame of a window that has that size (height, width, 4), from the top."""
    window.Render()
    values = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, values, 0)
    if values.GetNumberOfTuples() != width * height:
        raise UserError("no picture can be drawn on this machine: it has neither a graphics driver nor one in software (Mesa)")
    return vtk_to_numpy(values).reshape(height, width, 4)[::-1]


def lay_over(ground: Pixels, above: Pixels) -> None:
    """Put pixels over others, in place."""
    for row in range(len(ground)):  # a row at a time, because wider numbers take twice the memory of the picture
        through = 255 - above[row, :, 3:].astype(np.uint16)
        ground[row] = np.minimum(above[row] + (ground[row] * through + 127) // 255, 255)


def divided_by_opacity(pixels: Pixels) -> Pixels:
    """Colours as files keep them."""
    result = pixels.copy()
    for row in range(len(pixels)):
        opacity = pixels[row, :, 3:].astype(np.uint16)
        colours = (pixels[row, :, :3].astype(np.uint16) * 255 + opacity // 2) // np.maximum(opacity, 1)
        result[row, :, :3] = np.minimum(colours, 255)
    return result


def painted(width: int, height: int, bottom: NDArray[np.uint8], top: NDArray[np.uint8]) -> Pixels:
    """Opaque pixels that run from one colour (3,) at the bottom to another at the top."""
    share = np.linspace(1, 0, height)[:, None]
    colours = (share * top + (1 - share) * bottom).round().astype(np.uint8)
    result = np.full((height, width, 4), 255, np.uint8)
    result[..., :3] = colours[:, None]
    return result
