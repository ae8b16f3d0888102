"""A refinement as it is asked for: every option of it, written once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import field_validator
from pydantic.fields import FieldInfo

from difffit_core.fit.place_words import pose_numbers, read_pose
from difffit_core.recipes.base import PoseValue, Recipe
from difffit_core.recipes.fields import Chains, HalfMapNames, Level, MapName, ModelName, Models, Resolution, Seed, Threads, target_of
from difffit_core.recipes.words import Flat, Parameter, Several, Spelling
from difffit_core.refine.settings import RefineSettings
from difffit_core.residue_names import parse_group
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.density_map import DensityMap
    from difffit_core.pae.matrix import AlignedErrors
    from difffit_core.pose import Pose
    from difffit_core.refine.request import RefineRequest


class _Pose(Spelling):
    """``--pose`` with 12 numbers or a file of them."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, "--pose", str, "", info.description or "", "FILE|NUMBERS"),)

    def words(self, name: str, info: FieldInfo, value: "Pose | None") -> list[str]:
        return [] if value is None else [f"--pose={pose_numbers(value)}"]

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> "Pose | None":
        return read_pose(given[name], "pose") if given[name] else None


class RefineRecipe(Recipe):
    """One model bent into one map: the same recipe of the same map and model gives the same result."""

    job: ClassVar[str] = "refine"

    map: MapName
    model: ModelName
    resolution: Resolution
    level: Level = None
    half_maps: HalfMapNames = None
    chains: Chains = ()
    models: Models = ""
    pose: Annotated[
        PoseValue | None,
        setting(
            "Where MODEL stands, if not where its file has it: 12 numbers separated by commas, R row by row and then t of x' = R x + t in "
            "Å, or a file with them, or a placements.json, whose best one is taken."
        ),
        _Pose(),
    ] = None
    settings: Annotated[RefineSettings, setting("How it is bent"), Flat(RefineSettings)] = RefineSettings()
    hold: Annotated[
        tuple[str, ...],
        setting("Residues that stay where they are placed, separated by commas: A (a chain), A:118-160, A:118."),
        Several("--hold", "A:1-50,B"),
    ] = ()
    rigid: Annotated[
        tuple[str, ...],
        setting("Groups of residues that keep their places to one another, separated by commas, as in A:1-50+A:80-120,B."),
        Several("--rigid", "A:1-50+B:3-9"),
    ] = ()
    apart: Annotated[
        tuple[str, ...],
        setting(
            "Groups of residues that were placed one by one, as the copies in a composite, separated by commas, as in A+B,C+D: nothing "
            "holds one to another, and they keep apart."
        ),
        Several("--apart", "A+B,C+D"),
    ] = ()
    pae: Annotated[
        str,
        setting("Predicted aligned errors of MODEL, by which pieces are cut; a file that lies beside MODEL is found; none for none."),
        Spelling("--pae", "FILE|none"),
    ] = ""
    b_factors: Annotated[
        Literal["kept", "correlation"],
        setting("B factors of what is written: as MODEL has them (kept), or 100 times the local correlation of each residue."),
    ] = "kept"
    seed: Seed = 0
    threads: Threads = None

    @field_validator("hold", "rigid", "apart")
    @classmethod
    def _names_residues(cls, texts: Sequence[str]) -> Sequence[str]:
        for text in texts:
            parse_group(text)
        return texts

    def bind(self, density_map: "DensityMap", model: "AtomicModel", pae: "AlignedErrors | None" = None) -> "RefineRequest":
        """The request, of the map and the model that it names, and of predicted errors where there are some, as they were read.

        Raises
        ------
        UserError
            If the model has not the chains or residues, or something is out of bounds for this map.
        ValueError
            If the level is still to be chosen, or half maps that it names are missing.
        """
        from difffit_core.refine.request import RefineRequest
        from difffit_core.refine.selection import groups, held

        target = target_of(self, density_map)
        subject = model.select_chains(self.chains) if self.chains else model
        arrays = {
            "target": target, "model": subject, "held": held(subject, self.hold), "groups": groups(subject, self.rigid),
            "bodies": groups(subject, self.apart),
        }  # fmt: skip
        return RefineRequest(**{**self.values_for(RefineRequest), **arrays, "pae": pae})
