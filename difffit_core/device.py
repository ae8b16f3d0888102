"""Which device computes; torch is imported only where something other than the CPU is in question."""

import os
import platform
import sys
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from difffit_core.errors import DeviceError
from difffit_core.number_words import is_digits

DEVICES = ("auto", "cpu", "cuda", "mps")
_SIGNS = ("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/dxg")
"""Of NVIDIA's driver, any of them: some containers and sandboxes have the devices and no /proc/driver; the last is of WSL."""


def resolve_device(name: str) -> str:
    """The device that ``name`` ("auto", "cpu", "cuda", "cuda:N" or "mps") stands for; "auto" prefers CUDA, then Apple's GPU.

    Raises
    ------
    DeviceError
        If the name is unknown or that device is not there.
    """
    kind = name.partition(":")[0]
    if kind not in DEVICES:
        raise DeviceError(f"device must be one of {', '.join(DEVICES)}, got {name}")
    if kind == "cpu":
        return "cpu"
    if name == "auto":
        return next((device for device in ("cuda", "mps") if _may_have(device) and _has(device)), "cpu")
    if not _has(name):
        why = " on this machine" if find_spec("torch") else ", since torch is not installed, without which only the processor computes"
        raise DeviceError(f"device {name} is not available{why}; cpu always is, and auto takes the best there is")
    return name


@dataclass(frozen=True)
class Device:
    """A name for `resolve_device`, whether it is there, and what it is in words."""

    name: str
    available: bool
    text: str


def describe_devices() -> tuple[Device, ...]:
    """Every name of `DEVICES`. Imports torch where the machine may have a GPU, so not for the GUI thread."""
    found = {device: _describe_gpu(device) if _may_have(device) and _has(device) else "" for device in ("cuda", "mps")}
    cpu = cpu_in_words()
    best = next((text for text in found.values() if text), cpu)
    return (
        Device("auto", True, f"the best there is, now {best}"),
        Device("cpu", True, cpu),
        *(Device(device, bool(text), text or _lacking(device)) for device, text in found.items()),
    )


def cpu_in_words() -> str:
    """The processor, and its threads."""
    return f"{_processor()}, {os.cpu_count() or 1} threads"


def _lacking(device: str) -> str:
    return "torch is not installed, which a GPU needs" if _may_have(device) and find_spec("torch") is None else "not on this machine"


def _describe_gpu(device: str) -> str:
    if device == "mps":
        return "Apple GPU"
    import torch

    properties = torch.cuda.get_device_properties(0)
    return f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.processor() or platform.machine() or "CPU"


def all_devices(name: str) -> tuple[str, ...]:
    """Every device that ``name`` leaves the choice of: each GPU for "cuda", and one for any other.

    Raises
    ------
    DeviceError
        As `resolve_device`.
    """
    resolved = resolve_device(name)
    if resolved != "cuda":
        return (resolved,)
    import torch

    return tuple(f"cuda:{index}" for index in range(torch.cuda.device_count()))


def _may_have(device: str) -> bool:
    """A cheap look at the system, without importing torch."""
    if device == "mps":
        return sys.platform == "darwin" and platform.machine() == "arm64"
    return any(map(os.path.exists, _SIGNS)) or (sys.platform == "win32" and find_library("nvcuda") is not None)


def _has(device: str) -> bool:
    try:
        import torch
    except ImportError:  # the one-folder builds leave it out
        return False
    kind, _, index = device.partition(":")
    if kind == "mps":
        return torch.backends.mps.is_available() and index in ("", "0")
    return torch.cuda.is_available() and (index == "" or (is_digits(index) and int(index) < torch.cuda.device_count()))
