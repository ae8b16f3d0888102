"""The arrays of a fit, which JSON would bloat: poses of the placements, and where their search started."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.fit.request import FitResult
from difffit_core.fit.search.candidates import Candidates
from difffit_core.project.npz import packed, unpacked

_CANDIDATE = "candidate_"
_TYPES: dict[str, type] = {"correlation": np.float32, "hits": np.int64, "fields": np.int64}


@dataclass(frozen=True, eq=False)
class FitArrays:
    """Arrays with one entry a placement (P of them), in order of rank; what older programs did not keep is None.

    Attributes
    ----------
    rotations, translations : (P, 3, 3), (P, 3) in Å, the pose of each placement
    start_quaternions, start_translations : (P, 4) as (w, x, y, z), (P, 3) in Å, the starting pose of its representative
    centre : (3,) in Å, the mean of the fitted atoms, about which starting poses turn
    start_fields : (P,), the search field its representative climbed, as `Candidates.fields`
    candidates : what was clustered into the placements
    """

    rotations: Array
    translations: Array
    start_quaternions: Array
    start_translations: Array
    centre: Array
    start_fields: NDArray[np.int64] | None = None
    candidates: Candidates | None = None

    def __post_init__(self) -> None:
        count = len(self.rotations)
        shapes = {"rotations": (count, 3, 3), "translations": (count, 3), "start_quaternions": (count, 4), "start_translations": (count, 3)}
        for name, shape in {**shapes, "centre": (3,)}.items():
            object.__setattr__(self, name, _frozen(name, getattr(self, name), shape, np.float64))
        if self.start_fields is not None:
            object.__setattr__(self, "start_fields", _frozen("start_fields", self.start_fields, (count,), np.int64))
        if self.candidates is not None:
            object.__setattr__(self, "candidates", _checked(self.candidates))

    @classmethod
    def of_result(cls, result: FitResult) -> Self:
        """The arrays of what a fit found."""
        poses = [placement.pose for placement in result.placements]
        return cls(
            np.array([pose.rotation for pose in poses], np.float64).reshape(-1, 3, 3),
            np.array([pose.translation for pose in poses], np.float64).reshape(-1, 3),
            np.array(result.start_quaternions, np.float64).reshape(-1, 4),
            np.array(result.start_translations, np.float64).reshape(-1, 3),
            np.array(result.centre, np.float64),
            result.start_fields,
            result.candidates,
        )

    def to_bytes(self) -> bytes:
        """As an uncompressed .npz."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "candidates"}
        if self.candidates is not None:
            arrays |= {_CANDIDATE + name: column for name, column in self.candidates.columns().items()}
        return packed({name: array for name, array in arrays.items() if array is not None})

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The inverse of `to_bytes`; never unpickles.

        Raises
        ------
        ValueError
            If the content is no such file.
        """
        return unpacked(content, cls._of_arrays)

    @classmethod
    def _of_arrays(cls, arrays: dict[str, Any]) -> Self:
        kept = {name.removeprefix(_CANDIDATE): arrays.pop(name) for name in list(arrays) if name.startswith(_CANDIDATE)}
        return cls(**arrays, candidates=Candidates(**kept) if kept else None)


def _checked(candidates: Candidates) -> Candidates:
    count = len(candidates)
    wide = {"quaternions": (count, 4), "translations": (count, 3), "start_quaternions": (count, 4), "start_translations": (count, 3)}
    columns = {
        name: _frozen(_CANDIDATE + name, column, wide.get(name, (count,)), _TYPES.get(name, np.float64))
        for name, column in candidates.columns().items()
    }
    return Candidates(**columns)


def _frozen(name: str, values: Any, shape: tuple[int, ...], kind: type) -> NDArray[Any]:
    if np.asarray(values).dtype.kind not in "fiu":
        raise ValueError(f"{name} must hold numbers, got {np.asarray(values).dtype}")
    array: NDArray[Any] = np.ascontiguousarray(values, kind)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite and of shape {shape}, got {array.shape}")
    if array is values:
        array = array.copy()
    array.flags.writeable = False
    return array
