"""Scripts of `packaging` are imported by their plain names: none may stay for a test that means a copy, which would change what is here."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_script_stays() -> Iterator[None]:
    """Forget all of them before and after each test."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        file = Path(getattr(module, "__file__", None) or ".")
        if file.parent.name in ("packaging", "builds") and "site-packages" not in file.parts:
            del sys.modules[name]
