"""Files that bear the name of a map or a model and are something else, told by their first bytes so that the message can name them."""

_MAGIC = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file (as EMAN2 and Imaris write); convert it, for instance with e2proc3d.py or ChimeraX"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"MTZ ", "structure factors (MTZ); make a map of them first, for instance with gemmi sf2map"),
    (b":-)", "a BRIX map; convert it to CCP4, for instance with gemmi or mapman"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the map itself; fetch that with git lfs pull"),
    (b"\x83\xa7encoder", "BinaryCIF; convert it to mmCIF, for instance with ChimeraX or gemmi"),
    (b"CDF\x01", "a NetCDF file"),
    (b"CDF\x02", "a NetCDF file"),
)


_PAGE = (b"<!doctype html", b"<html", b"<head")


def foreign(raw: bytes) -> str | None:
    """What the first bytes ``raw`` of a file show it to be, in words, if that is no map and no model."""
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            return name
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    if start.startswith(_PAGE):
        return "a web page; the download went wrong"
    if start.startswith((b"<?xml", b"<!")):
        return "XML"
    if start.startswith((b"{", b"[{")) and b"\0" not in raw[:16]:  # the first byte of a map of 123 columns is a brace
        return "JSON"
    return "a tar archive; unpack it first" if raw[257:262] == b"ustar" else None


def stranger(raw: bytes) -> str | None:
    """What the first bytes ``raw`` of a file show it to be, in words; None where it may be a map."""
    if name := foreign(raw):
        return name
    if raw and all(32 <= byte < 127 or byte in b"\t\r\n\f" for byte in raw[:256]):
        words = " ".join(raw[:60].decode("ascii").split())[:40]
        return f"a text file that begins with '{words}'"
    return None
