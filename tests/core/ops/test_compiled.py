"""Compiled functions are kept on disk, and work where they cannot be."""

from difffit_core.ops import kernels
from difffit_core.ops.compiled import compiled


def test_kernels_are_kept() -> None:
    for kernel in (kernels.mean_and_gradient, kernels.correlation, kernels.samples, kernels.climb):
        assert kernel.stats.cache_path


def test_a_function_that_cannot_be_kept_is_compiled_all_the_same() -> None:
    """One without a file, for which numba finds no folder, as it does for a program whose folders are all read-only."""
    scope: dict = {}
    exec("def double(number):\n    return 2 * number", scope)
    double = compiled(nogil=True)(scope["double"])
    assert double(21) == 42
    assert double.signatures
