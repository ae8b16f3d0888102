"""What a map's header or the name of its file says of its resolution."""

import re
from collections.abc import Iterable
from pathlib import Path

from difffit_core.io.files import stem_of
from difffit_core.map_resolution import MapResolution

_COARSEST = 60.0
_NYQUIST = 1.9
"""Voxels: what is said to be finer is a voxel size, or wrong."""
_NUMBER = r"(\d{1,2}(?:[.p]\d{1,3})?)"
_IN_NAME = (
    re.compile(rf"(?:^|[_\-. (,]){_NUMBER}[_\- ]?(?:A|Å|ang|angs|angstroms?|Ang|Angs|Angstroms?)(?=$|[_\-. ),])"),
    re.compile(rf"(?:^|[_\-. (,])(?:res|resolution|lp|lowpass|low_pass)[_\-= ]?{_NUMBER}(?=$|[_\-. ),]|A|a|Å)", re.IGNORECASE),
)
_IN_LABEL = re.compile(r"\bresolution\b[\s:=(]{1,4}(?:of\s+)?(\d{1,2}(?:\.\d{1,3})?)\b", re.IGNORECASE)
_NO_MAP = re.compile(r"mask|apix|pixel|voxel|box|radius", re.IGNORECASE)
"""A number of Å beside such a word is no resolution."""


def label_of(resolution: MapResolution | None) -> str:
    """How a map that is written here says its resolution, in a label of its header; `resolution_told` reads it."""
    return "DiffFit Desktop" if resolution is None else f"DiffFit Desktop, resolution {resolution.value:.4g} A"


def resolution_told(path: Path, labels: Iterable[str], voxel_size: float) -> MapResolution | None:
    """The resolution that the labels of a header or else the name of the file say; None where they say none, or several.

    Parameters
    ----------
    path, labels : of the map
    voxel_size : the largest, in Å; what is finer than its voxels can hold is no resolution
    """
    found = _plausible((one for label in labels for one in _IN_LABEL.findall(label)), voxel_size)
    if len(found) == 1:
        return MapResolution(found.pop(), "its header")
    name = stem_of(path)
    if _NO_MAP.search(name):
        return None
    found = _plausible((one for pattern in _IN_NAME for one in pattern.findall(name)), voxel_size)
    return MapResolution(found.pop(), f"the name of its file, {path.name},") if len(found) == 1 else None


def _plausible(numbers: Iterable[str], voxel_size: float) -> set[float]:
    return {value for one in numbers if _NYQUIST * voxel_size <= (value := float(one.replace("p", "."))) <= _COARSEST}
