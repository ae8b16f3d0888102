"""Fit atomic models into cryo-EM density maps; knows no window.

Start reading at `fit.run.run_fit`, the one entry to a fit, and `fit.request` for what goes in and comes out. `io` reads and writes maps,
models and tables; `ops` holds the numerical kernels; `conventions` owns every conversion between frames. Modules that import torch are
few, and nothing here imports them until a computation on another device than the CPU asks for it.
"""

__version__ = "0.1.0"
