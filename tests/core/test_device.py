"""Which device a name stands for, on machines with and without each."""

import re
import subprocess
import sys

import pytest

from difffit_core import device
from difffit_core.device import all_devices, describe_devices, resolve_device
from difffit_core.errors import DeviceError


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The accelerators of a pretended machine; a test adds to it."""
    there: set[str] = set()
    monkeypatch.setattr(device, "_may_have", lambda name: name in there)
    monkeypatch.setattr(device, "_has", lambda name: name.partition(":")[0] in there and name.partition(":")[2] in ("", "0"))
    return there


def test_the_cpu_is_always_there(machine: set[str]) -> None:
    assert resolve_device("cpu") == "cpu"
    assert resolve_device("auto") == "cpu"


def test_auto_takes_the_best(machine: set[str]) -> None:
    machine.add("mps")
    assert resolve_device("auto") == "mps"
    machine.add("cuda")
    assert resolve_device("auto") == "cuda"


@pytest.mark.parametrize("sign", ["/proc/driver/nvidia", "/dev/nvidiactl", "/dev/dxg"])
def test_any_sign_of_the_driver_makes_auto_ask_torch(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    monkeypatch.setattr(device.os.path, "exists", lambda path: path == sign)
    monkeypatch.setattr(device, "_has", lambda name: name == "cuda")
    assert resolve_device("auto") == "cuda"


@pytest.mark.parametrize("name", ["cuda", "cuda:0"])
def test_a_named_device_that_is_there(machine: set[str], name: str) -> None:
    machine.add("cuda")
    assert resolve_device(name) == name


@pytest.mark.parametrize("name", ["cuda", "cuda:1", "mps"])
def test_a_device_that_is_absent_is_refused(machine: set[str], name: str) -> None:
    if name == "cuda:1":
        machine.add("cuda")
    with pytest.raises(DeviceError, match=f"^device {name} is not available on this machine; cpu always is"):
        resolve_device(name)


@pytest.mark.parametrize("name", ["gpu", "", "CUDA", "cudas", ":0", "tpu:1"])
def test_an_unknown_name_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(DeviceError, match=f"^device must be one of auto, cpu, cuda, mps, got {name}$"):
        resolve_device(name)


@pytest.mark.parametrize("name", ["cuda:-1", "cuda:x", "cuda:999999", "mps:3"])
def test_torch_itself_is_asked_for_indices(name: str) -> None:
    with pytest.raises(DeviceError, match="is not available on this machine"):
        resolve_device(name)


def test_the_cpu_needs_no_torch() -> None:
    code = "import sys; from difffit_core.device import resolve_device; resolve_device('cpu'); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_auto_needs_no_torch_where_nothing_speaks_for_an_accelerator() -> None:
    code = (
        "import sys; from difffit_core import device; device._may_have = lambda name: False;"
        "assert device.resolve_device('auto') == 'cpu'; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_devices_describe_themselves(machine: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_describe_gpu", lambda name: f"a fast {name}")
    without = {one.name: one for one in describe_devices()}
    assert list(without) == list(device.DEVICES)
    assert [one.name for one in without.values() if one.available] == ["auto", "cpu"]
    assert re.search(r"\d+ threads$", without["cpu"].text)
    assert without["cpu"].text in without["auto"].text
    assert without["cuda"].text == "not on this machine"
    machine.add("cuda")
    there = {one.name: one for one in describe_devices()}
    assert (there["cuda"].available, there["cuda"].text) == (True, "a fast cuda")
    assert there["auto"].text == "the best there is, now a fast cuda"


def test_all_of_a_kind_are_every_gpu_or_the_one_device(machine: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    assert all_devices("auto") == ("cpu",)
    machine.add("cuda")
    assert all_devices("auto") == all_devices("cuda") == ("cuda:0", "cuda:1", "cuda:2")
    assert all_devices("cuda:0") == ("cuda:0",)
