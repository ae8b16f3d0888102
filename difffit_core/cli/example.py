"""`difffit example`: the files of the tutorials."""

from functools import partial
from importlib.resources import files
from pathlib import Path

from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE, out_folder

DEFAULT = "difffit-example"
_FILES = ("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz", "1bd2.pdb.gz", "README.md")


def example(out: Path = out_folder(DEFAULT), overwrite: bool = OVERWRITE) -> None:
    """Write the example that comes with the program into a folder: a map, a model moved away from it, and the model where it belongs.

    The tutorials of the guide begin with it.
    """
    from difffit_core.output import claim_folder

    place = claim_folder(out, DEFAULT, command="example", names="|".join(name.replace(".", r"\.") for name in _FILES), overwrite=overwrite)
    shipped = files("difffit_resources").joinpath("example")
    written = place.write({name: partial(_write, content=shipped.joinpath(name).read_bytes()) for name in _FILES})
    say(f"written to {written[-1].parent}: {', '.join(path.name for path in written)}")


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
