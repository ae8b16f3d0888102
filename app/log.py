"""The log file: short, rotating, and never a reason to fail."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

logger = logging.getLogger(__name__)

_BYTES, _OLDER = 500_000, 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Quiet(RotatingFileHandler):
    """Drops what cannot be written: on a full disk, or where another window holds the file while it should be renamed."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Log the program's own messages to ``path`` from here on, and warnings of everything else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _Quiet(path, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8")
    except OSError as error:
        logger.warning("nothing is logged to %s (%s)", path, error.strerror or error)
        yield
        return
    handler.setFormatter(logging.Formatter(_FORMAT))
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.startswith("difffit_"))
    root, own = logging.getLogger(), [logging.getLogger(name) for name in ("difffit_app", "difffit_core")]
    before = [one.level for one in own]
    for one in own:
        one.setLevel(min(logging.INFO, one.level or logging.INFO))
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        for one, level in zip(own, before, strict=True):
            one.setLevel(level)
        handler.close()


def tail(path: Path, lines: int = 40) -> list[str]:
    """The last lines of a log; none if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        return []
