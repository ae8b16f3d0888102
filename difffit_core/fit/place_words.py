"""Poses and spheres as the command line takes them."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_core.errors import UserError
from difffit_core.fit.sphere import Sphere
from difffit_core.io.json_text import PLACEMENTS, read_json
from difffit_core.io.regular import read_text
from difffit_core.number_words import decimal_numbers

if TYPE_CHECKING:
    from difffit_core.pose import Pose


_IDENTITY = "1.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0"


def read_pose(text: str, name: str = "start") -> "Pose":
    """A pose from 12 numbers, R row by row and then t, or from a file: of those numbers, or a `placements.json`, whose best is taken.

    ``name`` is what it is called where it was given.

    Raises
    ------
    UserError
        If it is neither, or no rotation.
    """
    numbers = _numbers(text)
    if numbers is not None:
        return _pose(numbers, name)
    try:
        content = read_text(Path(text), what="a text file of numbers")
    except UserError as error:
        reason = str(error).removeprefix(f"{text}: ")
        raise UserError(f"{name} must be 12 numbers separated by commas, or a file with them, got {text} ({reason})") from None
    numbers = _numbers(content)
    return _pose(_of_json(content, text) if numbers is None else numbers, text)


def read_sphere(text: str) -> Sphere:
    """A sphere from its centre and radius; raises `UserError` if these are not four numbers."""
    numbers = _numbers(text)
    if numbers is None or len(numbers) != 4:
        raise UserError(f"within must be four numbers separated by commas, the centre and the radius of a sphere in Å, got {text}")
    return Sphere((numbers[0], numbers[1], numbers[2]), numbers[3])


def pose_words(pose: "Pose") -> list[str]:
    """The options that give a start again."""
    if stays(pose):
        return ["--in-place"]
    return [f"--start={pose_numbers(pose)}"]


def stays(pose: "Pose") -> bool:
    """Whether it moves nothing."""
    return pose_numbers(pose) == _IDENTITY


def pose_numbers(pose: "Pose") -> str:
    """The 12 numbers of a pose as `read_pose` takes them."""
    return ",".join(map(repr, [*pose.rotation.ravel().tolist(), *pose.translation.tolist()]))


def sphere_words(sphere: Sphere) -> list[str]:
    """The option that gives a sphere again."""
    return ["--within=" + ",".join(map(repr, (*sphere.centre, sphere.radius)))]


def _numbers(text: str) -> list[float] | None:
    try:
        return list(decimal_numbers(",".join(text.replace(",", " ").split())))
    except ValueError:
        return None


def _of_json(content: str, name: str) -> list[float]:
    try:
        document = read_json(content, PLACEMENTS)
        entry = document["placements"][0] if "placements" in document else document
        rows = [*entry["rotation"], entry["translation"]]
        return [float(number) for row in rows for number in row]
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        raise UserError(f"{name}: a start must be 12 numbers, or a placements.json that has a placement") from None


def _pose(numbers: list[float], name: str) -> "Pose":
    if len(numbers) != 12 or not all(math.isfinite(number) for number in numbers):
        raise UserError(f"{name}: a pose must be 12 finite numbers, R row by row and then t, got {len(numbers)} numbers")
    import numpy as np

    from difffit_core.pose import Pose

    try:
        return Pose(np.array(numbers[:9]).reshape(3, 3), np.array(numbers[9:]))
    except ValueError as error:
        raise UserError(f"{name}: {error}") from None
