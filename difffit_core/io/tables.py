"""Tables of placements and plain data, as files that appear whole or not at all."""

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from difffit_core.escaping.tables import TableWriter
from difffit_core.io.files import atomic_write
from difffit_core.placement import FitMetrics, Placement

_METRICS = tuple(field.name for field in fields(FitMetrics))
CSV_COLUMNS = (
    "rank",
    "hits",
    *_METRICS,
    "z_score",
    "p_value",
    "verdict",
    "symmetric_copy_of",
    *(f"r{row}{column}" for row in range(1, 4) for column in range(1, 4)),
    "tx",
    "ty",
    "tz",
)
"""``r11`` to ``r33`` are the rotation row by row, ``tx, ty, tz`` the translation in Å: x' = R x + t on coordinates as in the model file."""


def write_placements_csv(path: Path, placements: Sequence[Placement]) -> None:
    """Write one line a placement under a header of `CSV_COLUMNS`; numbers in full precision.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with atomic_write(Path(path)) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        writer = TableWriter(stream)
        writer.writerow(CSV_COLUMNS)
        for placement in placements:
            row = placement.to_dict()
            numbers = [number for line in row["rotation"] for number in line] + row["translation"]
            writer.writerow([row[name] for name in CSV_COLUMNS[: -len(numbers)]] + numbers)


def write_json_atomic(path: Path, data: Any) -> None:
    """Write plain data as indented JSON.

    Raises
    ------
    UserError
        If the file cannot be written.
    ValueError
        If a number is NaN or infinite, which JSON cannot hold.
    """
    with atomic_write(Path(path)) as temporary:
        temporary.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n", encoding="utf-8")
