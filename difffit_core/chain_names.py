"""Names for chains, no two alike: those of a composite, and of a file whose parts use one name twice."""

import string
from collections.abc import Collection, Iterable, Iterator
from itertools import count, product


def chain_names() -> Iterator[str]:
    """A to Z, a to z, 0 to 9, which the PDB format can hold; then AA, AB and so on without end, as mmCIF has them."""
    yield from string.ascii_uppercase + string.ascii_lowercase + string.digits
    for length in count(2):
        for letters in product(string.ascii_uppercase, repeat=length):
            yield "".join(letters)


def free_names(chains: Iterable[str], taken: Collection[str], reserved: Collection[str] = ()) -> dict[str, str]:
    """A name for each chain of a model: its own if it is not ``taken``, else the next that is neither that nor ``reserved``."""
    taken = set(taken)
    fresh = (name for name in chain_names() if name not in taken and name not in reserved)
    names: dict[str, str] = {}
    for chain in chains:
        names[chain] = chain if chain not in taken else next(fresh)
        taken.add(names[chain])
    return names
