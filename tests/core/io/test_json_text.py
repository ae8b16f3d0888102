"""JSON that comes from elsewhere is bounded before it is read, and read in one place."""

import json
import re
from pathlib import Path

import pytest

from difffit_core.errors import UserError
from difffit_core.fit.place_words import read_pose
from difffit_core.fit.setting_words import settings_from
from difffit_core.io.json_text import Most, read_json
from difffit_core.pae.matrix import read_pae

BOMBS = {
    "nested": "[" * 100_000,
    "values": "[" + "0," * 600_000 + "0]",
    "fields": "{" + ",".join(f'"{n}":0' for n in range(310_000)) + "}",
    "objects": "[" + "{}," * 310_000 + "{}]",
    "a long number": "1" * 5000,
    "none": "{'a': 1}",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_refused_is_a_value_error(bomb: str) -> None:
    for content in (BOMBS[bomb], BOMBS[bomb].encode()):
        with pytest.raises(ValueError, match=r"at most|deep|Exceeds|Expecting|number"):
            read_json(content)


def test_what_is_read_is_what_json_reads() -> None:
    for value in (1, 1.5, None, True, "ä", [1, [2, {"a": [3.5e-300, "\ud800"]}]], {"a": {"b": []}}, "a\udc80"):
        text = json.dumps(value)
        assert read_json(text) == read_json(text.encode()) == read_json(b"\xef\xbb\xbf" + text.encode()) == value
    assert read_json("[0,1]", Most(values=1)) == [0, 1]
    with pytest.raises(ValueError, match="at most 0 values, got 1"):
        read_json("[0,1]", Most(values=0))


@pytest.mark.parametrize("bomb", BOMBS)
def test_each_reader_says_it_in_a_sentence(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "bomb.json"
    path.write_text(BOMBS[bomb])
    for read in (read_pae, lambda path: read_pose(str(path))):
        with pytest.raises(UserError, match=r"bomb\.json"):
            read(path)


@pytest.mark.parametrize("text", ["1" * 5000, "[" * 100_000, "{" * 3, "nan", "\udcff", "1e999", "-" * 9])
def test_settings_that_are_none(text: str) -> None:
    with pytest.raises(UserError):
        settings_from("balanced", [f"starts={text}"])


def test_nothing_reads_json_by_itself(repository: Path) -> None:
    """Else a bound is forgotten where the next reader is written."""
    own = repository / "difffit_core" / "io" / "json_text.py"
    files = [path for folder in ("difffit_core", "app") for path in (repository / folder).rglob("*.py") if path != own]
    found = [path for path in files if re.search(r"\bjson\.loads?\(|\.json\(\)", path.read_text(encoding="utf-8"))]
    assert found == []
