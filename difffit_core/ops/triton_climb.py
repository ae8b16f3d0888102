# mypy: ignore-errors
"""The climb of `ops.kernels.climb` as one Triton kernel: each pose is a program that runs all of its steps.

Value, force and torque of a step come from one pass over the points, Adam's state stays in registers, and nothing but the volume and the
points is read: there is no array as long as the samples, and one launch for all poses and steps.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from difffit_core.ops.grid import Schedule
from difffit_core.ops.own_symbols import own_symbols

with own_symbols():
    import triton
    import triton.language as tl

POINTS = 128
"""How many points a program takes at a time: one for each thread of four warps."""
OPTIONS = {"num_warps": 4, "enable_fp_fusion": True}


def climb(
    volume: Tensor, scale: Tensor, points: Tensor, weight: Tensor | None, starts: Tensor, schedule: Schedule, every_step: bool
) -> tuple[Tensor, Tensor]:
    """What `ops.torch_climb.climb` does, on CUDA, or on the CPU in Triton's interpreter."""
    spans = torch.tensor([[0, len(points)]], dtype=torch.int32, device=volume.device).expand(len(starts), 2)
    return _launch(volume, scale, points, weight, starts, spans, schedule, every_step)


def climb_together(
    volume: Tensor, scale: Tensor, points: Sequence[Tensor], weights: Sequence[Tensor] | None, starts: Sequence[Tensor], schedule: Schedule
) -> list[tuple[Tensor, Tensor]]:
    """Several climbs, each with points (N, 3), weight (N,) and starts (P, 7) of its own, in one launch: what `climb` gives for each."""
    counts = torch.tensor([len(one) for one in points])
    spans = torch.stack([counts.cumsum(0) - counts, counts], dim=1).to(torch.int32)
    each = spans.repeat_interleave(torch.tensor([len(one) for one in starts]), dim=0).to(volume.device)
    weight = None if weights is None else torch.cat(list(weights))
    states, values = _launch(volume, scale, torch.cat(list(points)), weight, torch.cat(list(starts)), each, schedule, False)
    sizes = [len(one) for one in starts]
    return list(zip(states.split(sizes, dim=1), values.split(sizes), strict=True))


def _launch(
    volume: Tensor,
    scale: Tensor,
    points: Tensor,
    weight: Tensor | None,
    starts: Tensor,
    spans: Tensor,
    schedule: Schedule,
    every_step: bool,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Climb from ``starts`` (P, 7), each with its span (P, 2) of the points: where it begins, and how many they are."""
    states = starts.contiguous().clone()
    values, trace = states.new_empty(len(states)), states.new_empty(len(states) if every_step else 0, schedule.steps, 7)
    columns = points.T.contiguous().unbind(0)
    nz, ny, nx = volume.shape
    if len(states) == 0:
        return states[None], values
    with torch.cuda.device_of(volume):  # Triton launches on the current card
        climb_kernel[(len(states),)](
            volume, *columns, columns[0] if weight is None else weight, spans.contiguous(), states, values, trace, nx, ny, nz,
            *scale.tolist(), schedule.turn_rate, schedule.shift_rate, schedule.decay, schedule.steps,
            WEIGHTED=weight is not None, TRACED=every_step, SIZE=POINTS, **OPTIONS,
        )  # fmt: skip
    return trace.transpose(0, 1) if every_step else states[None], values


@triton.jit
def _interpolate(volume, mask, nx, ny, nz, u, v, w):
    """Value at fractional indices, and its gradient in index units; the volume has a border, into which positions are clamped."""
    below = 1.0 - 1e-6
    u = tl.minimum(tl.maximum(u, 0.0), (nx - 1) * below)
    v = tl.minimum(tl.maximum(v, 0.0), (ny - 1) * below)
    w = tl.minimum(tl.maximum(w, 0.0), (nz - 1) * below)
    iu, iv, iw = u.to(tl.int32), v.to(tl.int32), w.to(tl.int32)
    fu, fv, fw = u - iu.to(tl.float32), v - iv.to(tl.float32), w - iw.to(tl.float32)
    b = (iw * ny + iv) * nx + iu
    c = b + nx * ny
    c000 = tl.load(volume + b, mask, 0.0)
    c010 = tl.load(volume + b + nx, mask, 0.0)
    c100 = tl.load(volume + c, mask, 0.0)
    c110 = tl.load(volume + c + nx, mask, 0.0)
    d00 = tl.load(volume + b + 1, mask, 0.0) - c000
    d01 = tl.load(volume + b + nx + 1, mask, 0.0) - c010
    d10 = tl.load(volume + c + 1, mask, 0.0) - c100
    d11 = tl.load(volume + c + nx + 1, mask, 0.0) - c110
    e00 = c000 + fu * d00
    e10 = c100 + fu * d10
    q0 = c010 + fu * d01 - e00
    q1 = c110 + fu * d11 - e10
    h0 = e00 + fv * q0
    gz = e10 + fv * q1 - h0
    da = d00 + fv * (d01 - d00)
    db = d10 + fv * (d11 - d10)
    return h0 + fw * gz, da + fw * (db - da), q0 + fw * (q1 - q0), gz


@triton.jit
def _adam(first, second, slope, p1, p2, rate):
    """The moments after one more slope, and the step that they make."""
    first = 0.9 * first + (1.0 - 0.9) * slope
    second = 0.999 * second + (1.0 - 0.999) * slope * slope
    return first, second, rate * (first / (1.0 - p1)) / (tl.sqrt(second / (1.0 - p2)) + 1e-8)


@triton.jit
def climb_kernel(
    volume, x, y, z, weight, spans, states, values, trace, nx, ny, nz, sx, sy, sz, turn_rate, shift_rate, decay, steps,
    WEIGHTED: tl.constexpr, TRACED: tl.constexpr, SIZE: tl.constexpr,
):  # fmt: skip
    """Move the pose of this program uphill, and leave it in ``states`` (P, 7) at the best place it saw, with the objective there.

    Everything is float32; names and meaning are those of `ops.kernels.climb`. ``trace`` (P, steps, 7) is written where TRACED.
    """
    pose = tl.program_id(0)
    first, points = tl.load(spans + pose * 2), tl.load(spans + pose * 2 + 1)
    at = states + pose * 7
    qw, qx, qy, qz = tl.load(at), tl.load(at + 1), tl.load(at + 2), tl.load(at + 3)
    px, py, pz = tl.load(at + 4), tl.load(at + 5), tl.load(at + 6)
    bw, bx, by, bz, ex, ey, ez = qw, qx, qy, qz, px, py, pz
    zero = px * 0.0
    mw, mx, my, mz, m4, m5, m6 = zero, zero, zero, zero, zero, zero, zero
    vw, vx, vy, vz, v4, v5, v6 = zero, zero, zero, zero, zero, zero, zero
    highest = zero - 3.4028234663852886e38
    p1, p2 = zero + 1.0, zero + 1.0
    lane = tl.arange(0, SIZE)
    for step in range(steps):
        inverse = 1.0 / (qw * qw + qx * qx + qy * qy + qz * qz)
        f = inverse + inverse
        r00, r01, r02 = 1.0 - f * (qy * qy + qz * qz), f * (qx * qy - qw * qz), f * (qx * qz + qw * qy)
        r10, r11, r12 = f * (qx * qy + qw * qz), 1.0 - f * (qx * qx + qz * qz), f * (qy * qz - qw * qx)
        r20, r21, r22 = f * (qx * qz - qw * qy), f * (qy * qz + qw * qx), 1.0 - f * (qx * qx + qy * qy)
        none = tl.zeros([SIZE], tl.float32)
        s, ss, sw = none, none, none
        a0, a1, a2, a3, a4, a5 = none, none, none, none, none, none
        b0, b1, b2, b3, b4, b5 = none, none, none, none, none, none
        c0, c1, c2, c3, c4, c5 = none, none, none, none, none, none
        for begin in range(0, points, SIZE):
            mask = begin + lane < points
            i = first + begin + lane
            xi, yi, zi = tl.load(x + i, mask, 0.0), tl.load(y + i, mask, 0.0), tl.load(z + i, mask, 0.0)
            ax = r00 * xi + r01 * yi + r02 * zi
            ay = r10 * xi + r11 * yi + r12 * zi
            az = r20 * xi + r21 * yi + r22 * zi
            value, gx, gy, gz = _interpolate(volume, mask, nx, ny, nz, (ax + px) * sx, (ay + py) * sy, (az + pz) * sz)
            gx, gy, gz = gx * sx, gy * sy, gz * sz
            tx, ty, tz = ay * gz - az * gy, az * gx - ax * gz, ax * gy - ay * gx
            s += value
            a0 += gx
            a1 += gy
            a2 += gz
            a3 += tx
            a4 += ty
            a5 += tz
            if WEIGHTED:
                wi = tl.load(weight + i, mask, 0.0)
                ss += value * value
                sw += value * wi
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
        total = tl.sum(s, 0)
        g0, g1, g2, g3, g4, g5 = tl.sum(a0, 0), tl.sum(a1, 0), tl.sum(a2, 0), tl.sum(a3, 0), tl.sum(a4, 0), tl.sum(a5, 0)
        mean = total / points
        if WEIGHTED:
            squares, weighted = tl.sum(ss, 0), tl.sum(sw, 0)
            d2 = squares - total * mean
            varies = d2 > squares * 1e-7
            d2 = tl.where(varies, d2, 1.0)
            d = tl.where(varies, 1.0 / tl.sqrt(d2), 0.0)
            h = weighted / d2
            g0 = (tl.sum(c0, 0) - h * (tl.sum(b0, 0) - mean * g0)) * d
            g1 = (tl.sum(c1, 0) - h * (tl.sum(b1, 0) - mean * g1)) * d
            g2 = (tl.sum(c2, 0) - h * (tl.sum(b2, 0) - mean * g2)) * d
            g3 = (tl.sum(c3, 0) - h * (tl.sum(b3, 0) - mean * g3)) * d
            g4 = (tl.sum(c4, 0) - h * (tl.sum(b4, 0) - mean * g4)) * d
            g5 = (tl.sum(c5, 0) - h * (tl.sum(b5, 0) - mean * g5)) * d
            objective = weighted * d
        else:
            g0, g1, g2, g3, g4, g5 = g0 / points, g1 / points, g2 / points, g3 / points, g4 / points, g5 / points
            objective = mean
        better = objective > highest
        highest = tl.where(better, objective, highest)
        bw, bx, by, bz = tl.where(better, qw, bw), tl.where(better, qx, bx), tl.where(better, qy, by), tl.where(better, qz, bz)
        ex, ey, ez = tl.where(better, px, ex), tl.where(better, py, ey), tl.where(better, pz, ez)
        if TRACED:
            to = trace + (pose * steps + step) * 7
            tl.store(to, bw)
            tl.store(to + 1, bx)
            tl.store(to + 2, by)
            tl.store(to + 3, bz)
            tl.store(to + 4, ex)
            tl.store(to + 5, ey)
            tl.store(to + 6, ez)
        slope_w = -f * (g3 * qx + g4 * qy + g5 * qz)
        slope_x = f * (g3 * qw + g4 * qz - g5 * qy)
        slope_y = f * (g4 * qw + g5 * qx - g3 * qz)
        slope_z = f * (g5 * qw + g3 * qy - g4 * qx)
        p1 *= 0.9
        p2 *= 0.999
        damp = 1.0 - decay * step / steps
        turn, shift = damp * turn_rate, damp * shift_rate
        mw, vw, by_w = _adam(mw, vw, slope_w, p1, p2, turn)
        mx, vx, by_x = _adam(mx, vx, slope_x, p1, p2, turn)
        my, vy, by_y = _adam(my, vy, slope_y, p1, p2, turn)
        mz, vz, by_z = _adam(mz, vz, slope_z, p1, p2, turn)
        m4, v4, by_4 = _adam(m4, v4, g0, p1, p2, shift)
        m5, v5, by_5 = _adam(m5, v5, g1, p1, p2, shift)
        m6, v6, by_6 = _adam(m6, v6, g2, p1, p2, shift)
        qw, qx, qy, qz = qw + by_w, qx + by_x, qy + by_y, qz + by_z
        px, py, pz = px + by_4, py + by_5, pz + by_6
    tl.store(at, bw)
    tl.store(at + 1, bx)
    tl.store(at + 2, by)
    tl.store(at + 3, bz)
    tl.store(at + 4, ex)
    tl.store(at + 5, ey)
    tl.store(at + 6, ez)
    tl.store(values + pose, highest)
