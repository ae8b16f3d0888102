"""What pip has installed, held against the SHA-256 in constraints.lock before it is used.

pip's own ``--require-hashes`` cannot be used: it wants a hash of everything, and what torch brings depends on the machine (its builds for
CUDA and for processors only come from several indexes, with libraries of NVIDIA that no lock of ours can name for all of them).
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.lock"


class WrongHash(Exception):
    """A package whose file is not one that the lock knows; the message is a sentence."""


def known_hashes(text: str) -> dict[str, set[str]]:
    """SHA-256 by ``name==version``, of a lock as uv and pip-tools write it."""
    known: dict[str, set[str]] = {}
    entry: set[str] = set()
    for line in text.splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line):
            entry = known.setdefault(_key(*found.groups()), set())
        entry |= set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return known


def check(report: Path, lock: Path = LOCK) -> list[str]:
    """Names of what the lock does not know, such as other builds of torch, of pip's report of what it installed.

    Raises
    ------
    WrongHash
        If a file is of a version that the lock knows, and is none of its files; or there is no report.
    """
    known = known_hashes(lock.read_text(encoding="utf-8"))
    try:
        installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    except (OSError, ValueError, KeyError) as error:
        raise WrongHash(f"pip did not say what it installed ({error}), so that it cannot be held against {lock.name}") from None
    unknown = []
    for one in installed:
        archive = one["download_info"].get("archive_info")
        if archive is None:  # this project itself
            continue
        name, version = one["metadata"]["name"], one["metadata"]["version"]
        hashes = known.get(_key(name, version))
        sha256 = archive.get("hashes", {}).get("sha256") or archive.get("hash", "").removeprefix("sha256=")
        if hashes is None:
            unknown.append(f"{name} {version}")
        elif sha256 not in hashes:
            raise WrongHash(
                f"{name} {version} from {one['download_info']['url']} is no file that {lock.name} knows (SHA-256 {sha256}), "
                "so that the environment is not used; if your own index packs anew, take that package out of the lock"
            )
    return unknown


def _key(name: str, version: str) -> str:
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"
