"""What it is measured on."""

import os
import shutil
import subprocess

import torch
from machine import cpu_name, usable_cores
from part import Part

from difffit_core.ops import torch_climb
from difffit_core.ops.torch_climb import climb_on

_ASKED = ("driver_version", "clocks.max.sm", "clocks.max.memory", "power.limit", "memory.used", "utilization.gpu")


def run(part: Part, device: str, quick: bool) -> None:
    part.begin("The machine", "What all below was measured on.", ["", "here"])
    part.add("CPU", f"{cpu_name()}, {usable_cores()} cores, load average {os.getloadavg()[0]:.1f}")
    part.add("torch", f"{torch.__version__}, CUDA {torch.version.cuda or 'none'}")
    part.add("Triton", _triton())
    if device == "cpu":
        part.note("No GPU was asked for.")
        return
    if not torch.cuda.is_available():
        part.fault("torch sees no CUDA device")
        return
    properties = torch.cuda.get_device_properties(0)
    part.add("GPU", f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB, {torch.cuda.device_count()} of them")
    part.add(
        "multiprocessors", f"{properties.multi_processor_count}, compute capability {properties.major}.{properties.minor}, "
        f"L2 {getattr(properties, 'L2_cache_size', 0) / 2**20:.0f} MiB",
    )  # fmt: skip
    for name, value in _from_the_driver().items():
        part.add(name, value)
    fused = climb_on("cuda") is not torch_climb.climb
    part.add("what climbs", "the Triton kernel" if fused else "plain torch operations")
    if not fused:
        part.fault("the Triton kernel cannot be used, so that plain torch operations climb")


def _triton() -> str:
    try:
        import triton
    except ImportError as error:
        return f"none ({error})"
    return str(triton.__version__)


def _from_the_driver() -> dict[str, str]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return {"driver": "no nvidia-smi to ask"}
    done = subprocess.run(
        [tool, "--id=0", f"--query-gpu={','.join(_ASKED)}", "--format=csv,noheader"],
        check=False, capture_output=True, text=True, timeout=15,
    )  # fmt: skip
    if done.returncode:
        return {"driver": f"nvidia-smi: {(done.stdout + done.stderr).strip()[:200]}"}
    return dict(zip(_ASKED, map(str.strip, done.stdout.strip().split(",")), strict=False))
