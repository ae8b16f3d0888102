"""What the figures were measured on: they mean nothing without it."""

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "scipy", "numba", "torch", "gemmi")


def describe() -> list[str]:
    """CPU, cores, threads, load, versions and date, one line each."""
    load = f"; load average when it began {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return [
        f"{cpu_name()}; {usable_cores()} cores, {kernel_threads()} threads{load}",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z"),
    ]


def cpu_name() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def kernel_threads() -> int:
    """Threads of the compiled kernels; torch is given as many."""
    from numba import get_num_threads

    return int(get_num_threads())
