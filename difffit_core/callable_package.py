"""Packages that are called as well: `difffit_core.fit` holds the parts of a fit, and ``difffit_core.fit(...)`` makes one."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from difffit_core.public import PUBLIC


class CallablePackage(ModuleType):
    """Called, it does what the function of its name in the public API does."""

    @property
    def _function(self) -> Any:
        name = self.__name__.rpartition(".")[2]
        return getattr(import_module(PUBLIC[name]), name)

    @property
    def __signature__(self) -> Any:
        import inspect

        return inspect.signature(self._function)

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """What `help` tells: of the function, which is what is meant, with how it is called."""
        import inspect

        first, _, rest = (inspect.getdoc(self._function) or "").partition("\n\n")
        return f"{first}\n\n{self.__name__}{self.__signature__}\n\n{rest}"

    def __repr__(self) -> str:
        return f"<{self.__name__}: a function, and the package of its parts>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)


def make_callable(name: str) -> None:
    """Have the package of that name be called."""
    sys.modules[name].__class__ = CallablePackage
