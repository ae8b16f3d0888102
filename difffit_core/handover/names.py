"""Chain names that every program can read: letters, digits and underscores."""

import re
from typing import TYPE_CHECKING

from difffit_core.chain_names import free_names

if TYPE_CHECKING:
    import gemmi

_PLAIN = re.compile(r"[A-Za-z0-9_]+")
_SIGNS = re.compile(r"[^A-Za-z0-9_]")


def with_plain_names(
    structure: "gemmi.Structure", reference: "gemmi.Structure | None"
) -> "tuple[gemmi.Structure, gemmi.Structure | None, list[str]]":
    """The structures with awkward and empty chain names replaced, alike in both, and what was renamed, in a sentence if anything was."""
    names = list(dict.fromkeys(chain.name for one in (structure, reference) if one is not None for chain in one[0]))
    awkward = [name for name in names if not _PLAIN.fullmatch(name)]
    if not awkward:
        return structure, reference, []
    taken, new = set(names), {}
    for name in awkward:
        plain = _SIGNS.sub("", name) or "A"
        new[name] = free_names([plain], taken, taken)[plain]
        taken.add(new[name])
    renamed = ", ".join(f"{name!r} is {one}" for name, one in new.items())
    return (
        _renamed(structure, new),
        None if reference is None else _renamed(reference, new),
        [f"chain names that some programs cannot read were replaced: {renamed}"],
    )


def _renamed(structure: "gemmi.Structure", new: dict[str, str]) -> "gemmi.Structure":
    structure = structure.clone()
    for old, name in new.items():
        structure.rename_chain(old, name)
    structure.setup_entities()
    return structure
