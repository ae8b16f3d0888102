"""Projects are checked as strictly as they are written, and in bounded time."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import FileFormatError
from difffit_core.project.base import check_rotation
from difffit_core.project.store import open_project

Change = Callable[[dict[str, Any]], object]
ROUGH = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0.01, 1]]).tolist()
MIRROR = np.diag([1.0, 1, -1]).tolist()


def altered(project_file: Path, change: Change, arrays: Callable[[dict[str, Any]], object] | None = None) -> Path:
    with zipfile.ZipFile(project_file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    data = json.loads(held["project.json"])
    change(data)
    held["project.json"] = json.dumps(data).encode()
    if arrays is not None:
        name = f"fits/{data['fits'][0]['id']}.npz"
        with np.load(io.BytesIO(held[name])) as kept:
            columns = {key: kept[key] for key in kept.files}
        arrays(columns)
        buffer = io.BytesIO()
        np.savez(buffer, **columns)
        held[name] = buffer.getvalue()
    path = project_file.with_name("altered.difffit")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return path


def first(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["fits"][0]["placements"][0]
    return found


CHANGES: dict[str, Change] = {
    "a rough rotation": lambda data: first(data).update(rotation=ROUGH),
    "a mirror": lambda data: first(data).update(rotation=MIRROR),
    "a rotation of NaN": lambda data: first(data).update(rotation=[[float("nan")] * 3] * 3),
    "another pose than the arrays'": lambda data: first(data).update(translation=[500.0, 0, 0]),
    "ranks that are alike": lambda data: [one.update(rank=1) for one in data["fits"][0]["placements"]],
    "a camera of NaN": lambda data: data["view"].update(
        camera={"position": [float("nan"), 0, 0], "focal_point": [0, 0, 0], "view_up": [0, 0, 1], "view_angle": 30}
    ),
    "a level of infinity": lambda data: data["view"].update(
        maps={data["inputs"][0]["id"]: {"level": float("inf"), "colour": "#ffffff", "opacity": 1, "visible": True}}
    ),
}
ARRAYS: dict[str, Change] = {
    "complex": lambda columns: columns.update(rotations=columns["rotations"].astype(complex)),
    "text": lambda columns: columns.update(rotations=columns["rotations"].astype(str)),
    "truths": lambda columns: columns.update(centre=columns["centre"] > 0),
    "another pose": lambda columns: columns.update(translations=columns["translations"] + 1),
    "another size": lambda columns: columns.update(rotations=columns["rotations"][:-1]),
    "NaN": lambda columns: columns.update(centre=columns["centre"] * np.nan),
}


@pytest.mark.parametrize("what", CHANGES)
def test_json_that_the_program_would_not_write(project_file: Path, what: str) -> None:
    with pytest.raises(FileFormatError, match=r"damaged|cannot be read"):
        open_project(altered(project_file, CHANGES[what]))


@pytest.mark.parametrize("what", ARRAYS)
def test_arrays_that_the_program_would_not_write(project_file: Path, what: str) -> None:
    with pytest.raises(FileFormatError, match="damaged"):
        open_project(altered(project_file, lambda _: None, ARRAYS[what]))


def test_the_check_of_rotations_is_that_of_arrays() -> None:
    rng = np.random.default_rng(0)
    for size in (0.0, 1e-6, 3e-5, 1e-3):
        for _ in range(20):
            turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
            turn = turn + size * rng.uniform(-1, 1, (3, 3))
            good = np.abs(turn @ turn.T - np.eye(3)).max() < 1e-4 and np.linalg.det(turn) > 0
            if good:
                check_rotation(tuple(map(tuple, turn)))
            else:
                with pytest.raises(ValueError, match="proper"):
                    check_rotation(tuple(map(tuple, turn)))


def as_placements(one: bytes) -> bytes:
    return b'{"schema_version": 4, "fits": [{"placements": [' + (one + b",") * 250_000 + one + b"]}]}"


BOMBS = {
    "zeros": lambda: b'{"schema_version": 2, "inputs": [' + b"0," * 60_000_000 + b"0]}",
    "nested": lambda: b"[" * 5_000_000,
    "a long list": lambda: b'{"schema_version": 2, "fits": [' + b"0," * 500_000 + b"0]}",
    "a long list inside": lambda: b'{"schema_version": 2, "fits": [{"evidence": [' + b"0," * 500_000 + b"0]}]}",
    "many fields": lambda: b'{"schema_version": 2' + b"".join(b', "%d": 0' % n for n in range(200_000)) + b"}",
    "many fields of one": lambda: b'{"schema_version": 2' + b', "%d": 0' % 7 * 1_500_000 + b"}",
    "placements of something else": lambda: as_placements(b'{"k1":[],"k2":[],"k3":[],"k4":[],"k5":[],"k6":0,"k7":0}'),
    "flat placements": lambda: as_placements(b'{"rotation":0' + b"".join(b',"k%d":0' % n for n in range(18)) + b"}"),
    "placements without numbers": lambda: as_placements(b'{"rotation":[[],[],[]],"translation":[]}'),
    "fits of nothing": lambda: b'{"schema_version": 4, "fits": [' + b'{"a":[],"b":{}},' * 90_000 + b"{}]}",
    "lists of lists": lambda: b'{"schema_version": 4, "view": {"a": [' + (b"[" + b"[]," * 99_999 + b"[]],") * 4 + b"[]]}}",
    "spaces": lambda: b" " * (200 << 20),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused(tmp_path: Path, bomb: str) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.difffit", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("project.json", BOMBS[bomb]())
    with pytest.raises(FileFormatError, match=r"at most|so many values|cannot be read as JSON|is damaged"):
        open_project(tmp_path / "bomb.difffit")
