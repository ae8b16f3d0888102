"""Several renderers in one window, in rows, that are drawn on as one."""

from collections.abc import Callable, Iterator, Sequence

from vtkmodules.vtkRenderingCore import vtkProp, vtkRenderer

from difffit_app.scene.single_layer import draw_last
from difffit_app.scene.stage import fit_shadows, join_bounds

_BEST_ASPECT = 1.3
_GAP_PIXELS = 2

Viewport = tuple[float, float, float, float]
"""Left, bottom, right, top, from 0 to 1."""


class Tiles:
    """A stage of several renderers: what is added to it is seen in every one of them."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.renderers: list[vtkRenderer] = []
        self._props: list[vtkProp] = []
        self._hidden: Sequence[vtkProp] = ()
        self._last: Sequence[vtkProp] = ()
        self._changed = changed

    def add(self, prop: vtkProp) -> None:
        self._props.append(prop)
        for renderer in self.renderers if prop not in self._hidden else ():
            renderer.AddViewProp(prop)
        self.draw_last(self._last)

    def remove(self, prop: vtkProp) -> None:
        self._props.remove(prop)
        for renderer in self.renderers:
            renderer.RemoveViewProp(prop)
        self.draw()

    def hide(self, props: Sequence[vtkProp]) -> None:
        """Leave these out of every renderer that is included from now on, whether they are added or removed meanwhile."""
        self._hidden = tuple(props)

    def draw_last(self, props: Sequence[vtkProp]) -> None:
        self._last = tuple(props)
        for renderer in self.renderers:
            draw_last(renderer, self._last)
        self.draw()

    def include(self, renderer: vtkRenderer) -> None:
        """Show it all in one more renderer."""
        self.renderers.append(renderer)
        for prop in self._props:
            if prop not in self._hidden:
                renderer.AddViewProp(prop)
        draw_last(renderer, self._last)

    def dismiss(self) -> None:
        """Show it in none."""
        for renderer in self.renderers:
            renderer.RemoveAllViewProps()
        self.renderers.clear()

    def draw(self) -> None:
        self._changed()


def reset_clipping(renderers: list[vtkRenderer]) -> None:
    """Have the one camera of several renderers cut off nothing in any of them."""
    if not renderers:
        return
    boxes = [box for box in (renderer.ComputeVisiblePropBounds() for renderer in renderers) if box[0] <= box[1]]
    bounds = join_bounds(boxes)
    if bounds is not None:
        renderers[0].ResetCameraClippingRange(bounds)
    for renderer in renderers:
        fit_shadows(renderer)


def grid(count: int, width: int, height: int) -> tuple[int, int]:
    """Columns and rows for so many tiles in so many pixels: few left empty, and none too long or too tall."""
    best = (1, 1)
    least = float("inf")
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        aspect = (width / columns) / (height / rows)
        cost = max(aspect / _BEST_ASPECT, _BEST_ASPECT / aspect) * (columns * rows / count) ** 2
        if cost < least:
            best, least = (columns, rows), cost
    return best


def viewports(count: int, width: int, height: int) -> Iterator[Viewport]:
    """Places of so many tiles, in rows from the upper left, with a narrow gap between them."""
    columns, rows = grid(count, width, height)
    across, up = _GAP_PIXELS / 2 / max(width, 1), _GAP_PIXELS / 2 / max(height, 1)
    for i in range(count):
        column, row = i % columns, i // columns
        left, top = column / columns, 1 - row / rows
        yield left + across, top - 1 / rows + up, left + 1 / columns - across, top - up
