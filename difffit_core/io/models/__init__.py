"""Reading and writing atomic models in PDB and mmCIF, by gemmi, as people have them."""

from difffit_core.io.models.formats import MMCIF_SUFFIXES, MODEL_SUFFIXES, PDB_SUFFIXES
from difffit_core.io.models.parts import HELD
from difffit_core.io.models.reading import read_model
from difffit_core.io.models.writing import (
    beyond_pdb,
    check_writable,
    mmcif_document,
    moved_structure,
    write_model,
    write_structure,
    write_text,
)

__all__ = [
    "HELD",
    "MMCIF_SUFFIXES",
    "MODEL_SUFFIXES",
    "PDB_SUFFIXES",
    "beyond_pdb",
    "check_writable",
    "mmcif_document",
    "moved_structure",
    "read_model",
    "write_model",
    "write_structure",
    "write_text",
]
