"""Bending a placed model into its map: pieces moved as rigid bodies, then every atom (design, method section 10)."""

from difffit_core.callable_package import make_callable

make_callable(__name__)
