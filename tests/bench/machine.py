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


def cache_sizes() -> str:
    """The caches that the first core reads data through, nearest first; empty where the system does not say."""
    caches = []
    for entry in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = (((entry / name).read_text().strip()) for name in ("level", "type", "size"))
        if kind != "Instruction":
            caches.append(f"L{level} {size.removesuffix('K')} KiB")
    return f"Caches: {', '.join(caches)}." if caches else ""


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def kernel_threads() -> int:
    """Threads of the compiled kernels; torch is given as many."""
    from numba import get_num_threads

    return int(get_num_threads())
