"""What Escape ends: one thing at a time, in an order that stands here alone."""

from collections.abc import Callable

ORDER = ("script", "python", "fit", "zero_out", "moving", "sphere", "measuring", "fetch", "selection")
"""What is nearest to being lost first: a script, which would go on to its next line, Python that runs, a search that runs, a preview that
lies over the maps, a model in the hand, a sphere, measuring, a download, what is selected."""


class Escape:
    """Features say what they may have going on; calling it ends the first of `ORDER` that is."""

    def __init__(self) -> None:
        self._ways: dict[str, tuple[Callable[[], bool], Callable[[], object]]] = {}

    def add(self, name: str, going_on: Callable[[], bool], end: Callable[[], object]) -> None:
        """Have ``end`` called where ``going_on`` and nothing before it in the order is.

        Raises
        ------
        ValueError
            If the order does not say when, or something has that name already.
        """
        if name not in ORDER or name in self._ways:
            raise ValueError(f"name must be one of {', '.join(ORDER)} that was not added before, got {name}")
        self._ways[name] = (going_on, end)

    def __call__(self) -> None:
        for name in ORDER:
            going_on, end = self._ways.get(name, (lambda: False, lambda: None))
            if going_on():
                end()
                return
