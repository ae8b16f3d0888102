"""What pip would install is held against the lock."""

import json
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def hashes(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(repository / "packaging")
    import hashes

    return hashes


def report(folder: Path, **files: str) -> tuple[Path, Path]:
    """Of pip, for packages by ``name_version`` and the hash of their file; this project itself comes along."""
    entries: list[dict[str, object]] = [
        {"download_info": {"url": "file:///here", "dir_info": {}}, "metadata": {"name": "x", "version": "0"}}
    ]
    for called, sha256 in files.items():
        name, _, version = called.rpartition("_")
        info = {"url": f"https://index/{name}.whl", "archive_info": {"hash": f"sha256={sha256}", "hashes": {"sha256": sha256}}}
        entries.append({"download_info": info, "metadata": {"name": name, "version": version}})
    (folder / "report.json").write_text(json.dumps({"install": entries}))
    (folder / "constraints.lock").write_text(LOCK)
    return folder / "report.json", folder / "constraints.lock"


LOCK = f"""# made by hand
An.odd-Name==1 \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
torch==2.13.0 ; sys_platform == 'linux' \\
    --hash=sha256:{"c" * 64}
"""


def test_files_that_are_known_pass_and_others_of_torch_are_named(hashes: Any, tmp_path: Path) -> None:
    assert hashes.check(*report(tmp_path, an_odd_name_1="a" * 64)) == []
    files = {"An_Odd-name_1": "b" * 64, "torch_2.13.0+cpu": "d" * 64, "nvidia-x_3": "e" * 64}
    assert hashes.check(*report(tmp_path, **files)) == ["torch 2.13.0+cpu", "nvidia-x 3"]


@pytest.mark.parametrize("sha256", ["d" * 64, ""])
def test_another_file_of_a_known_version_is_refused(hashes: Any, tmp_path: Path, sha256: str) -> None:
    with pytest.raises(hashes.WrongHash, match=r"torch 2\.13\.0 from .*torch\.whl is no file that constraints\.lock knows"):
        hashes.check(*report(tmp_path, **{"torch_2.13.0": sha256}))


def test_without_a_report_nothing_is_believed(hashes: Any, tmp_path: Path) -> None:
    with pytest.raises(hashes.WrongHash, match="did not say what it installed"):
        hashes.check(tmp_path / "absent.json")


def test_every_version_of_the_constraints_runs_on_the_oldest_python(repository: Path) -> None:
    """Debian 12 has 3.11.2, on which a package that asks for 3.11.5 is not to be had."""
    from packaging.specifiers import SpecifierSet

    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    versions = dict(line.partition(";")[0].strip().split("==") for line in lines if "==" in line and not line.startswith("#"))
    asked = {}
    for name, version in versions.items():
        with suppress(PackageNotFoundError):
            found = distribution(name)
            if found.version == version and not SpecifierSet(found.metadata.get("Requires-Python", "")).contains("3.11.0"):
                asked[name] = found.metadata["Requires-Python"]
    assert asked == {}


def test_the_lock_knows_every_version_of_the_constraints(hashes: Any, repository: Path) -> None:
    known = hashes.known_hashes(hashes.LOCK.read_text(encoding="utf-8"))
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted = {line.partition(";")[0].strip() for line in lines if "==" in line and not line.startswith("#")}
    lacking = {line for line in wanted if not known.get(hashes._key(*line.split("==")))}
    assert not lacking, f"make constraints.lock anew, as its first lines say, for {lacking}"
