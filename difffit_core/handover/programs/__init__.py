"""For each program: what to call it, how to start it with what was handed over, and the files it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from difffit_core.handover.handed import Handed
from difffit_core.handover.programs import chimerax, coot, cryoboltz, isolde, molstar, phenix, pymol, servalcat

Content = str | bytes


@dataclass(frozen=True)
class Program:
    """A program to hand over to.

    Attributes
    ----------
    title : what it is called
    command : what starts it, in the folder
    files : gives the content of each of its files, by name, of what is handed over
    names : regular expression of those names
    """

    title: str
    command: str
    files: Callable[[Handed], Mapping[str, Content]]
    names: str


PROGRAMS: dict[str, Program] = {
    "chimerax": Program("ChimeraX", "chimerax chimerax.cxc", chimerax.files, r"chimerax\.cxc"),
    "isolde": Program("ISOLDE", "chimerax isolde.cxc", isolde.files, r"isolde\.cxc"),
    "coot": Program("Coot", "coot --script coot.py", coot.files, r"coot\.py"),
    "phenix": Program("Phenix", "phenix.real_space_refine phenix.eff", phenix.files, r"phenix\.eff"),
    "servalcat": Program("ServalCat", "sh servalcat.sh", servalcat.files, r"servalcat\.sh|servalcat_reference\.txt"),
    "pymol": Program("PyMOL", "pymol pymol.pml", pymol.files, r"pymol\.pml"),
    "molstar": Program("Mol*", "drop view.mvsx onto molstar.org/viewer", molstar.files, r"view\.mvsx"),
    "cryoboltz": Program("CryoBoltz", "sh cryoboltz.sh", cryoboltz.files, r"cryoboltz\.(sh|fasta)"),
}
