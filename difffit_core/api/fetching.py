"""`fetch`: entries of the public archives."""

from collections.abc import Callable, Sequence

from difffit_core.api.bar import Bar
from difffit_core.api.progress import with_bar
from difffit_core.api.reading import FilePath, as_names, as_path, tell
from difffit_core.errors import UserError
from difffit_core.fetch.run import Fetched, FetchProgress


def fetch(
    accessions: str | Sequence[str],
    out: FilePath | None = None,
    *,
    half_maps: bool = True,
    errors: bool = True,
    again: bool = False,
    mirrors: Sequence[str] = (),
    proxy: str = "",
    progress: bool | Callable[[FetchProgress], None] | None = False,
) -> Fetched:
    """Fetch maps, models and predictions from EMDB, the PDB and AlphaFold DB.

    Nothing is sent but the accessions. Files stay in the user's cache, and come from there the next time.

    Parameters
    ----------
    accessions : EMD-21897, 6WTI, 6WTI-assembly1, P12345, AF-P12345-F1; several in a list, or in a text with commas or spaces between them
    out : folder to copy the files to; None leaves them in the cache, where ``.files`` says
    half_maps, errors : of maps their half maps, and of predictions their predicted aligned errors, too
    again : also what the cache has
    mirrors : ``NAME=ADDRESS``, as `sources.SOURCES` names them
    proxy : ``http://host:port``; what the environment says if empty
    progress : True for a bar, or a function that is told of each `FetchProgress`

    Raises
    ------
    UserError
        If one is no accession, or anything could not be fetched.

    Examples
    --------
    >>> import difffit_core as df
    >>> df.fetch("no such thing")
    Traceback (most recent call last):
    difffit_core.errors.UserError: an accession must be like EMD-21897, 6WTI, 6WTI-assembly1, P12345 or AF-P12345-F1, got 'no'
    """
    from difffit_core.fetch.accession import parse_accession, parse_accessions
    from difffit_core.fetch.failures import FetchError
    from difffit_core.fetch.run import FetchOptions, fetch_entries
    from difffit_core.fetch.sources import access_from

    if isinstance(accessions, str):
        wanted = list(parse_accessions(accessions))
    else:
        wanted = [parse_accession(one) for one in as_names(accessions, "accessions")]
    if not wanted:
        raise UserError("accessions must be at least one, as EMD-21897, got none")
    options = FetchOptions(half_maps, errors, again)
    folder, access = None if out is None else as_path(out, "out", "the name of a folder"), access_from(mirrors, proxy)
    found = with_bar(lambda told, cancel: fetch_entries(wanted, folder, access, options, told, cancel), _show, progress)
    if found.failures:
        raise FetchError("; ".join(sentence for _, sentence in found.failures))
    tell(found.notes)
    return found


def _show(bar: Bar, progress: FetchProgress) -> None:
    bar.show(
        progress.name or "fetching", progress.have / (progress.total or progress.have or 1), more=f"{progress.done} of {progress.count}"
    )
