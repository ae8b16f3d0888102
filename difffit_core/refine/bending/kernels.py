"""Forces on single atoms: of the model's own distances, of contacts, and of a field, and the steps that they take; compiled.

Every atom gathers over its own partners, so that what comes out does not depend on the number of threads.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.ops.compiled import compiled


@compiled(nogil=True, error_model="numpy", parallel=True, fastmath=True)
def hold(
    x: Array,
    starts: NDArray[np.int64],
    other: NDArray[np.int32],
    distance: Array,
    spring: NDArray[np.float32],
    release: NDArray[np.float32],
    force: Array,
) -> None:
    """Add to ``force`` (N, 3) what pulls atoms ``x`` (N, 3) back to their distances, and give nothing back.

    Partners of atom i are ``other[starts[i]:starts[i + 1]]``, with ``distance`` in Å, ``spring`` per Å² and ``release`` per Å² of the
    Geman-McClure form k u² / (1 + release u²): none makes a spring, any other lets go of what has left by more than its inverse root.
    """
    for i in nb.prange(len(x)):
        fx = fy = fz = 0.0
        for t in range(starts[i], starts[i + 1]):
            j = other[t]
            dx, dy, dz = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
            r = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-9
            u = r - distance[t]
            q = 1.0 + release[t] * u * u
            f = spring[t] * u / (q * q * r)
            fx -= f * dx
            fy -= f * dy
            fz -= f * dz
        force[i, 0] += 2.0 * fx
        force[i, 1] += 2.0 * fy
        force[i, 2] += 2.0 * fz


@compiled(nogil=True, error_model="numpy", parallel=True)
def part(x: Array, starts: NDArray[np.int64], other: NDArray[np.int32], least: Array, spring: float, force: Array) -> None:
    """Add to ``force`` (N, 3) what pushes atoms apart that are nearer than ``least`` (Å) of each pair; pairs as in `hold`."""
    for i in nb.prange(len(x)):
        fx = fy = fz = 0.0
        for t in range(starts[i], starts[i + 1]):
            j = other[t]
            dx, dy, dz = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
            r2 = dx * dx + dy * dy + dz * dz
            if r2 < least[t] * least[t]:
                r = np.sqrt(r2) + 1e-9
                f = 2.0 * spring * (least[t] - r) / r
                fx += f * dx
                fy += f * dy
                fz += f * dz
        force[i, 0] += fx
        force[i, 1] += fy
        force[i, 2] += fz


@compiled(nogil=True, error_model="numpy", parallel=True)
def pull(x: Array, weight: Array, field: NDArray[np.float32], origin: Array, voxel_size: Array, force: Array) -> None:
    """Add to ``force`` (N, 3) the gradient of the trilinear ``field`` [z, y, x] at each atom, times its ``weight`` (N,).

    ``origin`` and ``voxel_size`` are (x, y, z) in Å. Nothing pulls outside the box.
    """
    nz, ny, nx = field.shape
    for i in nb.prange(len(x)):
        fx, fy, fz = (x[i, 0] - origin[0]) / voxel_size[0], (x[i, 1] - origin[1]) / voxel_size[1], (x[i, 2] - origin[2]) / voxel_size[2]
        if not (0.0 <= fx < nx - 1 and 0.0 <= fy < ny - 1 and 0.0 <= fz < nz - 1):
            continue
        a, b, c = int(fx), int(fy), int(fz)
        u, v, w = fx - a, fy - b, fz - c
        c000, c001 = field[c, b, a], field[c, b, a + 1]
        c010, c011 = field[c, b + 1, a], field[c, b + 1, a + 1]
        c100, c101 = field[c + 1, b, a], field[c + 1, b, a + 1]
        c110, c111 = field[c + 1, b + 1, a], field[c + 1, b + 1, a + 1]
        dx = ((c001 - c000) * (1 - v) + (c011 - c010) * v) * (1 - w) + ((c101 - c100) * (1 - v) + (c111 - c110) * v) * w
        dy = ((c010 - c000) * (1 - u) + (c011 - c001) * u) * (1 - w) + ((c110 - c100) * (1 - u) + (c111 - c101) * u) * w
        dz = ((c100 - c000) * (1 - u) + (c101 - c001) * u) * (1 - v) + ((c110 - c010) * (1 - u) + (c111 - c011) * u) * v
        force[i, 0] += weight[i] * dx / voxel_size[0]
        force[i, 1] += weight[i] * dy / voxel_size[1]
        force[i, 2] += weight[i] * dz / voxel_size[2]


@compiled(nogil=True, error_model="numpy", parallel=True)
def walk(
    x: Array, force: Array, held: NDArray[np.bool_], mean: Array, square: Array, momentum: float, memory: float, count: int, size: float
) -> None:
    """One step of Adam of atoms ``x`` (N, 3) along their ``force`` (N, 3), the ``count``-th, by ``size`` Å at most or so; all in place.

    ``mean`` (N, 3) and ``square`` (N,) are what it remembers, with ``momentum`` and ``memory``. An atom's coordinates share one step size,
    so that its direction is that of the force; those ``held`` (N,) stay.
    """
    of_mean, of_square = 1 - momentum**count, 1 - memory**count
    for i in nb.prange(len(x)):
        if held[i]:
            continue
        norm = 0.0
        for k in range(3):
            mean[i, k] = momentum * mean[i, k] + (1 - momentum) * force[i, k]
            norm += force[i, k] ** 2
        square[i] = memory * square[i] + (1 - memory) * norm / 3
        scale = size / of_mean / (np.sqrt(square[i] / of_square) + 1e-8)
        for k in range(3):
            x[i, k] += scale * mean[i, k]


@compiled(nogil=True, error_model="numpy")
def splat(index: Array, weights: Array, total: NDArray[np.float32]) -> None:
    """Add ``weights`` (N,) at fractional indices (N, 3), (x, y, z), to the eight voxels round each of a grid [z, y, x].

    What falls outside is lost. As `ops.simulate.spread`, with no memory of its own: a model is simulated anew every few steps.
    """
    nz, ny, nx = total.shape
    for i in range(len(index)):
        fx, fy, fz = np.floor(index[i, 0]), np.floor(index[i, 1]), np.floor(index[i, 2])
        u, v, w = index[i, 0] - fx, index[i, 1] - fy, index[i, 2] - fz
        a, b, c = int(fx), int(fy), int(fz)
        for corner in range(8):
            dx, dy, dz = corner & 1, (corner >> 1) & 1, corner >> 2
            if 0 <= a + dx < nx and 0 <= b + dy < ny and 0 <= c + dz < nz:
                share = (u if dx else 1 - u) * (v if dy else 1 - v) * (w if dz else 1 - w)
                total[c + dz, b + dy, a + dx] += weights[i] * share


@compiled(nogil=True, error_model="numpy", parallel=True)
def highest_of_rows(own: NDArray[np.float32], first: NDArray[np.int64], last: NDArray[np.int64], highest: NDArray[np.float32]) -> None:
    """The highest value of each row of ``own`` [z, y, x], from ``first`` to before ``last`` (nz, ny)."""
    nz, ny, _ = own.shape
    for z in nb.prange(nz):
        for y in range(ny):
            for x in range(first[z, y], last[z, y]):
                highest[z, y] = max(highest[z, y], own[z, y, x])


@compiled(nogil=True, error_model="numpy", parallel=True)
def sums_of_rows(
    own: NDArray[np.float32], observed: NDArray[np.float32], covered: float, first: NDArray[np.int64], last: NDArray[np.int64], sums: Array
) -> None:
    """Into ``sums`` (nz, ny, 5), of each row where ``own`` is above ``covered``: own², own x observed, observed, observed², how many."""
    nz, ny, _ = own.shape
    for z in nb.prange(nz):
        for y in range(ny):
            for x in range(first[z, y], last[z, y]):
                m = float(own[z, y, x])
                if m > covered:
                    o = float(observed[z, y, x])
                    sums[z, y, 0] += m * m
                    sums[z, y, 1] += m * o
                    sums[z, y, 2] += o
                    sums[z, y, 3] += o * o
                    sums[z, y, 4] += 1.0


@compiled(nogil=True, error_model="numpy", parallel=True)
def subtract_rows(
    own: NDArray[np.float32],
    observed: NDArray[np.float32],
    covered: float,
    scale: float,
    times: float,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    out: NDArray[np.float32],
) -> None:
    """``times`` (observed - ``scale`` own) into ``out``; at most 0 where ``own`` is not above ``covered``, and 0 beyond the spans."""
    nz, ny, _ = own.shape
    for z in nb.prange(nz):
        for y in range(ny):
            a, b = first[z, y], last[z, y]
            row = out[z, y]
            if a >= b:
                row[:] = 0
                continue
            row[:a] = 0
            row[b:] = 0
            for x in range(a, b):
                difference = observed[z, y, x] - scale * own[z, y, x]
                row[x] = times * (difference if own[z, y, x] > covered else min(difference, 0.0))
