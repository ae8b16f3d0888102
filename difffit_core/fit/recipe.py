"""A fit as it is asked for: every option of it, written once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import field_validator, model_validator
from pydantic.fields import FieldInfo

from difffit_core.errors import UserError
from difffit_core.fit.place_words import pose_words, read_pose, read_sphere, sphere_words
from difffit_core.fit.setting_words import SettingWords
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.groups.asked import check_symmetry
from difffit_core.recipes.base import PoseValue, Recipe, identity
from difffit_core.recipes.fields import (
    Chains,
    Device,
    HalfMapNames,
    Level,
    MapName,
    ModelName,
    Models,
    Resolution,
    Seed,
    Threads,
    target_of,
)
from difffit_core.recipes.words import Parameter, Spelling
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.density_map import DensityMap
    from difffit_core.fit.request import FitRequest
    from difffit_core.pose import Pose


class _Start(Spelling):
    """``--start`` with a pose or a file of one, or ``--in-place``."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (
            Parameter("start_pose", "--start", str, "", info.description or "", "FILE|NUMBERS"),
            Parameter("in_place", "--in-place", bool, False, "Climb from where MODEL stands instead of searching."),
        )

    def words(self, name: str, info: FieldInfo, value: "Pose | None") -> list[str]:
        return [] if value is None else pose_words(value)

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> "Pose | None":
        if given["in_place"] and given["start_pose"]:
            raise UserError(f"a fit starts either in place or from a pose, got --in-place and --start {given['start_pose']}")
        if given["in_place"]:
            return identity()
        return read_pose(given["start_pose"]) if given["start_pose"] else None


class _Within(Spelling):
    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter("within", "--within", str, "", info.description or "", "X,Y,Z,RADIUS"),)

    def words(self, name: str, info: FieldInfo, value: Sphere | None) -> list[str]:
        return [] if value is None else sphere_words(value)

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Sphere | None:
        return read_sphere(given["within"]) if given["within"] else None


class FitRecipe(Recipe):
    """One fit: the same recipe of the same map and model on the same device gives the same placements, bit for bit."""

    job: ClassVar[str] = "fit"

    map: MapName
    model: ModelName
    resolution: Resolution
    level: Level = None
    half_maps: HalfMapNames = None
    chains: Chains = ()
    models: Models = ""
    settings: Annotated[FitSettings, setting("The hyper-parameters"), SettingWords()] = FitSettings()
    seed: Seed = 0
    device: Device = "auto"
    threads: Threads = None
    start: Annotated[
        PoseValue | None,
        setting(
            "Climb from this pose instead of searching: 12 numbers separated by commas, R row by row and then t of x' = R x + t in Å, "
            "or a file with them, or a placements.json, whose best one is taken."
        ),
        _Start(),
    ] = None
    region: Annotated[
        Sphere | None, setting("Search only inside a sphere: its centre and its radius in Å, in the map's frame.", "Å"), _Within()
    ] = None

    symmetry: Annotated[
        str,
        setting(
            "What tells copies of one answer: auto, that the map looks alike round them; map, the symmetry of the map itself, by which all "
            "copies of a significant placement are looked for, too; Cn, Dn, T, O or I, that one, if the map has it; none (C1), nothing."
        ),
    ] = "auto"

    @field_validator("symmetry")
    @classmethod
    def _is_a_symmetry(cls, text: str) -> str:
        return check_symmetry(text)

    @model_validator(mode="after")
    def _looks_in_one_place(self) -> Self:
        if self.start is not None and self.region is not None:
            raise UserError("a fit either starts from a pose or looks inside a sphere, got both")
        if self.symmetry not in ("auto", "none") and (self.start is not None or self.region is not None):
            raise UserError(f"symmetry must be auto or none where a fit does not look everywhere, got {self.symmetry}")
        return self

    def bind(self, density_map: "DensityMap", model: "AtomicModel") -> "FitRequest":
        """The request, of the map and the model that it names, as they were read from their files.

        Raises
        ------
        UserError
            If the model has not the chains, or something is out of bounds for this map.
        ValueError
            If the level is still to be chosen, or half maps that it names are missing.
        """
        from difffit_core.fit.request import FitRequest

        target = target_of(self, density_map)
        subject = model.select_chains(self.chains) if self.chains else model
        return FitRequest(**{**self.values_for(FitRequest), "target": target, "model": subject})
