"""Segments (columns 73 to 76 of a PDB file), by which CHARMM, NAMD and X-PLOR tell chains apart that have no name, or one for all."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gemmi

_SHOWN = 6


def part_by_segments(structure: "gemmi.Structure", notes: list[str]) -> None:
    """Give segments chains of their own, named after them, where their chain has no name or holds several residues of one number.

    Parameters
    ----------
    structure : of one model; changed in place
    notes : what was done is added
    """
    import gemmi

    chains = list(structure[0])
    to_part = {place for place, chain in enumerate(chains) if _needs_parting(chain)}
    if not to_part or any(_cuts_a_residue(chains[place]) for place in to_part):
        return
    taken = {chain.name for place, chain in enumerate(chains) if place not in to_part}
    made: list[gemmi.Chain] = []
    named: dict[str, None] = {}
    for place, chain in enumerate(chains):
        if place not in to_part:
            made.append(chain.clone())
            continue
        parts: dict[str, gemmi.Chain] = {}
        for residue in chain:
            name = residue.segment.strip() or chain.name
            while name in taken:
                name += "_"
            if name not in parts:
                parts[name] = gemmi.Chain(name)
                named[name] = None
            parts[name].add_residue(residue)
        made += parts.values()
    for name in {chain.name for chain in chains}:
        structure[0].remove_chain(name)
    for chain in made:
        structure[0].add_chain(chain)
    shown = ", ".join(name or "(blank)" for name in list(named)[:_SHOWN]) + (" …" if len(named) > _SHOWN else "")
    notes.append(f"chains without a name of their own were named after their segments: {shown}")


def _needs_parting(chain: "gemmi.Chain") -> bool:
    segments = {residue.segment for residue in chain}
    if len(segments) < 2:
        return False
    if not chain.name.strip():
        return True
    seen: dict[tuple[int | None, str], str] = {}
    return any(seen.setdefault((residue.seqid.num, residue.seqid.icode), residue.segment) != residue.segment for residue in chain)


def _cuts_a_residue(chain: "gemmi.Chain") -> bool:
    """Whether what stands there changes within a residue, as numbers of lines do: then it is no segment."""
    for place in range(1, len(chain)):
        before, residue = chain[place - 1], chain[place]
        if before.segment != residue.segment and before.seqid == residue.seqid and before.name == residue.name:
            names = {atom.name for atom in before}
            if not any(atom.name in names for atom in residue):
                return True
    return False
