"""Composites: several models, or several copies of one, placed together in one map. Start reading at `run` and `rounds`."""

from difffit_core.callable_package import make_callable

make_callable(__name__)
