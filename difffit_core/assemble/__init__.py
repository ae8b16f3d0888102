"""From a map and a folder of models to the assembly: which of them belong, how many, and where; `run.run_assemble` is the entry."""

from difffit_core.callable_package import make_callable

make_callable(__name__)
