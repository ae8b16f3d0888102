r"""One owner of what is written: whoever writes results claims their place first, and a manifest beside them says what was written.

    place = claim_folder(out, "difffit-out", command="fit", names=r"placements\.json|…", inputs=inputs_of(recipe), overwrite=overwrite)
    …                                       # the work; a folder in use was refused before it
    place.write({"a.cif": write_a, "placements.json": write_placements})   # all of it or nothing; the last file says that all is there

    file = claim_file(out, command="render", inputs=[project], overwrite=overwrite, suffixes=(".png",), what="picture")
    file.write(draw)

What nobody wrote here by the manifest, what has been changed since, and what the run reads, is never replaced nor deleted.
"""

from difffit_core.output.claim import Claim, Place, Writer, claim_folder, write_together
from difffit_core.output.file_claim import FileClaim, claim_file
from difffit_core.output.folders import check_folder
from difffit_core.output.inputs import Inputs, inputs_of
from difffit_core.output.manifest import MANIFEST

__all__ = [
    "MANIFEST",
    "Claim",
    "FileClaim",
    "Inputs",
    "Place",
    "Writer",
    "check_folder",
    "claim_file",
    "claim_folder",
    "inputs_of",
    "write_together",
]
