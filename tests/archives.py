"""A server on the loopback interface that behaves, and misbehaves, as the archives do."""

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LAYOUT = {
    "emdb": "/emdb/structures", "emdb-api": "/emdb/api", "pdb": "/rcsb/download", "pdb-archive": "/pdb/data",
    "alphafold-api": "/af/api", "alphafold": "/af/files", "alphafold-archives": "/af/archives", "uniprot": "/uniprot",
}  # fmt: skip


@dataclass
class Behaviour:
    """How the next answers for a path are spoiled; each takes one off ``times``."""

    kind: str
    times: int = 1
    value: float | str = 0


@dataclass
class Archives:
    """``files`` by path, ``asked`` in order, and ``spoiled`` answers by path."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    spoiled: dict[str, list[Behaviour]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mirrors(self) -> dict[str, tuple[str, ...]]:
        return {name: (self.address + path,) for name, path in LAYOUT.items()}

    def spoil(self, path: str, kind: str, times: int = 1, value: float | str = 0) -> None:
        self.spoiled.setdefault(path, []).append(Behaviour(kind, times, value))

    def of(self, path: str) -> Behaviour | None:
        for one in self.spoiled.get(path, []):
            if one.times > 0:
                one.times -= 1
                return one
        return None

    def count(self, path: str) -> int:
        return sum(1 for asked, _ in self.asked if asked == path)

    def put_map(self, number: int, data: bytes, level: float, resolution: float, halves: int = 2, models: tuple[str, ...] = ()) -> None:
        """A map as EMDB has it, with its description."""
        packed, root = gzip.compress(data, 1), f"{LAYOUT['emdb']}/EMD-{number}"
        self.files[f"{root}/map/emd_{number}.map.gz"] = packed
        names = [f"emd_{number}_half_map_{half}.map.gz" for half in range(1, halves + 1)]
        self.files |= {f"{root}/other/{name}": packed for name in names}
        document = {
            "emdb_id": f"EMD-{number}",
            "admin": {"title": f"Map {number}"},
            "map": {"file": f"emd_{number}.map.gz", "contour_list": {"contour": [
                {"primary": False, "level": level * 3, "source": "EMDB"}, {"primary": True, "level": level, "source": "AUTHOR"}]}},
            "structure_determination_list": {"structure_determination": [
                {"method": "singleParticle", "image_processing": [
                    {"final_reconstruction": {"resolution": {"valueOf_": str(resolution), "units": "Å", "res_type": "BY AUTHOR"}}}]}]},
            "crossreferences": {"pdb_list": {"pdb_reference": [{"pdb_id": one.lower()} for one in models]}},
        }  # fmt: skip
        if halves:
            document["interpretation"] = {"half_map_list": {"half_map": [{"file": name} for name in names]}}
        self.files[f"{LAYOUT['emdb-api']}/entry/EMD-{number}"] = json.dumps(document).encode()

    def put_header(self, number: int, level: float, resolution: float) -> None:
        """The description as the header file of the archive has it."""
        self.files[f"{LAYOUT['emdb']}/EMD-{number}/header/emd-{number}-v30.xml"] = f"""<?xml version="1.0" encoding="UTF-8"?>
<emd emdb_id="EMD-{number}" version="3.0.2.6"><admin><title>Map {number}</title></admin>
<crossreferences><pdb_list><pdb_reference><pdb_id>9abc</pdb_id></pdb_reference></pdb_list></crossreferences>
<structure_determination_list><structure_determination><method>singleParticle</method><singleparticle_processing>
<final_reconstruction><resolution units="Å" res_type="BY AUTHOR">{resolution}</resolution></final_reconstruction>
</singleparticle_processing></structure_determination></structure_determination_list>
<map format="CCP4"><file>emd_{number}.map.gz</file>
<contour_list><contour primary="true"><level>{level}</level><source>AUTHOR</source></contour></contour_list></map>
<interpretation><half_map_list><half_map format="CCP4"><file>emd_{number}_half_map_1.map.gz</file></half_map>
<half_map format="CCP4"><file>emd_{number}_half_map_2.map.gz</file></half_map></half_map_list></interpretation></emd>""".encode()

    def put_prediction(self, accession: str, cif: bytes, fragments: int = 1, errors: bool = True, version: int = 4) -> None:
        """A prediction as AlphaFold DB has it; after the one asked for comes an isoform's."""
        records = []
        for name in [*(f"AF-{accession}-F{number}" for number in range(1, fragments + 1)), f"AF-{accession}-2-F1"]:
            model, aligned = f"{name}-model_v{version}.cif", f"{name}-predicted_aligned_error_v{version}.json"
            record = {"entryId": name, "latestVersion": version, "cifUrl": f"{self.address}{LAYOUT['alphafold']}/{model}"}
            if errors:
                record["paeDocUrl"] = f"{self.address}{LAYOUT['alphafold']}/{aligned}"
                self.files[f"{LAYOUT['alphafold']}/{aligned}"] = json.dumps([{"predicted_aligned_error": [[1]]}]).encode()
            self.files[f"{LAYOUT['alphafold']}/{model}"] = cif
            records.append(record)
        self.files[f"{LAYOUT['alphafold-api']}/prediction/{accession}"] = json.dumps(records).encode()

    def put_proteome(self, name: str, species: str, models: dict[str, bytes]) -> None:
        """An archive of models, beside what others hold."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for member, data in {**models, "../AF-EVIL-F1-model_v4.txt": b"x", "AF-P00001-F1-model_v4.pdb.gz": b"x"}.items():
                info = tarfile.TarInfo(member)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        root = LAYOUT["alphafold-archives"]
        self.files[f"{root}/latest/{name}"] = buffer.getvalue()
        self.files[f"{root}/download_metadata.json"] = json.dumps([
            {"archive_name": name, "species": species, "common_name": "Bug", "reference_proteome": name.partition("_")[0],
             "num_predicted_structures": len(models), "size_bytes": len(buffer.getvalue()), "type": "proteome"},
            {"archive_name": "swissprot_pdb_v4.tar", "num_predicted_structures": 5, "size_bytes": 7, "type": "swissprot"},
        ]).encode()  # fmt: skip


def _handler(archives: Archives) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            with archives.guard:
                archives.asked.append((parts.path, self.headers.get("Range", "")))
                archives.at_once += 1
                archives.most_at_once = max(archives.most_at_once, archives.at_once)
                how = archives.of(parts.path)
            try:
                self._answer(parts.path, parts.query, how)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with archives.guard:
                    archives.at_once -= 1

        def _answer(self, path: str, query: str, how: Behaviour | None) -> None:
            kind = how.kind if how else ""
            if kind in ("429", "503", "500", "403"):
                self._send(int(kind), b"busy", {"Retry-After": str(how.value)} if how and how.value != 0 else {})
            elif kind == "redirect":
                self._send(302, b"", {"Location": str(how.value) if how else ""})
            elif kind == "html":
                self._send(200, b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>", {"Content-Type": "text/html"})
            elif path == f"{LAYOUT['uniprot']}/uniprotkb/search":
                self._search(query)
            elif path not in archives.files:
                self._send(404, b"<html>no such page</html>", {})
            else:
                self._file(archives.files[path], kind)

        def _file(self, data: bytes, kind: str) -> None:
            headers = {"ETag": f'"{sha256(data).hexdigest()[:16]}"', "Accept-Ranges": "bytes"}
            if kind == "no ranges":
                self._send(200, data, {})
                return
            if kind == "short":  # consistent, but not whole
                self._send(200, data[: len(data) // 2], headers)
                return
            if kind == "encoded":
                self._send(200, gzip.compress(data), {**headers, "Content-Encoding": "gzip"})
                return
            start, wanted = 0, self.headers.get("Range", "")
            same = self.headers.get("If-Range", headers["ETag"]) == headers["ETag"]
            status = 200
            if wanted and same:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                if start >= len(data):
                    self._send(416, b"", {"Content-Range": f"bytes */{len(data)}"})
                    return
                status = 206
                headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            body = data[start:]
            cut = len(body) // 2 if kind == "cut" else len(body)
            promised = len(body) + (100 if kind == "too much promised" else 0)
            self._head(status, promised, headers)
            self.wfile.write(body[:cut])
            if kind in ("cut", "too much promised"):
                self.wfile.flush()
                self.close_connection = True

        def _search(self, query: str) -> None:
            said = parse_qs(query)
            start, size = int(said.get("cursor", ["0"])[0]), int(said["size"][0])
            size = min(size, 2)
            page = archives.found[start : start + size]
            headers = {"X-Total-Results": str(len(archives.found)), "Content-Type": "text/plain"}
            if start + size < len(archives.found):
                headers["Link"] = f'<{archives.address}{LAYOUT["uniprot"]}/uniprotkb/search?size=2&cursor={start + size}>; rel="next"'
            self._send(200, "".join(f"{one}\n" for one in page).encode(), headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self._head(status, len(body), headers)
            self.wfile.write(body)

        def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(length)}.items():
                self.send_header(name, value)
            self.end_headers()

    return Handler


@contextmanager
def serve() -> Iterator[Archives]:
    """A server with nothing in it yet."""
    archives = Archives()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(archives))
    server.daemon_threads = False
    archives.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    try:
        yield archives
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Spoil = Callable[..., None]
