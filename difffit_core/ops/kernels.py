# mypy: allow-untyped-defs, allow-untyped-calls
"""Compiled CPU kernels: trilinear sampling of one volume at many rigid poses of one set of points.

Every kernel is one parallel loop over poses, which never need each other, so the answer does not depend on the number of threads. Points
come as three separate arrays and the volume flat, so that the inner loop becomes vector gathers (design: method, section 4). Nothing in
that loop may branch or compare: it would no longer be vectorised, at a quarter of the speed.

Volumes are flat [z, y, x] and already carry a border one voxel thick that repeats their outermost voxels (`ops.grid.bordered`): positions
outside are clamped into it, where the gradient across the border is zero by itself. ``shape`` is (nx, ny, nz) with that border; ``scale``
is 1 / voxel size (x, y, z); points and translations are in Å, with the centre of the border's voxel [0, 0, 0] at the origin.

Gathers are what takes the time. A volume of int32 therefore holds each voxel with the next one along x, in 16 bits each (`pair`):
four gathers instead of eight, and climbs at 1.4 to 1.5 times the speed from 64³ to 256³.
"""

import numba as nb
import numpy as np
from numba.extending import overload

from difffit_core.ops.compiled import compiled

_FASTMATH = {"nnan", "ninf", "nsz", "contract", "reassoc"}
"""Without "arcp": with it, code just compiled and the same code kept on disk divide differently, and no fit repeats bit for bit."""

_LOWEST = float(-np.finfo(np.float32).max)

_serial = nb.njit(fastmath=_FASTMATH, boundscheck=False, nogil=True, error_model="numpy")
_single = compiled(fastmath=_FASTMATH, boundscheck=False, nogil=True, error_model="numpy")
_parallel = compiled(fastmath=_FASTMATH, boundscheck=False, nogil=True, error_model="numpy", parallel=True)


@_serial
def _last_index(shape, kind):
    """Just below the last index along (x, y, z), so that the voxel after the one it falls in is always there."""
    below = 1.0 - 1e-6
    return kind((shape[0] - 1) * below), kind((shape[1] - 1) * below), kind((shape[2] - 1) * below)


def _pair(volume, i):
    """Voxel i and the next."""
    raise NotImplementedError


@overload(_pair, jit_options={"fastmath": _FASTMATH, "nogil": True, "error_model": "numpy"})
def _pair_of(volume, i):  # noqa: ARG001 - overloads take what they stand for
    if volume.dtype == nb.int32:

        def pair(volume, i):
            both = volume[i]
            return np.float32(np.int16(both)), np.float32(np.int32(both >> 16))  # shifted to and fro, it would not be vectorised
    else:

        def pair(volume, i):
            return volume[i], volume[i + 1]

    return pair


@_serial
def _interpolate(kind, volume, nx, ny, hx, hy, hz, ru, rv, rw):
    """Value at the fractional index (ru, rv, rw), and its gradient in index units; (hx, hy, hz) from `_last_index`, floats of that kind."""
    u = min(max(ru, kind(0)), hx)
    v = min(max(rv, kind(0)), hy)
    w = min(max(rw, kind(0)), hz)
    iu = np.int32(u)
    iv = np.int32(v)
    iw = np.int32(w)
    fu = u - kind(iu)
    fv = v - kind(iv)
    fw = w - kind(iw)
    b = (iw * ny + iv) * nx + iu
    c = b + nx * ny
    c000, c001 = _pair(volume, b)
    c010, c011 = _pair(volume, b + nx)
    c100, c101 = _pair(volume, c)
    c110, c111 = _pair(volume, c + nx)
    d00 = c001 - c000
    d01 = c011 - c010
    d10 = c101 - c100
    d11 = c111 - c110
    e00 = c000 + fu * d00
    e10 = c100 + fu * d10
    q0 = c010 + fu * d01 - e00
    q1 = c110 + fu * d11 - e10
    h0 = e00 + fv * q0
    gz = e10 + fv * q1 - h0
    da = d00 + fv * (d01 - d00)
    db = d10 + fv * (d11 - d10)
    return h0 + fw * gz, da + fw * (db - da), q0 + fw * (q1 - q0), gz


@_serial
def _mean_and_gradient(volume, shape, scale, x, y, z, r, t, out):
    """Mean over the points at pose (r, t); fills out[0:3] with d/dt and out[3:12] with d/dr, row-major."""
    kind = x.dtype.type
    nx, ny = shape[0], shape[1]
    hx, hy, hz = _last_index(shape, kind)
    sx, sy, sz = scale[0], scale[1], scale[2]
    r00, r01, r02, px = r[0, 0] * sx, r[0, 1] * sx, r[0, 2] * sx, t[0] * sx
    r10, r11, r12, py = r[1, 0] * sy, r[1, 1] * sy, r[1, 2] * sy, t[1] * sy
    r20, r21, r22, pz = r[2, 0] * sz, r[2, 1] * sz, r[2, 2] * sz, t[2] * sz
    s = g0 = g1 = g2 = kind(0)
    a00 = a01 = a02 = a10 = a11 = a12 = a20 = a21 = a22 = kind(0)
    for i in range(x.shape[0]):
        xi, yi, zi = x[i], y[i], z[i]
        u = r00 * xi + r01 * yi + r02 * zi + px
        v = r10 * xi + r11 * yi + r12 * zi + py
        w = r20 * xi + r21 * yi + r22 * zi + pz
        value, gx, gy, gz = _interpolate(kind, volume, nx, ny, hx, hy, hz, u, v, w)
        s += value
        g0 += gx
        g1 += gy
        g2 += gz
        a00 += gx * xi
        a01 += gx * yi
        a02 += gx * zi
        a10 += gy * xi
        a11 += gy * yi
        a12 += gy * zi
        a20 += gz * xi
        a21 += gz * yi
        a22 += gz * zi
    n = kind(x.shape[0])
    sx, sy, sz = sx / n, sy / n, sz / n
    out[0], out[1], out[2] = g0 * sx, g1 * sy, g2 * sz
    out[3], out[4], out[5] = a00 * sx, a01 * sx, a02 * sx
    out[6], out[7], out[8] = a10 * sy, a11 * sy, a12 * sy
    out[9], out[10], out[11] = a20 * sz, a21 * sz, a22 * sz
    return s / n


@_serial
def _correlation_and_gradient(volume, shape, scale, x, y, z, weight, r, t, out):
    """Correlation about the mean of the volume at the points with ``weight`` (of mean 0 and length 1); out as above, d/dr by chain rule.

    With v the samples, m their mean and d² the sum of (v - m)², the value is c = w·v / d and dc = Σ (w - c (v - m) / d) dv / d: three
    sums of gradients, weighted by w, by v and by 1, are enough.
    """
    kind = x.dtype.type
    nx, ny = shape[0], shape[1]
    hx, hy, hz = _last_index(shape, kind)
    sx, sy, sz = scale[0], scale[1], scale[2]
    r00, r01, r02, px = r[0, 0], r[0, 1], r[0, 2], t[0]
    r10, r11, r12, py = r[1, 0], r[1, 1], r[1, 2], t[1]
    r20, r21, r22, pz = r[2, 0], r[2, 1], r[2, 2], t[2]
    s = ss = sw = kind(0)
    a0 = a1 = a2 = a3 = a4 = a5 = kind(0)
    b0 = b1 = b2 = b3 = b4 = b5 = kind(0)
    c0 = c1 = c2 = c3 = c4 = c5 = kind(0)
    for i in range(x.shape[0]):
        xi, yi, zi, wi = x[i], y[i], z[i], weight[i]
        ax = r00 * xi + r01 * yi + r02 * zi
        ay = r10 * xi + r11 * yi + r12 * zi
        az = r20 * xi + r21 * yi + r22 * zi
        value, gx, gy, gz = _interpolate(kind, volume, nx, ny, hx, hy, hz, (ax + px) * sx, (ay + py) * sy, (az + pz) * sz)
        gx, gy, gz = gx * sx, gy * sy, gz * sz
        tx, ty, tz = ay * gz - az * gy, az * gx - ax * gz, ax * gy - ay * gx
        s += value
        ss += value * value
        sw += value * wi
        a0 += gx
        a1 += gy
        a2 += gz
        a3 += tx
        a4 += ty
        a5 += tz
        b0 += value * gx
        b1 += value * gy
        b2 += value * gz
        b3 += value * tx
        b4 += value * ty
        b5 += value * tz
        c0 += wi * gx
        c1 += wi * gy
        c2 += wi * gz
        c3 += wi * tx
        c4 += wi * ty
        c5 += wi * tz
    mean = s / kind(x.shape[0])
    d2 = ss - s * mean
    if not d2 > ss * kind(1e-7):
        for j in range(6):
            out[j] = kind(0)
        return kind(0)
    d = np.sqrt(d2)
    f = sw / d2
    out[0] = (c0 - f * (b0 - mean * a0)) / d
    out[1] = (c1 - f * (b1 - mean * a1)) / d
    out[2] = (c2 - f * (b2 - mean * a2)) / d
    out[3] = (c3 - f * (b3 - mean * a3)) / d
    out[4] = (c4 - f * (b4 - mean * a4)) / d
    out[5] = (c5 - f * (b5 - mean * a5)) / d
    return sw / d


@_serial
def _rotation_of(q, r):
    """Fill r with the rotation matrix of the quaternion q (w, x, y, z) of any length; return 1 / |q|²."""
    w, x, y, z = q[0], q[1], q[2], q[3]
    one = r.dtype.type(1)
    s = one / (w * w + x * x + y * y + z * z)
    f = s + s
    r[0, 0], r[0, 1], r[0, 2] = one - f * (y * y + z * z), f * (x * y - w * z), f * (x * z + w * y)
    r[1, 0], r[1, 1], r[1, 2] = f * (x * y + w * z), one - f * (x * x + z * z), f * (y * z - w * x)
    r[2, 0], r[2, 1], r[2, 2] = f * (x * z - w * y), f * (y * z + w * x), one - f * (x * x + y * y)
    return s


@_serial
def _torque_from_matrix_gradient(r, out):
    """Turn out[3:12] = d/dr into out[3:6] = d/d(rotation vector applied on the left)."""
    kind = r.dtype.type
    b01 = b10 = b02 = b20 = b12 = b21 = kind(0)
    for m in range(3):
        b01 += r[0, m] * out[6 + m]
        b10 += r[1, m] * out[3 + m]
        b02 += r[0, m] * out[9 + m]
        b20 += r[2, m] * out[3 + m]
        b12 += r[1, m] * out[9 + m]
        b21 += r[2, m] * out[6 + m]
    out[3], out[4], out[5] = b12 - b21, b20 - b02, b01 - b10


@_parallel
def mean_and_gradient(volume, shape, scale, x, y, z, rotations, translations, values, gradients):
    """Mean of the volume over the points of each pose, with its gradient.

    Fills ``values`` (P,) and ``gradients`` (P, 12): d value / d translation (3), then d value / d rotation matrix (9, row-major).
    """
    for k in nb.prange(rotations.shape[0]):
        values[k] = _mean_and_gradient(volume, shape, scale, x, y, z, rotations[k], translations[k], gradients[k])


@_single
def correlation_and_gradient(volume, shape, scale, x, y, z, weight, rotation, translation, gradient):
    """Return what `correlation` does of one pose, and fill ``gradient`` (6,) with d/d(translation) and d/d(rotation vector on the left).

    On the thread that calls: for one pose, waking the others takes longer than the work.
    """
    return _correlation_and_gradient(volume, shape, scale, x, y, z, weight, rotation, translation, gradient)


@_parallel
def correlation(volume, shape, scale, x, y, z, weight, rotations, translations, values):
    """Fill ``values`` (P,) with the correlation about the mean of the volume at each pose's points with ``weight`` (mean 0, length 1)."""
    kind = x.dtype.type
    nx, ny = shape[0], shape[1]
    hx, hy, hz = _last_index(shape, kind)
    sx, sy, sz = scale[0], scale[1], scale[2]
    for k in nb.prange(rotations.shape[0]):
        r00, r01, r02, px = rotations[k, 0, 0] * sx, rotations[k, 0, 1] * sx, rotations[k, 0, 2] * sx, translations[k, 0] * sx
        r10, r11, r12, py = rotations[k, 1, 0] * sy, rotations[k, 1, 1] * sy, rotations[k, 1, 2] * sy, translations[k, 1] * sy
        r20, r21, r22, pz = rotations[k, 2, 0] * sz, rotations[k, 2, 1] * sz, rotations[k, 2, 2] * sz, translations[k, 2] * sz
        s = ss = sw = kind(0)
        for i in range(x.shape[0]):
            xi, yi, zi = x[i], y[i], z[i]
            u = r00 * xi + r01 * yi + r02 * zi + px
            v = r10 * xi + r11 * yi + r12 * zi + py
            w = r20 * xi + r21 * yi + r22 * zi + pz
            value = _interpolate(kind, volume, nx, ny, hx, hy, hz, u, v, w)[0]
            s += value
            ss += value * value
            sw += value * weight[i]
        d2 = ss - s * s / kind(x.shape[0])
        values[k] = sw / np.sqrt(d2) if d2 > ss * kind(1e-7) else kind(0)


@_parallel
def samples(volume, shape, scale, x, y, z, rotations, translations, values):
    """Fill ``values`` (P, N) with the volume at every point of every pose."""
    kind = x.dtype.type
    nx, ny = shape[0], shape[1]
    hx, hy, hz = _last_index(shape, kind)
    for k in nb.prange(rotations.shape[0]):
        r, t = rotations[k], translations[k]
        for i in range(x.shape[0]):
            u = (r[0, 0] * x[i] + r[0, 1] * y[i] + r[0, 2] * z[i] + t[0]) * scale[0]
            v = (r[1, 0] * x[i] + r[1, 1] * y[i] + r[1, 2] * z[i] + t[1]) * scale[1]
            w = (r[2, 0] * x[i] + r[2, 1] * y[i] + r[2, 2] * z[i] + t[2]) * scale[2]
            values[k, i] = _interpolate(kind, volume, nx, ny, hx, hy, hz, u, v, w)[0]


@_single
def samples_at(volume, shape, scale, x, y, z, r, t, values):
    """Fill ``values`` (N,) with what `samples` gives of one pose, on the thread that calls."""
    kind = x.dtype.type
    nx, ny = shape[0], shape[1]
    hx, hy, hz = _last_index(shape, kind)
    for i in range(x.shape[0]):
        u = (r[0, 0] * x[i] + r[0, 1] * y[i] + r[0, 2] * z[i] + t[0]) * scale[0]
        v = (r[1, 0] * x[i] + r[1, 1] * y[i] + r[1, 2] * z[i] + t[1]) * scale[1]
        w = (r[2, 0] * x[i] + r[2, 1] * y[i] + r[2, 2] * z[i] + t[2]) * scale[2]
        values[i] = _interpolate(kind, volume, nx, ny, hx, hy, hz, u, v, w)[0]


@_parallel
def pair(volume, step, pairs):
    """Fill ``pairs`` (voxels,), int32, with each voxel in whole steps in the lower 16 bits and the next one in the upper, both signed."""
    last = volume.shape[0] - 1
    for i in nb.prange(volume.shape[0]):
        after = np.int32(np.rint(volume[min(i + 1, last)] / step))
        pairs[i] = np.int32((np.int32(np.rint(volume[i] / step)) & 0xFFFF) | (after << 16))


@_parallel
def climb(volume, shape, scale, x, y, z, weight, quaternions, translations, turn_rate, shift_rate, decay, steps, values, trace):
    """Move each pose uphill by Adam on its quaternion and translation, and leave it at the best place it saw.

    The objective is the mean of the volume (of pairs: in their steps) over the points, or, where ``weight`` is not empty, the correlation
    with it. Rates shrink
    linearly to (1 - decay) of their first value. Quaternions (P, 4) and translations (P, 3) are read and overwritten; ``values`` (P,)
    receives the objective there. ``trace`` (P, steps, 7), unless it is empty, receives the best place seen up to each step.
    """
    kind = x.dtype.type
    one, b1, b2 = kind(1), kind(0.9), kind(0.999)
    for k in nb.prange(quaternions.shape[0]):
        state = np.empty(7, x.dtype)
        best = np.empty(7, x.dtype)
        first = np.zeros(7, x.dtype)
        second = np.zeros(7, x.dtype)
        slope = np.empty(7, x.dtype)
        out = np.empty(12, x.dtype)
        r = np.empty((3, 3), x.dtype)
        for j in range(4):
            state[j] = quaternions[k, j]
        for j in range(3):
            state[4 + j] = translations[k, j]
        for j in range(7):
            best[j] = state[j]
        highest = kind(_LOWEST)
        p1 = p2 = one
        for step in range(steps):
            inverse = _rotation_of(state, r)
            if weight.shape[0]:
                value = _correlation_and_gradient(volume, shape, scale, x, y, z, weight, r, state[4:], out)
            else:
                value = _mean_and_gradient(volume, shape, scale, x, y, z, r, state[4:], out)
                _torque_from_matrix_gradient(r, out)
            if value > highest:
                highest = value
                for j in range(7):
                    best[j] = state[j]
            if trace.shape[0]:
                for j in range(7):
                    trace[k, step, j] = best[j]
            f = inverse + inverse
            qw, qx, qy, qz = state[0], state[1], state[2], state[3]
            tx, ty, tz = out[3], out[4], out[5]
            slope[0] = -f * (tx * qx + ty * qy + tz * qz)
            slope[1] = f * (tx * qw + ty * qz - tz * qy)
            slope[2] = f * (ty * qw + tz * qx - tx * qz)
            slope[3] = f * (tz * qw + tx * qy - ty * qx)
            slope[4], slope[5], slope[6] = out[0], out[1], out[2]
            p1 *= b1
            p2 *= b2
            damp = one - kind(decay) * kind(step) / kind(steps)
            for j in range(7):
                first[j] = b1 * first[j] + (one - b1) * slope[j]
                second[j] = b2 * second[j] + (one - b2) * slope[j] * slope[j]
                rate = kind(turn_rate) if j < 4 else kind(shift_rate)
                state[j] += damp * rate * (first[j] / (one - p1)) / (np.sqrt(second[j] / (one - p2)) + kind(1e-8))
        values[k] = highest
        for j in range(4):
            quaternions[k, j] = best[j]
        for j in range(3):
            translations[k, j] = best[4 + j]
