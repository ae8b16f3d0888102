"""`difffit example`: the files of the tutorials, and never over others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model


def test_the_example_is_written_and_can_be_read(difffit: Callable[..., Any], tmp_path: Path) -> None:
    ended = difffit("example", "--out", tmp_path / "here")
    assert ended.status == 0, ended.err
    assert "1bd2_moved.pdb.gz" in ended.out
    assert read_map(tmp_path / "here" / "1bd2_4A.mrc.gz").values.max() > 1
    assert read_model(tmp_path / "here" / "1bd2_moved.pdb.gz").chains == ("A", "B", "C", "D", "E")
    again = difffit("example", "--out", tmp_path / "here")
    assert again.status == 2
    assert "--overwrite" in again.err
