"""Phenix: parameters of real-space refinement, with reference-model restraints."""

from collections.abc import Mapping

from difffit_core.handover.handed import MAP, MODEL, REFERENCE, Handed

_TEXT = """\
# phenix.real_space_refine phenix.eff
data_manager {{
  model {{
    file = "{model}"
    type = electron
  }}
  real_map_files = "{map}"
}}
resolution = {resolution:g}
scattering_table = electron
wrapping = False
refinement {{
  run = *minimization_global rigid_body *local_grid_search morphing simulated_annealing *adp
  macro_cycles = 5
}}
reference_model {{
  enabled = True
{reference}
  sigma = 1.0
  limit = 15.0
  main_chain = True
  side_chain = True
  fix_outliers = False
}}
"""


def files(handed: Handed) -> Mapping[str, str]:
    """A parameter file."""
    reference = "  use_starting_model_as_reference = True" if handed.reference is None else f'  file = "{REFERENCE}"'
    return {"phenix.eff": _TEXT.format(model=MODEL, map=MAP, resolution=handed.target.resolution, reference=reference)}
