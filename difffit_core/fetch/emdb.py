"""Maps of EMDB, with what their entries say."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from difffit_core.escaping.terminal import one_line
from difffit_core.fetch.accession import Accession
from difffit_core.fetch.client import Client
from difffit_core.fetch.failures import AbsentError, FetchError
from difffit_core.fetch.wanted import Wanted
from difffit_core.io.files import is_file_name
from difffit_core.io.json_text import read_json
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.map_entry import MapEntry


def entry_addresses(client: Client, accession: Accession) -> list[str]:
    """Where the entry's description may be: the service, then the header files of the archive and its mirrors."""
    access, name, number = client.access, accession.name, accession.number
    found = [f"{base}/entry/{name}" for base in access.addresses("emdb-api")]
    for base in access.addresses("emdb"):
        found += [f"{base}/{name}/header/emd-{number}-v30.xml", f"{base}/{name}/header/emd-{number}.xml"]
    return found


def read_description(path: Path, accession: str) -> MapEntry:
    """The entry from a description: the service's JSON, or a header file's XML.

    Raises
    ------
    FetchError
        If it is neither, or of another entry.
    """
    data = path.read_bytes()
    try:
        tree = read_json(data) if data.lstrip()[:1] in (b"{", b"[") else _as_tree(ET.fromstring(data))
    except (ValueError, RecursionError, ET.ParseError) as error:
        raise FetchError(f"{accession}: its description cannot be read ({error})") from error
    return _entry(tree[0] if isinstance(tree, list) and tree else tree, accession)


def map_files(client: Client, accession: Accession, entry: MapEntry, half_maps: bool) -> list[Wanted]:
    """The map's file, and those of its half maps."""
    folders = [f"{base}/{accession.name}" for base in client.access.addresses("emdb")]
    name = f"emd_{accession.number}.map.gz"
    found = [Wanted(name, tuple(f"{folder}/map/{name}" for folder in folders), ("emdb", accession.name), "map")]
    for half in entry.half_maps if half_maps else ():
        found.append(Wanted(half, tuple(f"{folder}/other/{half}" for folder in folders), ("emdb", accession.name), "half map"))
    return found


def fetch_description(client: Client, accession: Accession, place: Path) -> str:
    """Write the entry's description to ``place``, as it comes, and return where it came from.

    Raises
    ------
    FetchError
        As `Client.first`.
    """

    def read(address: str) -> str:
        with client.stream(address, {"Accept": "application/json, application/xml", "Accept-Encoding": "gzip"}) as answer:
            content = client.body(answer)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        read_description(place, accession.name)
        return address

    try:
        return client.first(entry_addresses(client, accession), read)
    except AbsentError as error:
        raise AbsentError(f"{accession} is not in EMDB ({error})") from error


def _entry(tree: Any, accession: str) -> MapEntry:
    if not isinstance(tree, Mapping) or "map" not in tree:
        raise FetchError(f"{accession}: its description has no map")
    said = str(tree.get("emdb_id") or accession).upper()
    if said != accession:
        raise FetchError(f"{accession}: a description of {said} came instead")
    contours = _list(tree, "map", "contour_list", "contour")
    level = next((one for one in contours if str(_value(one, "primary")).lower() == "true"), contours[0] if contours else None)
    halves = [str(_value(one, "file")) for one in _list(tree, "interpretation", "half_map_list", "half_map") if _value(one, "file")]
    strange = [half for half in halves if not is_file_name(half, MAP_SUFFIXES)]
    if strange:
        raise FetchError(f"{accession}: its description calls a half map '{one_line(strange[0])[:80]}', which is no name of a map")
    resolutions = [
        _number(processing.get("final_reconstruction", {}).get("resolution"))
        for determination in _list(tree, "structure_determination_list", "structure_determination")
        for processing in _several(determination, _is_processing)
    ]
    models = [str(_value(one, "pdb_id")).upper() for one in _list(tree, "crossreferences", "pdb_list", "pdb_reference")]
    title = tree.get("admin", {}).get("title", "") if isinstance(tree.get("admin"), Mapping) else ""
    return MapEntry(
        accession, str(_plain(title)), next((one for one in resolutions if one), None), _number(_value(level, "level")) if level else None,
        tuple(halves), tuple(model for model in models if model != "NONE"),
    )  # fmt: skip


def _is_processing(name: str) -> bool:
    return name == "image_processing" or name.endswith("_processing")


def _several(tree: Any, wanted: Callable[[str], bool]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for name, value in tree.items() if isinstance(tree, Mapping) else ():
        if wanted(name):
            found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]
    return [one for one in found if isinstance(one.get("final_reconstruction"), Mapping)]


def _list(tree: Any, *names: str) -> list[Mapping[str, Any]]:
    for name in names:
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return [one for one in (tree if isinstance(tree, list) else [tree]) if isinstance(one, Mapping)]


def _value(tree: Mapping[str, Any], name: str) -> Any:
    return _plain(tree.get(name))


def _plain(value: Any) -> Any:
    return value.get("valueOf_") if isinstance(value, Mapping) else value


def _number(value: Any) -> float | None:
    try:
        number = float(_plain(value))
    except (TypeError, ValueError):
        return None
    return number if number == number and abs(number) < 1e30 else None


def _as_tree(element: ET.Element) -> Any:
    """XML in the shape of the service's JSON: attributes and children by name, several of a name as a list, text as ``valueOf_``."""
    found: dict[str, Any] = dict(element.attrib)
    for child in element:
        value, name = _as_tree(child), child.tag.rpartition("}")[2]
        if name in found:
            found[name] = [*(found[name] if isinstance(found[name], list) else [found[name]]), value]
        else:
            found[name] = value
    text = (element.text or "").strip()
    if not found:
        return text
    return {**found, "valueOf_": text} if text else found
