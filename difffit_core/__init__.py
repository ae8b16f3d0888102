"""Fit atomic models into cryo-EM density maps; knows no window.

From a script or a notebook:

    import difffit_core as df

    r = df.fit("map.mrc", "model.pdb", resolution=4)
    print(r.table())
    r.best.write("fitted.cif")

`public` lists what there is; nothing of it is imported before it is asked for. `fit`, `align`, `compose`, `fetch`, `handover`, `refine`,
`screen` and `quality` are packages that are called, too. To read the code, start at `fit.run.run_fit`, the one entry to a fit, and
`fit.request` for what goes in and comes out.
`io` reads and writes maps, models and tables; `ops` holds the numerical kernels; `conventions` owns every conversion between frames.
Modules that import torch are few, and nothing here imports them until a computation on another device than the CPU asks for it.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PACKAGES = ("align", "assemble", "compose", "fetch", "fit", "handover", "quality", "refine", "screen")


def __getattr__(name: str) -> Any:
    from difffit_core.public import PUBLIC

    if name in _PACKAGES:
        return import_module(f"difffit_core.{name}")
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    from difffit_core.public import PUBLIC

    return sorted({*(name for name in globals() if name.startswith("__")), *PUBLIC})
