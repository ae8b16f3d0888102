"""Maps and models from the public archives, by accession: EMDB, the PDB and AlphaFold DB. Nothing goes out that was not asked for.

Start reading at `run.fetch_entries`.
"""

from difffit_core.callable_package import make_callable

make_callable(__name__)
