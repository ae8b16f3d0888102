"""`fetch`: entries of the public archives."""

from collections.abc import Sequence
from pathlib import Path

from difffit_core.api.reading import FilePath, tell
from difffit_core.fetch.run import Fetched


def fetch(
    accessions: str | Sequence[str],
    out: FilePath | None = None,
    *,
    half_maps: bool = True,
    errors: bool = True,
    again: bool = False,
    mirrors: Sequence[str] = (),
    proxy: str = "",
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

    wanted = parse_accessions(accessions) if isinstance(accessions, str) else [parse_accession(one) for one in accessions]
    options = FetchOptions(half_maps, errors, again)
    found = fetch_entries(wanted, None if out is None else Path(out), access_from(mirrors, proxy), options)
    if found.failures:
        raise FetchError("; ".join(sentence for _, sentence in found.failures))
    tell(found.notes)
    return found
