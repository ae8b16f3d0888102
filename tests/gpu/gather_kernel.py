# mypy: ignore-errors
"""A Triton kernel that does nothing but gather what the climb gathers, and the climb's own with nothing gathered."""

import ast
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from torch import Tensor

from difffit_core.ops import triton_climb
from difffit_core.ops.own_symbols import own_symbols

with own_symbols():
    import triton
    import triton.language as tl

CORNERS = 8
"""Voxels of 32 bits that a sample gathers."""
COORDINATES = 3
"""Numbers of 32 bits that it reads of its point, and one more where it is weighted."""
_LOAD = re.compile(r"tl\.load\(volume \+ ([^,]+), mask, 0\.0\)")


@triton.jit
def gather_kernel(volume, index, out, samples, row, section, SIZE: tl.constexpr):
    """The eight voxels of each sample of this program's pose, summed."""
    pose = tl.program_id(0)
    lane = tl.arange(0, SIZE)
    total = tl.zeros([SIZE], tl.float32)
    for begin in range(0, samples, SIZE):
        mask = begin + lane < samples
        b = tl.load(index + pose * samples + begin + lane, mask, 0)
        c = b + section
        total += tl.load(volume + b, mask, 0.0) + tl.load(volume + b + 1, mask, 0.0)
        total += tl.load(volume + b + row, mask, 0.0) + tl.load(volume + b + row + 1, mask, 0.0)
        total += tl.load(volume + c, mask, 0.0) + tl.load(volume + c + 1, mask, 0.0)
        total += tl.load(volume + c + row, mask, 0.0) + tl.load(volume + c + row + 1, mask, 0.0)
    tl.store(out + pose, tl.sum(total, 0))


def gather(volume: Tensor, index: Tensor, out: Tensor) -> None:
    """Sums ``out`` (P,) over the samples of ``index`` int32 (P, S), each that of the first of its eight voxels of ``volume`` [z, y, x]."""
    poses, samples = index.shape
    _, ny, nx = volume.shape
    gather_kernel[(poses,)](volume, index, out, samples, nx, nx * ny, SIZE=triton_climb.POINTS, num_warps=4)


def climb_without_gathers(folder: Path) -> Callable[..., tuple[Tensor, Tensor]]:
    """`triton_climb.climb` with each voxel made from its index instead of read: what is left is arithmetic and the points."""
    source, count = _LOAD.subn(r"((\1).to(tl.float32) * 1e-6)", inspect.getsource(triton_climb))
    if count != CORNERS:
        raise RuntimeError(f"ops.triton_climb must read {CORNERS} voxels as it did, got {count}: the limit must be measured another way")
    path = folder / "triton_without_gathers.py"
    path.write_text(source, encoding="utf-8")
    return _imported(path).climb


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def operations(weighted: bool) -> int:
    """Additions and multiplications a sample, as the kernel's source has them, those of addresses and comparisons included."""
    functions = {one.name: one for one in ast.parse(inspect.getsource(triton_climb)).body if isinstance(one, ast.FunctionDef)}
    (loop,) = (one for one in ast.walk(functions["climb_kernel"]) if isinstance(one, ast.For) and ast.unparse(one.target) == "begin")
    plain = [one for one in loop.body if not isinstance(one, ast.If)]
    more = [statement for one in loop.body if isinstance(one, ast.If) and weighted for statement in one.body]
    return sum(map(_count, (*plain, *more, *functions["_interpolate"].body)))


def _count(statement: ast.stmt) -> int:
    asks = (ast.BinOp, ast.AugAssign)
    compared = sum(isinstance(one, ast.Call) and ast.unparse(one.func) in ("tl.minimum", "tl.maximum") for one in ast.walk(statement))
    return compared + sum(isinstance(one, asks) for one in ast.walk(statement))
