"""Handing a result to the next program: the files that ChimeraX, ISOLDE, Coot, Phenix, ServalCat, PyMOL, Mol* and CryoBoltz ask for.

`asked.hand_over` does what a recipe asks for: a subject (of_files, of_placement, of_composite, of_refinement, of_project), which
`run.write_handover` writes.
"""

from difffit_core.callable_package import make_callable

make_callable(__name__)
