"""Screens as other versions of the program left them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path


def forget_settings(store: Path, *names: str) -> None:
    """Have a screen's store be of a version that did not know these settings."""
    with closing(sqlite3.connect(store)) as connection, connection:
        (held,) = connection.execute("SELECT value FROM screen WHERE name = 'record'").fetchone()
        record = json.loads(held)
        record["settings"] = {name: value for name, value in record["settings"].items() if name not in names}
        connection.execute("UPDATE screen SET value = ? WHERE name = 'record'", [json.dumps(record)])
