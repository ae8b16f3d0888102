"""Where the time of what runs goes: a thread that looks, hundreds of times a second, in which part of the program it is."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from types import FrameType

PARTS: Mapping[str, str] = {
    "read_map": "reading",
    "read_model": "reading",
    "FitRequest.__post_init__": "reading",
    "prepare_model": "model and template",
    "prepare_map": "fields",
    "search_fields": "fields",
    "sharpen": "fields",
    "make_volume": "fields",
    "surrounded": "fields",
    "Grid._pairs": "fields",
    "Search._starts": "starts",
    "Search._climb_starts": "climbs, explore",
    "Search._refine": "climbs, refine",
    "Search._polish": "climbs, polish",
    "Grid.correlation": "correlations",
    "merge": "clustering",
    "fit_metrics": "metrics",
    "judged": "significance and copies",
    "certainty": "significance and copies",
    "symmetric_copies": "significance and copies",
    "implied_copies": "significance and copies",
    "write_results": "writing",
}
"""Of functions of the core, by qualified name: what is inside one, and in no further one of these, belongs to its part."""
REST = "the rest"
_PAUSE = 0.001


def part_of(frame: FrameType | None) -> str:
    """The part that the innermost known function belongs to."""
    while frame is not None:
        code = frame.f_code
        name = code.co_qualname.partition(".<locals>")[0]
        if name in PARTS and "difffit_core" in PurePath(code.co_filename).parts:
            return PARTS[name]
        frame = frame.f_back
    return REST


@contextmanager
def watched() -> Iterator[Counter[str]]:
    """Seconds by part of what this thread does inside; complete at the end."""
    seconds: Counter[str] = Counter()
    done = threading.Event()
    thread = threading.get_ident()
    begun = time.perf_counter()

    def look() -> None:
        last = begun
        while not done.wait(_PAUSE):
            part, now = part_of(sys._current_frames().get(thread)), time.perf_counter()
            seconds[part] += now - last
            last = now

    watcher = threading.Thread(target=look, daemon=True)
    before = sys.getswitchinterval()
    sys.setswitchinterval(_PAUSE)
    watcher.start()
    try:
        yield seconds
    finally:
        done.set()
        watcher.join()
        sys.setswitchinterval(before)
