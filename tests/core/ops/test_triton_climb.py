"""The fused kernel: in Triton's interpreter it climbs as the compiled CPU kernel does, and it can be compiled for the cards there are."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

pytest.importorskip("triton", reason="there is no Triton for this machine")
pytestmark = pytest.mark.slow

INTERPRET = """
import sys
import numpy as np
import torch
from difffit_core.ops import triton_climb
from difffit_core.ops.grid import Schedule
given = np.load(sys.argv[1])
arrays = {name: torch.from_numpy(given[name]) for name in ("volume", "scale", "points", "weight", "starts")}
weight = arrays.pop("weight")
schedule = Schedule(*given["rates"].tolist(), int(given["steps"]))
for name, weight in (("mean", None), ("correlation", weight)):
    states, values = triton_climb.climb(weight=weight, **arrays, schedule=schedule, every_step=False)
    trace = triton_climb.climb(weight=weight, **arrays, schedule=schedule, every_step=True)[0]
    np.savez(f"{sys.argv[2]}/{name}.npz", states=states, values=values, trace=trace)
points, starts = arrays.pop("points"), arrays.pop("starts")
for weighted in (False, True):
    parts = [(points[:150], starts[:3]), (points[:40], starts[3:8]), (points[5:], starts[8:])]
    weights = [weight[: len(some)] for some, _ in parts] if weighted else None
    given = [a for a, _ in parts], weights, [b for _, b in parts], schedule
    found = triton_climb.climb_together(arrays["volume"], arrays["scale"], *given)
    for k, (some, from_here) in enumerate(parts):
        own = None if weights is None else weights[k]
        alone = triton_climb.climb(points=some, weight=own, starts=from_here, schedule=schedule, every_step=False, **arrays)
        assert all(torch.equal(a, b) for a, b in zip(alone, found[k])), k
print("together as alone")
"""

COMPILE = """
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource, compile
from difffit_core.ops.triton_climb import OPTIONS, POINTS, climb_kernel
pointers, whole = ("volume", "x", "y", "z", "weight", "states", "values", "trace"), ("nx", "ny", "nz", "steps")
kinds = {"spans": "*i32", **dict.fromkeys(pointers, "*fp32"), **dict.fromkeys(whole, "i32")}
kinds |= dict.fromkeys(("WEIGHTED", "TRACED", "SIZE"), "constexpr")
signature = {name: kinds.get(name, "fp32") for name in climb_kernel.arg_names}
for capability in (80, 90):
    for weighted in (False, True):
        source = ASTSource(climb_kernel, signature, {"WEIGHTED": weighted, "TRACED": True, "SIZE": POINTS})
        made = compile(source, target=GPUTarget("cuda", capability, 32), options=OPTIONS)
        print(capability, len(made.asm["cubin"]) > 0, ".local" in made.asm["ptx"])
"""


def python(code: str, *arguments: str, **variables: str) -> str:
    """What a program prints, run apart: Triton decides on its first import whether to interpret."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, env=environment, capture_output=True, text=True, timeout=250
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def interpreted(problem: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Twelve climbs of few steps by Triton and by the compiled kernel."""
    from difffit_core.ops.grid import Schedule
    from difffit_core.ops.torch_grid import TorchGrid

    folder, schedule, few = tmp_path_factory.mktemp("triton"), Schedule(0.02, 0.4, 0.9, 8), slice(0, 12)
    volume = TorchGrid.of(*problem.frame, "cpu")
    quaternions, translations = problem.quaternions[few], problem.translations[few]
    np.savez(
        folder / "given.npz",
        volume=volume._in_steps.numpy(),
        scale=volume.scale.numpy(),
        points=np.stack(problem.point_set.columns, axis=1),
        weight=problem.weight,
        starts=np.concatenate([quaternions, translations - volume.origin], axis=1).astype(np.float32),
        rates=np.array([schedule.turn_rate, schedule.shift_rate, schedule.decay]),
        steps=schedule.steps,
    )
    said = python(INTERPRET, str(folder / "given.npz"), str(folder), TRITON_INTERPRET="1")
    assert said == "together as alone\n"
    found = {name: dict(np.load(folder / f"{name}.npz")) for name in ("mean", "correlation")}
    for one in found.values():
        one["translations"] = one["states"][0, :, 4:] + volume.origin
    found["mean"]["values"] = found["mean"]["values"] * volume._step
    weights = {"mean": None, "correlation": problem.weight}
    expected = {
        name: (
            problem.grid.climb(problem.point_set, weight, quaternions, translations, schedule),
            problem.grid.trace(problem.point_set, weight, quaternions, translations, schedule),
        )
        for name, weight in weights.items()
    }
    return found, expected


@pytest.mark.parametrize("objective", ["mean", "correlation"])
def test_it_climbs_as_the_cpu_does(interpreted: Any, objective: str) -> None:
    found, ((quaternions, translations, values), _) = interpreted[0][objective], interpreted[1][objective]
    turns = found["states"][0, :, :4]
    turns = turns / np.linalg.norm(turns, axis=1, keepdims=True)
    near = np.linalg.norm(found["translations"] - translations, axis=1) < 0.02
    near &= np.abs((turns * quaternions).sum(axis=1)) > np.cos(np.radians(0.05) / 2)
    assert near.sum() >= 11, "in a volume of noise one may go another way"
    np.testing.assert_allclose(found["values"][near], values[near], atol=5e-4)


@pytest.mark.parametrize("objective", ["mean", "correlation"])
def test_its_way_ends_where_it_does_and_is_that_of_the_cpu(interpreted: Any, objective: str) -> None:
    found, (_, (_, translations)) = interpreted[0][objective], interpreted[1][objective]
    np.testing.assert_array_equal(found["trace"][-1], found["states"][0])
    moved = found["trace"][..., 4:] - found["trace"][:1, :, 4:]
    apart = np.linalg.norm(moved - (translations - translations[:1]), axis=2).max(axis=0)
    assert (apart < 0.02).sum() >= 11
    assert np.abs(moved).max() > 0.5


def test_it_compiles_for_cards_without_one_and_spills_nothing() -> None:
    lines = python(COMPILE).split("\n")[:-1]
    assert lines == ["80 True False"] * 2 + ["90 True False"] * 2
