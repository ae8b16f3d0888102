"""Names of the files that models come in."""

PDB_SUFFIXES = (".pdb", ".ent")
MMCIF_SUFFIXES = (".cif", ".mmcif")
MODEL_SUFFIXES = PDB_SUFFIXES + MMCIF_SUFFIXES
