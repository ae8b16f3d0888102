"""Splitting a model into parts; called, it is the function of the API of that name."""

from difffit_core.callable_package import make_callable

make_callable(__name__)
