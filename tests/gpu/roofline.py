"""What the climb of a device reaches, beside what its memory, its gathers and its arithmetic allow."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from example import stretched
from limit import Work, gather_four, work_at
from part import Part

from difffit_core.ops.torch_grid import TorchGrid

SIDES = (64, 128, 256)
_TIMES = 16
"""How many times over the poses of the benchmark's climb are climbed on a GPU: so many programs of it as fill any card."""
_RUNS = 7
_COPY_BYTES = 2**30


def run(part: Part, device: str, quick: bool) -> None:
    part.begin(
        "The climb against what the device allows",
        "A climb as of the balanced preset (300 atoms; unweighted) in the shipped example's map at each number of voxels, the eight "
        "voxels that it takes for a sample gathered and summed alone, at the addresses of that very climb (on the CPU in four pairs, as it "
        "has them), and the climb with nothing gathered. From memory: were nothing in a cache, at the measured speed of a copy. Million "
        f"samples a second, best of {_RUNS}.",
        ["volume, device", "climb", "gathers alone", "arithmetic alone", "from memory", "climb / gathers", "climb / arithmetic", "GB/s"],
    )
    speed = _copy_speed(device, _COPY_BYTES // (64 if quick else 1))
    part.note(f"Memory, by a copy of {'a few MB' if quick else '1 GiB'}: {speed / 1e9:.0f} GB/s, read and written counted.")
    with tempfile.TemporaryDirectory() as folder:
        for side in SIDES[:1] if quick else SIDES:
            work = work_at(side)
            rates = _on_gpu(side, work, device, Path(folder)) if device != "cpu" else _on_cpu(work)
            taken = rates.pop("bytes")
            climb, gathers, arithmetic = (rates.get(name) for name in ("climb", "gathers", "arithmetic"))
            part.add(
                f"{side}³, {device}", *(f"{rate / 1e6:.0f}" if rate else "" for rate in (climb, gathers, arithmetic, speed / taken)),
                *(f"{climb / rate:.2f}" if rate else "" for rate in (gathers, arithmetic)), f"{climb * taken / 1e9:.0f}",
            )  # fmt: skip
    part.note(f"GB/s: what the climb takes through the caches, {taken:.0f} bytes a sample (its voxels and its point).")
    if device == "cpu":
        part.note("The arithmetic alone of the CPU: `python tests/bench limit`.")
    else:
        _in_operations(part, climb, taken)


def _in_operations(part: Part, climb: float, taken: float) -> None:
    from gather_kernel import operations

    count = operations(weighted=False)
    part.note(
        f"As the kernel's source has it, a sample takes {count} operations, those of addresses included ({operations(weighted=True)} where "
        f"the points have weights): {count / taken:.2f} for each byte, and {climb * count / 1e12:.2f} million million a second at the last."
    )


def _on_cpu(work: Work) -> dict[str, float]:
    out = np.empty(len(work.index), np.float32)
    kernels = {
        "climb": lambda: work.grid.climb(work.points, None, *work.poses, work.schedule),
        "gathers": lambda: gather_four(work.volume, work.index, *work.steps_apart, out),
    }
    return {name: work.index.size / _seconds(kernel, lambda: None) for name, kernel in kernels.items()} | {"bytes": 4 * (4 + 3)}


def _on_gpu(side: int, work: Work, device: str, folder: Path) -> dict[str, float]:
    from gather_kernel import COORDINATES, CORNERS, climb_without_gathers, gather

    from difffit_core.ops.torch_climb import climb_on

    density_map = stretched(side)
    grid = TorchGrid.of(density_map.values, density_map.voxel_size, density_map.origin, device)
    starts = np.concatenate([work.poses[0], work.poses[1] - work.grid.origin], axis=1).astype(np.float32)
    starts = torch.from_numpy(starts).to(device).repeat(_TIMES, 1)
    points = torch.from_numpy(np.stack(work.points.columns, axis=1)).to(device)
    index = torch.from_numpy(work.index.view(np.int32)).to(device).repeat(_TIMES, 1)
    out = torch.empty(len(index), device=device)
    arguments = grid.volume, grid.scale, points, None, starts, work.schedule, False
    fused, bare = climb_on(torch.device(device).type), climb_without_gathers(folder)
    kernels = {
        "climb": lambda: fused(*arguments),
        "gathers": lambda: gather(grid.volume, index, out),
        "arithmetic": lambda: bare(*arguments),
    }
    settled = torch.cuda.synchronize
    return {name: index.numel() / _seconds(kernel, settled) for name, kernel in kernels.items()} | {"bytes": 4 * (CORNERS + COORDINATES)}


def _copy_speed(device: str, size: int) -> float:
    """Bytes a second, each counted when it is read and when it is written."""
    source = torch.ones(size // 4, device=device)
    target = torch.empty_like(source)
    return 2 * size / _seconds(lambda: target.copy_(source), torch.cuda.synchronize if device != "cpu" else lambda: None)


def _seconds(kernel: Callable[[], object], settled: Callable[[], None]) -> float:
    """Of the shortest of some runs, after one that compiles."""
    taken = []
    for _ in range(1 + _RUNS):
        settled()
        start = time.perf_counter()
        kernel()
        settled()
        taken.append(time.perf_counter() - start)
    return min(taken[1:])
