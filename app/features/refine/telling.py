"""What came of a refinement, in sentences."""

import numpy as np

from difffit_app.state.items import OpenRefinement


def sentences(refinement: OpenRefinement) -> list[str]:
    """Where it began, how it fits now, hinges, what was done or not, and what is to be known; the most important first."""
    record, arrays = refinement.record, refinement.arrays
    judged = "" if record.p_value is None else f" (p {record.p_value:.1g}, {record.verdict})"
    moved = float(np.sqrt((arrays.moved**2).mean())) if len(arrays.moved) else 0.0
    told = [f"Local correlation {_mean(arrays.before)} before, {_mean(arrays.after)} after; residues moved by {moved:.2f} Å (RMS)."]
    told += [f"{one[0].upper()}{one[1:]}." for one in record.hinges]
    told += [one.message for one in record.warnings]
    told.append(f"Placed: {record.began}{judged}.")
    told += [f"{'' if one.taken else 'Not kept: '}{one.sentence}" for one in record.steps]
    if record.cancelled:
        told.append("It was stopped early: this is what was reached until then.")
    return told


def _mean(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> str:
    return f"{values.mean():.3f}" if len(values) else "–"
