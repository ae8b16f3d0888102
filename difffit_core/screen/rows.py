"""The models of a screen, as its store holds them."""

from typing import NamedTuple

from difffit_core.io.files import stem_of

WAITING, RUNNING, DONE, FAILED, LEFT_OUT, SPLIT = "waiting", "running", "done", "failed", "left out", "split"


class ScreenRow(NamedTuple):
    """One model of a screen, as far as it has come; what a search found is None before the first has ended.

    Attributes
    ----------
    id : in the store
    path, part : the file, and the chain or domain of it, or "" for the whole
    status : "waiting", "running", "done", "failed" or "left out"
    work : the pass that is done, or waited for where the status says so
    note : why it failed or was left out, or which model of its file it is
    residues, elements, middle, correlation, gap, inside : as in `Trial`; ``middle`` is the first pass's, the others are the best pass's
    first_correlation : the best local correlation of the first pass
    z_score, verdict : of the best placement, as a fit judges it; None before the full search has ended
    content : checksum of the file when it was tried; None where that is not known
    """

    id: int
    path: str
    part: str
    status: str
    work: int
    note: str
    residues: int | None
    elements: float | None
    middle: float | None
    first_correlation: float | None
    correlation: float | None
    gap: float | None
    inside: float | None
    z_score: float | None = None
    verdict: str | None = None
    content: str | None = None

    @property
    def name(self) -> str:
        """File name without suffixes, and the chain or domain."""
        stem = stem_of(self.path)
        return f"{stem}:{self.part}" if self.part else stem
