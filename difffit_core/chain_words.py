"""Chains in sentences, also those that have no name."""

from collections.abc import Iterable


def chain_in_words(chain: str) -> str:
    """``chain A``, or ``the chain without a name``."""
    return f"chain {chain}" if chain.strip() else "the chain without a name"


def chains_in_words(chains: Iterable[str]) -> str:
    """``chain A``, ``the chain without a name``, ``chains D, E``, ``chains D, (no name)``."""
    names = list(chains)
    return chain_in_words(names[0]) if len(names) == 1 else f"chains {list_chains(names)}"


def list_chains(chains: Iterable[str]) -> str:
    """``D, E``; beside others, or in a column of chains, one without a name is ``(no name)``."""
    return ", ".join(chain if chain.strip() else "(no name)" for chain in chains)


def nothing_seen(chains: Iterable[str]) -> str:
    """What is said where chains are there, and no atom of them takes part in fits."""
    return (
        f"a chain must have atoms that take part in fits, got {chains_in_words(chains)}, which holds none but hydrogens, waters and the "
        "like, or atoms that stand there twice"
    )
