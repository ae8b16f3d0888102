"""What is to be fetched as it is asked for: every option of it, written once."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from difffit_core.fetch.accession import Accession, parse_accessions
from difffit_core.fetch.sources import Access, access_from
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import Arguments, Repeated, Spelling
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.fetch.run import FetchOptions


class FetchRecipe(Recipe):
    """Which entries of the public archives to fetch, and how; where to is no part of it."""

    job: ClassVar[str] = "fetch"

    entries: Annotated[
        tuple[str, ...],
        setting("EMD-21897, 6WTI, 6WTI-assembly1, P12345, AF-P12345-F1, in any usual spelling."),
        Arguments("[ID]..."),
    ] = ()
    half_maps: Annotated[bool, setting("Of maps, fetch the half maps, too.")] = True
    pae: Annotated[bool, setting("Of predictions, fetch the predicted aligned errors, too.")] = True
    again: Annotated[bool, setting("Fetch also what the cache has.")] = False
    mirrors: Annotated[
        tuple[str, ...], setting("Ask this address first; also DIFFFIT_MIRROR_NAME."), Repeated("--mirror", "NAME=ADDRESS")
    ] = ()
    only_mirrors: Annotated[bool, setting("Ask nobody but the mirrors; also DIFFFIT_ONLY_MIRRORS=1.")] = False
    proxy: Annotated[str, setting("As http://host:port; what HTTPS_PROXY says if not given."), Spelling("--proxy")] = ""

    def accessions(self) -> tuple[Accession, ...]:
        """The entries; `UserError` for what is no accession."""
        return parse_accessions(" ".join(self.entries))

    def access(self) -> Access:
        """How the archives are reached, with what the environment says; `UserError` for a mirror or proxy that is none."""
        return access_from(self.mirrors, self.proxy, self.only_mirrors)

    def options(self) -> "FetchOptions":
        """What of each entry is fetched."""
        from difffit_core.fetch.run import FetchOptions  # httpx takes longer to import than --help may

        return FetchOptions(self.half_maps, self.pae, self.again)
