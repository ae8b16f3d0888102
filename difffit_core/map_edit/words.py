"""The steps on the command line: an option each, done in the order in which they stand; some options go with the step before them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic.fields import FieldInfo

from difffit_core.errors import UserError
from difffit_core.fit.place_words import pose_numbers, read_pose
from difffit_core.map_edit.around import Around
from difffit_core.map_edit.steps import Crop, LowPass, Mirror, Resample, Sharpen, Step, VoxelSize, Zone
from difffit_core.recipes.words import ORDER, Parameter, Spelling, join_names, number_or_auto, spelled, split_names, text_of

if TYPE_CHECKING:
    from difffit_core.pose import Pose

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
    "chain": split_names,
    "residues": split_names,
    "model": str,
    "pose": lambda word: read_pose(word, "pose"),
}


class _Asked:
    """A step while its words are read."""

    def __init__(self, kind: str, word: Any) -> None:
        self._kind, self._word = kind, word
        self._around: list[dict[str, Any]] = [{"model": word}] if kind in ("crop", "zone", "erase") else []
        self._more: dict[str, float] = {}

    def modify(self, name: str, word: Any) -> None:
        flag, own = _OPTIONS[name][0], _STEPS[self._kind][0]
        if name in ("within", "soft_edge") and self._kind not in ("zone", "erase"):
            raise UserError(f"{flag} goes with the --zone or --erase before it, got it after {own}")
        if name == "margin" and not self._kind.startswith("crop"):
            raise UserError(f"--margin goes with the crop before it, got it after {own}")
        if name in ("also", "chain", "residues", "model", "pose") and not self._around:
            raise UserError(f"{flag} goes with the model of the --crop, --zone or --erase before it, got it after {own}")
        if name == "also":
            self._around.append({"model": word})
        elif name in ("chain", "residues", "model", "pose"):
            key = {"chain": "chains", "model": "models"}.get(name, name)
            if key in self._around[-1]:
                raise UserError(f"{flag} must be given once for each model, got it twice after {self._around[-1]['model']}")
            self._around[-1][key] = _READ[name](word)
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
        simple: dict[str, tuple[type[Step], str]] = {
            "low_pass": (LowPass, "finest"), "resample": (Resample, "voxel_size"), "voxel_size": (VoxelSize, "size"),
            "voxel_scale": (VoxelSize, "scale"),
        }  # fmt: skip
        made, name = simple[kind]
        return made.checked({name: word})


def _b_factor(word: str) -> float | None:
    try:
        return None if word == "auto" else float(word)
    except ValueError:
        raise UserError(f"sharpen must be a B factor in Å² or auto, got {word}") from None


def _corners(word: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in word.split(","))
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
        pose: Pose | None = one.pose
        yield from () if pose is None else [f"--pose={pose_numbers(pose)}"]
