"""The kernels that the climb is measured against do what they are said to: in Triton's interpreter, on the CPU."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("triton", reason="there is no Triton for this machine")
HERE = Path(__file__).resolve().parent

CODE = """
import sys
from pathlib import Path
import torch
from difffit_core.ops import triton_climb
from difffit_core.ops.grid import Schedule
from gather_kernel import climb_without_gathers, gather, operations
make = torch.Generator().manual_seed(1)
volume = torch.rand(7, 6, 5, generator=make)
index = torch.randint(0, 30 * 5, (3, 200), generator=make, dtype=torch.int32)
out = torch.empty(3)
gather(volume, index, out)
corners = [(z * 6 + y) * 5 + x for z in (0, 1) for y in (0, 1) for x in (0, 1)]
torch.testing.assert_close(out, sum(volume.flatten()[index.long() + corner] for corner in corners).sum(dim=1))
bare = climb_without_gathers(Path(sys.argv[1]))
points, starts = torch.rand(40, 3, generator=make), torch.rand(2, 7, generator=make)
for other in (volume, volume * 0):
    states, values = bare(other, torch.ones(3), points, None, starts, Schedule(0.01, 0.1, 0.5, 3), False)
    assert states.isfinite().all() and (values > 0).all()
    print(*values.tolist())
print(operations(False), operations(True))
"""

MEASURED = """
import sys
from dataclasses import replace
from pathlib import Path
import torch
import roofline
from difffit_core.ops.grid import PointSet
torch.cuda.synchronize = lambda: None
roofline._TIMES, roofline._RUNS = 2, 1
work = roofline.work_at(16)
few = replace(work, poses=tuple(part[:3] for part in work.poses), index=work.index[:3, :500], schedule=replace(work.schedule, steps=2))
print(roofline._on_gpu(16, few, "cpu", Path(sys.argv[1])))
"""


def interpreted(code: str, *arguments: str) -> str:
    folders = [str(HERE), str(HERE.parent / "bench"), *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders), "TRITON_INTERPRET": "1"}
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_it_gathers_eight_voxels_a_sample_and_the_climb_without_reads_none(tmp_path: Path) -> None:
    first, second, counts = interpreted(CODE, str(tmp_path)).splitlines()
    assert first == second, "what is in the volume does not matter"
    plain, weighted = map(int, counts.split())
    assert 90 < plain < weighted - 20 < 150


@pytest.mark.slow
def test_all_that_is_measured_on_a_gpu_runs(tmp_path: Path) -> None:
    """Of three poses and two steps."""
    rates = ast.literal_eval(interpreted(MEASURED, str(tmp_path)))
    assert list(rates) == ["climb", "gathers", "arithmetic", "bytes"]
    assert min(rates.values()) > 0
    assert rates["bytes"] == 4 * (8 + 3)
