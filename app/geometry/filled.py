"""What lies above a level in a plane: triangles between the corners of a grid and where its edges cross the level."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CORNERS = np.array([[0, 0], [0, 1], [1, 1], [1, 0]])
"""Of a cell, one after another around it: row and column."""


def filled(values: Array, level: float) -> tuple[Array, NDArray[np.int64]]:
    """Points (n, 2) as row and column of a grid (rows, columns) of values, and triangles (m, 3) between them.

    Where two opposite corners of a cell alone are above the level, they hang together.
    """
    above = values >= level
    case = np.zeros((len(values) - 1, values.shape[1] - 1), np.int8)
    for corner in range(4):
        case |= _of_corner(above, corner).astype(np.int8) << corner
    found: list[Array] = []
    rows, columns = np.nonzero(case == 15)
    if len(rows):
        found.append(_runs(rows, columns))
    for number in range(1, 15):
        cells = np.argwhere(case == number)
        if len(cells):
            found.append(_fan(np.stack(_outline(values, level, cells, number), axis=1)))
    corners = np.concatenate(found) if found else np.zeros((0, 3, 2))
    return corners.reshape(-1, 2), np.arange(3 * len(corners)).reshape(-1, 3)


def _of_corner(grid: NDArray[np.bool_], corner: int) -> NDArray[np.bool_]:
    """Of each cell the value at one of its corners."""
    row, column = _CORNERS[corner]
    return grid[row : grid.shape[0] - 1 + row, column : grid.shape[1] - 1 + column]


def _runs(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Array:
    """Triangles (m, 3, 2) of cells that are whole, those that follow each other in a row as one."""
    begins = np.concatenate([[True], (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1] + 1)])
    row, first = rows[begins], columns[begins]
    last = columns[np.concatenate([begins[1:], [True]])] + 1
    quads = np.stack([np.stack(one, axis=1) for one in ((row, first), (row, last), (row + 1, last), (row + 1, first))], axis=1)
    return _fan(quads.astype(np.float64))


def _outline(values: Array, level: float, cells: NDArray[np.int64], case: int) -> list[Array]:
    """Around what is above the level in cells (n, 2) of one case: corners, and places on edges, (n, 2) each."""
    around: list[Array] = []
    for corner in range(4):
        here, there = cells + _CORNERS[corner], cells + _CORNERS[(corner + 1) % 4]
        if case >> corner & 1:
            around.append(here.astype(np.float64))
        if (case >> corner & 1) != (case >> (corner + 1) % 4 & 1):
            a, b = values[tuple(here.T)], values[tuple(there.T)]
            around.append(here + ((level - a) / (b - a))[:, None] * (there - here))
    return around


def _fan(polygons: Array) -> Array:
    """Triangles (m, 3, 2) of polygons (n, corners, 2)."""
    first, others = polygons[:, :1], polygons[:, 1:]
    triangles = [np.concatenate([first, others[:, i : i + 2]], axis=1) for i in range(others.shape[1] - 1)]
    return np.concatenate(triangles)
