"""Handing a result to the next program: the files that ChimeraX, ISOLDE, Coot, Phenix, ServalCat, PyMOL, Mol* and CryoBoltz ask for.

subject = of_files(map, model, …)       # or of_placement, of_composite, of_refinement, of_project
write_handover(claim, prepare(subject, …), programs)
"""
