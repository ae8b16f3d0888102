"""Colours of atoms by what they are."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.secondary_structure import Structure
from difffit_core.atomic_model import AtomicModel
from difffit_core.colours import chain_colour
from difffit_core.confidence import confidence_of

ColourBy = Literal["structure", "chain", "residue", "b_factor", "element", "plain", "local_fit"]
COLOURINGS: tuple[ColourBy, ...] = get_args(ColourBy)

STRUCTURE_COLOURS = {Structure.COIL: "#c9ced6", Structure.HELIX: "#d8524f", Structure.STRAND: "#e6b845"}
ELEMENT_COLOURS = {
    6: "#b8b8b8",
    7: "#4a6fe3",
    8: "#e0433b",
    15: "#f08a24",
    16: "#e3c93b",
    17: "#3fbf4f",
    26: "#c66a2e",
    12: "#6fbf3f",
    30: "#8585b5",
}
PLAIN = "#9aa7b8"
CONFIDENCE_BOUNDS = (50.0, 70.0, 90.0)
CONFIDENCE_COLOURS = ("#ff7d45", "#ffdb13", "#65cbf3", "#0053d6")
"""Of pLDDT below and above each bound: as the AlphaFold database shows it."""
OTHER_ELEMENT = "#c060c0"
RAINBOW = ("#3b5bd9", "#2fa7d9", "#43b874", "#d9c341", "#e8893a", "#d63c3c")
FIT_COLOURS = ("#c8222a", "#ef7b51", "#f6d98c", "#86bfd9", "#2c6fb5")
"""From a residue that does not fit to one that does; told apart also by those who do not see red and green."""
UNKNOWN = "#9aa1ab"
"""Of residues of which nothing is known."""
NEAR_TO_FAR = ("#d3d6de", "#7d4fb8")
LOW_TO_HIGH = ("#3b5bd9", "#9cc3ea", "#f2f2f2", "#f0a58a", "#c8302c")

SELECTED, _GLOW = (0, 255, 0), 0.9
"""The colour of what is selected, far from those of chains and copies, and how much of it there is in what is drawn."""


def rgb(colour: str) -> NDArray[np.uint8]:
    """(3,) of ``#rrggbb``."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)


def glowing(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours (n, 3) as they are where things are selected."""
    return ((1 - _GLOW) * colours + _GLOW * np.array(SELECTED)).astype(np.uint8)


def ramp(values: NDArray[np.float64], stops: tuple[str, ...]) -> NDArray[np.uint8]:
    """Colours (n, 3) of values (n,) from 0 to 1 along evenly spaced stops."""
    places = np.linspace(0, 1, len(stops))
    channels = np.array([rgb(stop) for stop in stops], float)
    return np.stack([np.interp(values, places, channels[:, k]) for k in range(3)], axis=-1).round().astype(np.uint8)


def colour_atoms(
    model: AtomicModel, structure: NDArray[np.int8], colour_by: ColourBy, plain: str = PLAIN, first: int = 0
) -> NDArray[np.uint8]:
    """Colours (N, 3) of all atoms; ``structure`` (residues,) is that of `secondary_structure.assign`.

    Chains have the colours of an endless row, from its ``first`` on.

    In place of B factors, predicted models have AlphaFold's colours of pLDDT. "local_fit" is known of a placement only, and painted over
    these.
    """
    if colour_by == "plain":
        return np.tile(rgb(plain), (len(model), 1))
    if colour_by == "structure":
        palette = np.array([rgb(STRUCTURE_COLOURS[kind]) for kind in Structure])
        return palette[structure[model.residue_index]]
    if colour_by == "residue":
        return ramp(_position_in_chain(model), RAINBOW)
    if colour_by == "b_factor":
        confidence = confidence_of(model)
        if confidence is not None:
            return np.array([rgb(colour) for colour in CONFIDENCE_COLOURS])[np.digitize(confidence.values, CONFIDENCE_BOUNDS)]
        low, high = np.percentile(model.b_factors[model.in_fit], [2, 98])
        return ramp(np.clip((model.b_factors - low) / max(high - low, 1e-6), 0, 1), LOW_TO_HIGH)
    if colour_by == "local_fit":
        return np.tile(rgb(UNKNOWN), (len(model), 1))
    number = {name: i for i, name in enumerate(model.chains)}
    palette = np.array([rgb(chain_colour(first + i)) for i in range(len(number))])
    by_chain = palette[[number[name] for name in model.chain_names.tolist()]]
    if colour_by == "element":
        for atomic_number in np.unique(model.atomic_numbers[model.atomic_numbers != 6]):
            by_chain[model.atomic_numbers == atomic_number] = rgb(ELEMENT_COLOURS.get(int(atomic_number), OTHER_ELEMENT))
    return by_chain


def colour_fit(values: NDArray[np.float64], low: float, high: float | None) -> NDArray[np.uint8]:
    """Colours (n, 3) of values (n,) that tell how well residues fit, red at ``low`` and below; grey where a value is NaN.

    Where the scale has no end (``high`` is None) nothing is good or bad, and the greatest value is the darkest.
    """
    known = np.isfinite(values)
    filled = np.where(known, values, low)
    end = high if high is not None else max(float(filled.max(initial=low)), low + 1e-9)
    colours = ramp(np.clip((filled - low) / (end - low), 0, 1), FIT_COLOURS if high is not None else NEAR_TO_FAR)
    colours[~known] = rgb(UNKNOWN)
    return colours


def _position_in_chain(model: AtomicModel) -> NDArray[np.float64]:
    """Each atom's (N,) place along its chain, 0 to 1."""
    result = np.zeros(len(model))
    for name in model.chains:
        here = model.chain_names == name
        numbers = model.residue_index[here].astype(float)
        result[here] = (numbers - numbers.min()) / max(float(np.ptp(numbers)), 1.0)
    return result
