"""Fails a test in which something went wrong that the window only told: our handler shows it and goes on, as it should for a user."""

import logging
from collections.abc import Iterator

import pytest


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.errors.append(f"{record.getMessage()}: {record.exc_info[1]!r}")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fails_inside: an exception that the window tells as unexpected is what is tested")


@pytest.fixture(autouse=True)
def nothing_went_wrong(request: pytest.FixtureRequest) -> Iterator[None]:
    """No exception that is no error of ours was told in the window, unless the test is about one."""
    heard, logger = _Heard(), logging.getLogger("difffit_app")
    logger.addHandler(heard)
    yield
    logger.removeHandler(heard)
    if request.node.get_closest_marker("fails_inside") is None:
        assert heard.errors == [], "went wrong, and was only told"
