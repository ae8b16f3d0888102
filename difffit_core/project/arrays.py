"""The arrays of a fit, which JSON would bloat: poses of the placements, and where their search started."""

import io
import zipfile
import zlib
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from difffit_core.conventions import Array
from difffit_core.fit.request import FitResult


@dataclass(frozen=True, eq=False)
class FitArrays:
    """Arrays with one entry a placement (P of them), in order of rank.

    Attributes
    ----------
    rotations, translations : (P, 3, 3), (P, 3) in Å, the pose of each placement
    start_quaternions, start_translations : (P, 4) as (w, x, y, z), (P, 3) in Å, the starting pose of its representative
    centre : (3,) in Å, the mean of the fitted atoms, about which starting poses turn
    """

    rotations: Array
    translations: Array
    start_quaternions: Array
    start_translations: Array
    centre: Array

    def __post_init__(self) -> None:
        count = len(self.rotations)
        shapes = {"rotations": (count, 3, 3), "translations": (count, 3), "start_quaternions": (count, 4), "start_translations": (count, 3)}
        for name, shape in {**shapes, "centre": (3,)}.items():
            array = np.ascontiguousarray(getattr(self, name), np.float64)
            if array.shape != shape or not np.isfinite(array).all():
                raise ValueError(f"{name} must be finite and of shape {shape}, got {array.shape}")
            array.flags.writeable = False
            object.__setattr__(self, name, array)

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
        )

    def to_bytes(self) -> bytes:
        """As an uncompressed .npz."""
        buffer = io.BytesIO()
        np.savez(buffer, **{field.name: getattr(self, field.name) for field in fields(self)})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The inverse of `to_bytes`; never unpickles.

        Raises
        ------
        ValueError
            If the content is no such file.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                if sum(member.file_size for member in file.zip.infolist()) > len(content):
                    raise ValueError("an array claims to be larger than the file")
                return cls(**{field.name: np.asarray(file[field.name], np.float64) for field in fields(cls)})
        except (KeyError, EOFError, OSError, MemoryError, zipfile.BadZipFile, zlib.error, NotImplementedError, AttributeError) as error:
            raise ValueError(str(error) or type(error).__name__) from error
