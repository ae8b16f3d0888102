"""Pictures in files."""

from pathlib import Path

from PIL import Image

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write


def check_picture_path(path: Path) -> None:
    """Refuse, before any work is done, a place where no picture can be written.

    Raises
    ------
    UserError
    """
    if path.suffix.lower() != ".png":
        raise UserError(f"{path}: the name of a picture must end in .png, got '{path.name}'")
    if not path.parent.is_dir():
        raise UserError(f"{path}: cannot be written because the folder {path.parent} does not exist")


def write_picture(path: Path, picture: Image.Image, dots_per_inch: float | None = None) -> None:
    """Write a PNG file that appears whole or not at all.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    check_picture_path(path)
    with atomic_write(path) as temporary:
        picture.save(temporary, format="PNG", **({"dpi": (dots_per_inch, dots_per_inch)} if dots_per_inch else {}))
