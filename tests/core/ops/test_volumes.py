"""Which volume is made for which device, and the check of a device that no test machine has."""

import logging
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from difffit_core.ops import torch_grid, volumes
from difffit_core.ops.grid import Grid, PointSet
from difffit_core.ops.torch_grid import TorchGrid


@pytest.fixture
def unproven_cpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Torch's CPU device, under another name, stands for a device that must first agree."""
    volumes.agrees_with_cpu.cache_clear()
    monkeypatch.setattr(volumes, "UNPROVEN", ("cpu",))
    yield
    volumes.agrees_with_cpu.cache_clear()


def test_the_cpu_computes_with_compiled_kernels_and_without_torch() -> None:
    code = """if True:
        import sys, numpy as np
        from difffit_core.ops.volumes import make_volume
        print(type(make_volume(np.ones((2, 3, 4)), np.ones(3), np.zeros(3), "cpu")).__name__, "torch" in sys.modules)
    """
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["Grid", "False"]


def test_other_devices_compute_with_torch(problem) -> None:
    volume = volumes.make_volume(*problem.frame, "meta")
    assert isinstance(volume, TorchGrid)
    assert volume.volume.device.type == "meta"


def test_a_device_that_agrees_is_used(problem, unproven_cpu: None, caplog: pytest.LogCaptureFixture) -> None:
    volume = volumes.make_volume(*problem.frame, "cpu:0")
    assert isinstance(volume, TorchGrid)
    assert not caplog.records


def test_a_device_that_computes_something_else_is_not_used(
    problem, unproven_cpu: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    original = TorchGrid.correlation
    monkeypatch.setattr(torch_grid.TorchGrid, "correlation", lambda self, *args: original(self, *args) + 0.01)
    with caplog.at_level(logging.WARNING):
        made = [volumes.make_volume(*problem.frame, "cpu:0") for _ in range(2)]
    assert all(isinstance(volume, Grid) for volume in made)
    assert [record.message.count("does not agree with the CPU (by 0.01") for record in caplog.records] == [1]


def test_a_device_that_gives_no_number_is_not_used(problem, unproven_cpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_grid.TorchGrid, "mean", lambda self, points, q, t: np.full(len(q), np.nan))
    assert isinstance(volumes.make_volume(*problem.frame, "cpu:0"), Grid)


def test_a_device_that_lacks_an_operation_is_not_used(
    problem, unproven_cpu: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(self: TorchGrid, points: PointSet, *poses: np.ndarray) -> np.ndarray:
        raise NotImplementedError("The operator 'aten::fmax' is not implemented")

    monkeypatch.setattr(torch_grid.TorchGrid, "samples", missing)
    assert isinstance(volumes.make_volume(*problem.frame, "cpu:0"), Grid)
    assert "aten::fmax" in caplog.text
