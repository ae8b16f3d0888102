"""Movies in files: MP4 where there is ffmpeg, GIF, or a folder of pictures."""

import importlib
import shutil
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from PIL import Image

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write

SUFFIXES = (".mp4", ".gif", "")
_NO_FFMPEG = (
    "an MP4 needs ffmpeg, which is not on this computer: install it, or imageio-ffmpeg beside this program with pip; "
    "or choose a name that ends in .gif, or a name without an ending for a folder of pictures"
)


def ffmpeg() -> str | None:
    """The program that makes MP4s: of the system, or of imageio-ffmpeg; None where there is none."""
    found = shutil.which("ffmpeg")
    if found is None:
        try:
            found = str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
        except (ImportError, RuntimeError):
            found = None
    return found


def check_movie_path(path: Path) -> None:
    """Refuse, before any work is done, a place where no movie can be written.

    Raises
    ------
    UserError
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path}: the name of a movie must end in .mp4 or .gif, or in nothing for a folder of pictures, got '{path.name}'")
    if not path.parent.is_dir():
        raise UserError(f"{path}: cannot be written because the folder {path.parent} does not exist")
    if not path.suffix and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UserError(f"{path}: a folder of pictures must be new or empty")
    if path.suffix.lower() == ".mp4" and ffmpeg() is None:
        raise UserError(f"{path}: {_NO_FFMPEG}")


def write_movie(path: Path, frames: Iterator[Image.Image], frames_a_second: int) -> None:
    """Write frames of one size, RGB; files appear whole or not at all.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    check_movie_path(path)
    if not path.suffix:
        path.mkdir(exist_ok=True)
        for number, frame in enumerate(frames, 1):
            frame.save(path / f"frame_{number:04d}.png")
        return
    with atomic_write(path) as temporary:
        if path.suffix.lower() == ".gif":
            first = next(frames).quantize(method=Image.Quantize.FASTOCTREE)
            rest = (frame.quantize(method=Image.Quantize.FASTOCTREE) for frame in frames)
            first.save(temporary, format="GIF", save_all=True, append_images=rest, duration=round(1000 / frames_a_second), loop=0)
        else:
            _encode(Path(temporary), frames, frames_a_second)


def _encode(path: Path, frames: Iterator[Image.Image], frames_a_second: int) -> None:
    program, first = ffmpeg(), next(frames)
    if program is None:
        raise UserError(f"{path}: {_NO_FFMPEG}")
    width, height = (side - side % 2 for side in first.size)  # what players ask for
    command = [program, "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
    command += ["-r", str(frames_a_second), "-i", "-", "-an", "-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p"]
    command += ["-movflags", "+faststart", "-f", "mp4", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            for frame in chain((first,), frames):
                process.stdin.write(frame.crop((0, 0, width, height)).tobytes())
            process.stdin.close()
        except BrokenPipeError:
            pass  # its words say why
        except BaseException:
            process.kill()
            raise
        words = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            raise UserError(f"{path.name}: ffmpeg made no movie: {words.splitlines()[-1] if words else 'it did not say why'}")
