"""Make the pictures of the guide's tour of seven journeys anew: ``python packaging/bootstrap.py pictures [JOURNEY …]``.

The tests of `tests/journeys` are walked on a screen of 1280 × 800, and those of their pictures that tell most are kept, made small.
They need Xvfb, and use no other display.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT, SCRIPTS, SetupError, say
from PIL import Image

PICTURES = ROOT / "resources" / "help" / "pictures"
CHOSEN = {
    "one_fit": ("fitted", "judged"),
    "rounds": ("zeroing out", "branched"),
    "groel": ("composed",),
    "screen": ("ranked",),
    "prediction": ("breaks", "together"),
    "cleaning": ("fitted",),
    "another_project": ("the first again",),
}
"""The journeys, and the titles under which they photograph what the guide shows."""

LARGEST = 150_000
"""Bytes of a picture."""
_COLOURS = (256, 192, 128, 96, 64)


def picture_of(journey: str, title: str) -> str:
    """The name of a picture in the guide."""
    return f"journey_{journey}_{title.replace(' ', '_')}.png"


def walk(journey: str, album: Path) -> None:
    """Walk a journey, and keep all of its pictures in a folder; `SetupError` where it does not come to its end."""
    words = [
        str(SCRIPTS / "python"), "-m", "pytest", "-q", "-n", "0", "-m", "", "-o", "xvfb_colordepth=24", f"tests/journeys/test_{journey}.py",
    ]  # fmt: skip
    if subprocess.run(words, cwd=ROOT, env={**os.environ, "DIFFFIT_ALBUM": str(album)}, check=False).returncode != 0:
        raise SetupError(f"the journey {journey} did not come to its end; its pictures are as they were")


def shrink(picture: Path, out: Path) -> None:
    """Write a picture with as many colours as leave it small enough."""
    with Image.open(picture) as image:
        whole = image.convert("RGB")
    for colours in _COLOURS:
        whole.quantize(colours, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(out, optimize=True)
        if out.stat().st_size <= LARGEST:
            return
    raise SetupError(f"{out.name} has {out.stat().st_size} bytes even with {_COLOURS[-1]} colours; at most {LARGEST} are allowed")


def main(arguments: list[str]) -> int:
    """Those that are named, or all; a journey whose files are not here leaves its pictures as they were."""
    unknown = [name for name in arguments if name not in CHOSEN]
    if unknown:
        raise SetupError(f"there is no journey {', '.join(unknown)}; there are {', '.join(CHOSEN)}")
    total = 0
    for journey in arguments or CHOSEN:
        with tempfile.TemporaryDirectory() as folder:
            walk(journey, Path(folder))
            for title in CHOSEN[journey]:
                name = picture_of(journey, title)
                found = sorted(Path(folder).glob(f"{journey}_*_{title.replace(' ', '_')}.png"))
                if not found:
                    say(f"{name} is as it was: the files of its journey are not here.")
                    continue
                shrink(found[0], PICTURES / name)
                total += (PICTURES / name).stat().st_size
                say(f"{name}: {(PICTURES / name).stat().st_size / 1e3:.0f} kB")
    say(f"{total / 1e6:.2f} MB of pictures")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"pictures: {error}")
