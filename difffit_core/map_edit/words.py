"""The steps on the command line: an option each, done in the order in which they stand; some options go with the step before them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from difffit_core.errors import UserError
from difffit_core.fit.place_words import pose_numbers, read_pose, stays
from difffit_core.map_edit.around import Around
from difffit_core.map_edit.steps import Crop, LowPass, Mirror, Place, Resample, Sharpen, Step, Symmetrise, VoxelSize, Zone
from difffit_core.number_words import decimal_number, decimal_numbers
from difffit_core.recipes.words import ORDER, Parameter, Spelling, join_names, names_in, number_or_auto, spelled, text_of

_STEPS = {
    "low_pass": ("--low-pass", list[float], "Å", "Leave out detail finer than this."),
    "sharpen": (
        "--sharpen",
        list[str],
        "B|auto",
        "Lift fine detail by B in Å², negative to sharpen, positive to blur; auto by Guinier's plot.",
    ),
    "crop": ("--crop", list[str], "MODEL", "Cut the box down to that of a model where its file has it."),
    "crop_level": ("--crop-level", list[str], "LEVEL|auto", "Cut the box down to what is at or above a contour level."),
    "crop_box": ("--crop-box", list[str], "X,Y,Z,X,Y,Z", "Cut the box down, from its lowest corner to its highest, in Å."),
    "zone": ("--zone", list[str], "MODEL", "Keep only the density near a model."),
    "erase": ("--erase", list[str], "MODEL", "Take away the density near a model."),
    "resample": ("--resample", list[float], "Å", "The same density on voxels of this size."),
    "voxel_size": ("--voxel-size", list[float], "Å", "Say that the voxels are of this size; the middle of the box stays."),
    "voxel_scale": ("--voxel-scale", list[float], "FACTOR", "Multiply the voxel size by this; the middle of the box stays."),
    "place": ("--place", list[str], "FILE|NUMBERS", "Move the density: 12 numbers, R row by row and then t, or a file of them."),
    "symmetrise": ("--symmetrise", list[str], "GROUP", "Average over a symmetry: C2 to C60, D2 to D60, T, O or I; C1 with --screw."),
    "mirror": ("--mirror", bool, None, "The other hand: x reversed, in the same box."),
}
_MODIFIERS = {
    "within": ("--within", list[float], "Å", "Of the zone before it: so far from atoms (5 if not given)."),
    "soft_edge": ("--soft-edge", list[float], "Å", "Of the zone before it: over so much more the density falls to nothing."),
    "margin": ("--margin", list[float], "Å", "Of the crop before it: so much more on every side."),
    "also": ("--and", list[str], "MODEL", "One more model for the crop or zone before it."),
    "residues": ("--residues", list[str], "A:1-50+B", "Of the model before it, these residues alone."),
    "chain": ("--chain", list[str], "A,B", "Of the model before it, these chains alone."),
    "model": ("--model", list[str], "N|all", "Of the file of the model before it, which of several models."),
    "pose": (
        "--pose",
        list[str],
        "FILE|NUMBERS",
        "Where the model before it stands: 12 numbers, R row by row and then t, or a file of them.",
    ),
}
_MODIFIERS |= {
    "grid": ("--grid", list[str], "NUMBERS|MAP", "Of the --place before it: onto the grid of this map (the map's own if not given)."),
    "frame": ("--frame", list[str], "FILE|NUMBERS", "Of the --symmetrise before it: where the symmetry's axes stand, as 12 numbers."),
    "screw": ("--screw", list[str], "RISE,TWIST", "Of the --symmetrise before it: a helix along its main axis, in Å and degrees."),
}
_OPTIONS = {**_STEPS, **_MODIFIERS}


class InOrder(Spelling):
    """An option for each step; `recipes.words.ORDER` tells in which order they were given."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return tuple(
            Parameter(one, flag, kind, False if kind is bool else (), text, sign) for one, (flag, kind, sign, text) in _OPTIONS.items()
        )

    def words(self, name: str, info: FieldInfo, value: Sequence[Step]) -> list[str]:
        return [word for step in value for word in _words(step)]

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> tuple[Step, ...]:
        waiting = {one: iter(given[one]) for one, (_, kind, _, _) in _OPTIONS.items() if kind is not bool}
        asked: list[_Asked] = []
        for one in given.get(ORDER, ()):
            if one not in _OPTIONS:
                continue
            word = next(waiting[one]) if one in waiting else None
            if one in _STEPS:
                asked.append(_Asked(one, word))
            elif not asked:
                raise UserError(f"{_OPTIONS[one][0]} goes with the step before it, got none before it")
            else:
                asked[-1].modify(one, word)
        return tuple(one.step() for one in asked)


_READ: dict[str, Callable[[str], Any]] = {
    "chain": lambda word: names_in(word, "chain"),
    "residues": lambda word: names_in(word, "residues"),
    "model": str,
    "pose": lambda word: read_pose(word, "pose"),
}


class _Asked:
    """A step while its words are read."""

    def __init__(self, kind: str, word: Any) -> None:
        self._kind, self._word = kind, word
        self._around: list[dict[str, Any]] = [{"model": word}] if kind in ("crop", "zone", "erase") else []
        self._more: dict[str, float] = {}
        self._moves: dict[str, Any] = {}

    def modify(self, name: str, word: Any) -> None:
        flag, own = _OPTIONS[name][0], _STEPS[self._kind][0]
        if name in ("within", "soft_edge") and self._kind not in ("zone", "erase"):
            raise UserError(f"{flag} goes with the --zone or --erase before it, got it after {own}")
        if name == "margin" and not self._kind.startswith("crop"):
            raise UserError(f"--margin goes with the crop before it, got it after {own}")
        if name in ("also", "chain", "residues", "model", "pose") and not self._around:
            raise UserError(f"{flag} goes with the model of the --crop, --zone or --erase before it, got it after {own}")
        if (name == "grid") > (self._kind == "place") or (name in ("frame", "screw")) > (self._kind == "symmetrise"):
            raise UserError(f"{flag} goes with the {'--place' if name == 'grid' else '--symmetrise'} before it, got it after {own}")
        if name == "also":
            self._around.append({"model": word})
        elif name in ("chain", "residues", "model", "pose"):
            key = {"chain": "chains", "model": "models"}.get(name, name)
            if key in self._around[-1]:
                raise UserError(f"{flag} must be given once for each model, got it twice after {self._around[-1]['model']}")
            self._around[-1][key] = _READ[name](word)
        elif name in _MOVES:
            if name in self._moves:
                raise UserError(f"{flag} must be given once for each step, got it twice after {own}")
            self._moves[name] = _MOVES[name](word)
        elif name in self._more:
            raise UserError(f"{flag} must be given once for each step, got it twice after {own}")
        else:
            self._more[name] = word

    def step(self) -> Step:
        around = tuple(Around.checked(one) for one in self._around)
        kind, word = self._kind, self._word
        if kind in ("zone", "erase"):
            return Zone.checked({"around": around, "outside": kind == "erase", **self._more})
        if kind == "crop":
            return Crop.checked({"around": around, **self._more})
        if kind == "crop_level":
            return Crop.checked({"to_level": True, "level": number_or_auto("crop-level", word), **self._more})
        if kind == "crop_box":
            return Crop.checked({"box": _corners(word), **self._more})
        if kind == "sharpen":
            return Sharpen.checked({"b_factor": _b_factor(word)})
        if kind == "mirror":
            return Mirror()
        if kind == "place":
            return Place.checked({"pose": read_pose(word, "place"), **self._moves})
        if kind == "symmetrise":
            rise, twist = self._moves.pop("screw", (0.0, 0.0))
            return Symmetrise.checked({"group": word.strip().upper(), "rise": rise, "twist": twist, **self._moves})
        simple: dict[str, tuple[type[Step], str]] = {
            "low_pass": (LowPass, "finest"), "resample": (Resample, "voxel_size"), "voxel_size": (VoxelSize, "size"),
            "voxel_scale": (VoxelSize, "scale"),
        }  # fmt: skip
        made, name = simple[kind]
        return made.checked({name: word})


def _b_factor(word: str) -> float | None:
    number = None if word == "auto" else decimal_number(word)
    if number is None and word != "auto":
        raise UserError(f"sharpen must be a B factor in Å² or auto, got {word}")
    return number


def _grid(word: str) -> tuple[float, ...]:
    """Nine numbers, or those of a map."""
    try:
        return decimal_numbers(word)
    except ValueError:
        from difffit_core.io.maps import read_map
        from difffit_core.map_edit.steps.moves import grid_of

        return grid_of(read_map(Path(word)))


def _screw(word: str) -> tuple[float, float]:
    try:
        rise, twist = decimal_numbers(word)
    except ValueError:
        raise UserError(
            f"screw must be two numbers with a comma between them, the rise in Å and the twist in degrees, got {word}"
        ) from None
    return rise, twist


_MOVES: dict[str, Callable[[str], Any]] = {"grid": _grid, "frame": lambda word: read_pose(word, "frame"), "screw": _screw}


def _corners(word: str) -> tuple[float, ...]:
    try:
        numbers = decimal_numbers(word)
    except ValueError:
        numbers = ()
    if len(numbers) != 6:
        raise UserError(
            f"crop-box must be six numbers with commas between them, X,Y,Z of the lowest corner and of the highest in Å, got {word}"
        )
    return numbers


def _words(step: Step) -> Iterator[str]:
    if isinstance(step, LowPass):
        yield from spelled("--low-pass", text_of(step.finest))
    elif isinstance(step, Sharpen):
        yield from spelled("--sharpen", "auto" if step.b_factor is None else text_of(step.b_factor))
    elif isinstance(step, Mirror):
        yield "--mirror"
    elif isinstance(step, Resample):
        yield from spelled("--resample", text_of(step.voxel_size))
    elif isinstance(step, VoxelSize):
        yield from spelled(*(("--voxel-size", text_of(step.size)) if step.size is not None else ("--voxel-scale", text_of(step.scale))))
    elif isinstance(step, Place):
        yield f"--place={pose_numbers(step.pose)}"
        yield from () if step.grid is None else spelled("--grid", ",".join(map(repr, step.grid)))
    elif isinstance(step, Symmetrise):
        yield from spelled("--symmetrise", step.group)
        yield from () if stays(step.frame) else [f"--frame={pose_numbers(step.frame)}"]
        yield from () if not step.rise and not step.twist else [f"--screw={step.rise!r},{step.twist!r}"]
    elif isinstance(step, Crop):
        if step.to_level:
            yield from spelled("--crop-level", "auto" if step.level is None else text_of(step.level))
        elif step.box is not None:
            yield from spelled("--crop-box", ",".join(map(text_of, step.box)))
        else:
            yield from _around_words("--crop", step.around)
        yield from () if not step.margin else spelled("--margin", text_of(step.margin))
    elif isinstance(step, Zone):
        yield from _around_words("--erase" if step.outside else "--zone", step.around)
        yield from spelled("--within", text_of(step.within))
        yield from () if not step.soft_edge else spelled("--soft-edge", text_of(step.soft_edge))


def _around_words(flag: str, around: Sequence[Around]) -> Iterator[str]:
    for one in around:
        yield from spelled(flag, one.model)
        flag = "--and"
        yield from () if not one.chains else spelled("--chain", join_names(one.chains))
        yield from () if not one.residues else spelled("--residues", join_names(one.residues))
        yield from () if not one.models else spelled("--model", one.models)
        yield from () if one.pose is None else [f"--pose={pose_numbers(one.pose)}"]
