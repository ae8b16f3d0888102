"""What is in a file, for `difffit info`."""

from collections import Counter
from pathlib import Path

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import confidence_of
from difffit_core.errors import FileFormatError
from difffit_core.io.files import check_readable, suffix_of
from difffit_core.io.map_geometry import place
from difffit_core.io.map_header import MAP_SUFFIXES, MODES, REFUSED_MODES, MapHeader
from difffit_core.io.maps import read_header, read_map
from difffit_core.io.models import MODEL_SUFFIXES, read_model
from difffit_core.io.models.kinds import Kind, census_of, tell
from difffit_core.io.packing import PACKED_SUFFIXES

Rows = list[tuple[str, str]]


def describe_file(path: Path) -> Rows:
    """Label and value of everything worth knowing about a map or a model, in the order to show it.

    A map whose header can be read is described even if its values cannot; the last row then says why.

    Raises
    ------
    UserError
        If the file is absent, may not be read, or is neither a map nor a model that can be read.
    """
    path = Path(path)
    size = check_readable(path)
    rows = [("file", str(path)), ("size", _bytes(size))]
    if suffix_of(path) in MAP_SUFFIXES:
        return rows + _describe_map(read_header(path))
    if suffix_of(path) in MODEL_SUFFIXES:
        return rows + _describe_model(read_model(path))
    allowed = ", ".join(MAP_SUFFIXES + MODEL_SUFFIXES)
    raise FileFormatError(
        f"{path}: the name of a map or model must end in {allowed} (or that with {', '.join(PACKED_SUFFIXES)}), got '{path.name}'"
    )


def _describe_map(header: MapHeader) -> Rows:
    order = "little-endian" if header.byte_order == "<" else "big-endian"
    kind = MODES.get(header.mode, REFUSED_MODES.get(header.mode, "") + " (cannot be read)")
    stamp = "from before 2000, without the word MAP" if header.is_old else f"machine stamp {header.machine_stamp.hex(' ')}"
    rows = [
        ("kind", "density map (MRC/CCP4)" + (f", packed by {header.packing}" if header.packing else "")),
        ("mode", f"{header.mode} ({kind.strip()}), {order}, {stamp}"),
        ("columns, rows, sections", " x ".join(map(str, header.shape))),
        ("axis order", ", ".join(map(str, header.axes))),
        ("sampling (mx, my, mz)", ", ".join(map(str, header.sampling))),
        ("cell", _numbers(header.cell, "Å") + "; " + _numbers(header.angles, "°")),
        ("nstart", ", ".join(map(str, header.start))),
        ("origin in header", _numbers(header.origin, "Å")),
        ("space group", str(header.space_group)),
        ("extended header", _bytes(header.extended_bytes)),
        ("statistics in header", f"{header.minimum:.5g} to {header.maximum:.5g}, mean {header.mean:.5g}, rms {header.rms:.5g}"),
    ]
    rows += [("label", label) for label in header.labels]
    try:
        geometry = place(header)
        rows += [("voxel size", _numbers(geometry.step, "Å")), ("first voxel at", _numbers(geometry.origin, "Å"))]
        density = read_map(header.path)
    except FileFormatError as error:
        return [*rows, ("cannot be used", str(error))]
    values = density.values
    rows += [
        ("box", _numbers(density.box, "Å") + f", voxels {' x '.join(str(n) for n in density.shape_xyz)} (x, y, z)"),
        (
            "values",
            f"{values.min():.5g} to {values.max():.5g}, mean {values.mean(dtype=np.float64):.5g}, σ {values.std(dtype=np.float64):.5g}",
        ),
        ("exactly zero", f"{np.count_nonzero(values == 0) / values.size:.1%} of the voxels"),
    ]
    return rows + [("note", note) for note in density.notes]


def _describe_model(model: AtomicModel) -> Rows:
    import gemmi

    low, high = model.coordinates.min(0), model.coordinates.max(0)
    weights = np.array([gemmi.Element(int(z)).weight for z in range(model.atomic_numbers.max() + 1)])
    found = census_of(model)
    chains = [f"{name or '(blank)'} ({np.count_nonzero(model.chain_names == name)} atoms)" for name in model.chains]
    confidence = confidence_of(model)
    rows = [
        ("kind", "atomic model"),
        ("atoms", f"{len(model)}, of which {np.count_nonzero(model.in_fit)} take part in a fit"),
        ("residues in the fit", str(model.residue_count)),
        *((kind.several, _counted(kind, names)) for kind, names in found.items()),
        ("chains", ", ".join(chains)),
        ("mass in the fit", f"{weights[model.fit_atomic_numbers].sum() / 1000:.1f} kDa"),
        ("extent", f"{_numbers(low, 'Å')} to {_numbers(high, 'Å')}"),
        ("centre of the fit", _numbers(model.fit_coordinates.mean(0), "Å")),
        ("B factor (or pLDDT)", f"{model.b_factors.min():.1f} to {model.b_factors.max():.1f}, mean {model.b_factors.mean():.1f}"),
    ]
    if confidence is not None:
        rows.append(("confidence", f"pLDDT of {confidence.values.mean():.0f} on average: {confidence.evidence}"))
    return rows + [("note", note) for note in model.notes]


def _counted(kind: Kind, names: Counter[str]) -> str:
    """How many, and of what names where that is no list of amino acids."""
    count = str(sum(names.values()))
    if kind in (Kind.PROTEIN, Kind.NUCLEIC):
        return count
    return f"{count}{'' if kind.fits else ', not in the fit'}: {tell(names)}"


def _numbers(values: object, unit: str) -> str:
    return ", ".join(f"{value:.6g}" for value in np.asarray(values, np.float64).tolist()) + f" {unit}"


def _bytes(count: int) -> str:
    units = ("bytes", "KB", "MB", "GB", "TB")
    step = min(len(units) - 1, (len(str(abs(count))) - 1) // 3)
    return f"{count / 1000**step:.4g} {units[step]}"
