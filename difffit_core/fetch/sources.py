"""Where entries are looked for, in order, and how: mirrors, proxy, patience."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from difffit_core.errors import UserError

SOURCES: Mapping[str, tuple[str, ...]] = {
    "emdb": (
        "https://files.wwpdb.org/pub/emdb/structures",
        "https://ftp.ebi.ac.uk/pub/databases/emdb/structures",
        "https://files.rcsb.org/pub/emdb/structures",
        "https://files.pdbj.org/pub/emdb/structures",
    ),
    "emdb-api": ("https://www.ebi.ac.uk/emdb/api",),
    "pdb": ("https://files.rcsb.org/download",),
    "pdb-archive": (
        "https://files.wwpdb.org/pub/pdb/data",
        "https://ftp.ebi.ac.uk/pub/databases/pdb/data",
        "https://files.pdbj.org/pub/pdb/data",
    ),
    "alphafold-api": ("https://alphafold.ebi.ac.uk/api",),
    "alphafold": ("https://alphafold.ebi.ac.uk/files",),
    "alphafold-archives": ("https://ftp.ebi.ac.uk/pub/databases/alphafold",),
    "uniprot": ("https://rest.uniprot.org",),
}
"""Addresses by service; the first that answers counts.

``emdb`` and ``pdb-archive`` are laid out as the archives' own trees, ``pdb`` as RCSB's downloads, the others as the services' own.
"""

_VARIABLE = "DIFFFIT_MIRROR_"


@dataclass(frozen=True)
class Access:
    """How to reach the archives.

    Attributes
    ----------
    mirrors : addresses by the names of `SOURCES`, tried before or instead of these
    only_mirrors : whether to ask nobody but the mirrors
    proxy : ``http://host:port``; empty for what the environment says (HTTPS_PROXY, NO_PROXY)
    connections : at once, at most
    tries : of each address, where it answers that it is busy or breaks off
    patience_s : seconds to wait for an answer, and for the next bytes
    longest_wait_s : seconds to wait at most where an archive asks to come again later
    """

    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only_mirrors: bool = False
    proxy: str = ""
    connections: int = 4
    tries: int = 4
    patience_s: float = 30.0
    longest_wait_s: float = 120.0

    def addresses(self, service: str) -> tuple[str, ...]:
        """Those of a service, in the order in which they are tried, without a slash at the end."""
        own = self.mirrors.get(service, ())
        given = (*own, *(() if self.only_mirrors else SOURCES[service]))
        return tuple(dict.fromkeys(address.rstrip("/") for address in given))


def access_from(mirrors: Sequence[str] = (), proxy: str = "", only_mirrors: bool = False) -> Access:
    """What options (``NAME=ADDRESS``) and the environment say: DIFFFIT_MIRROR_EMDB=ADDRESS[,ADDRESS…] and so on; options come first.

    DIFFFIT_ONLY_MIRRORS=1 has nobody else asked.

    Raises
    ------
    UserError
        If a name is none of `SOURCES`, or an address is none.
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in mirrors:
        name, equals, address = word.partition("=")
        if not equals:
            raise UserError(f"mirror must be NAME=ADDRESS with a name of {', '.join(SOURCES)}, got {word}")
        found[_known(name)] = (*found.get(name, ()), _address(address, "mirror"))
    for name in SOURCES:
        variable = _VARIABLE + name.upper().replace("-", "_")
        given = [part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()]
        found[name] = (*found.get(name, ()), *(_address(part, variable) for part in given))
    alone = only_mirrors or os.environ.get("DIFFFIT_ONLY_MIRRORS", "") not in ("", "0")
    if proxy and "://" not in proxy:
        raise UserError(f"proxy must be an address as http://host:port, got {proxy}")
    return Access({name: those for name, those in found.items() if those}, alone, proxy)


def _known(name: str) -> str:
    if name not in SOURCES:
        raise UserError(f"mirror must be NAME=ADDRESS with a name of {', '.join(SOURCES)}, got {name}")
    return name


def _address(text: str, where: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise UserError(f"{where} must be an address that begins with https:// or http://, got {text}")
    return text.rstrip("/")
