"""An assembly as it is asked for: every option of it, written once."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import field_validator

from difffit_core.assemble.stoichiometry import parse_stoichiometry
from difffit_core.fit.setting_words import SettingWords
from difffit_core.fit.settings import FitSettings
from difffit_core.groups.asked import check_symmetry
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import Device, HalfMapNames, Level, MapName, Resolution, Seed, target_of
from difffit_core.recipes.words import Flat, Positional, Spelling
from difffit_core.screen.filters import PROMISING, Filters
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.assemble.priors import Priors
    from difffit_core.assemble.request import AssembleRequest
    from difffit_core.density_map import DensityMap


class AssembleRecipe(Recipe):
    """One assembly: the same recipe of the same map and folder on the same device gives the same result."""

    job: ClassVar[str] = "assemble"

    map: MapName
    library: Annotated[str, setting("A folder of models, strangers among them, or a text file with a path a line."), Positional("FOLDER")]
    resolution: Resolution
    level: Level = None
    half_maps: HalfMapNames = None
    stoichiometry: Annotated[
        str,
        setting(
            "Copies of models that are known: letters for whichever models have so many (A2B2), or names of files of the folder "
            "(heavy:2,light:2; with ,* behind them others may belong, too); auto if nothing is known."
        ),
    ] = "auto"
    symmetry: Annotated[
        str,
        setting(
            "auto looks for a point group or a helix among the copies; map finds that of the map itself first, and where it has one, "
            "completes it from any copy; none (C1) does neither; Cn, Dn, T, O or I looks for that one and imposes it."
        ),
    ] = "auto"
    fixed: Annotated[str, setting("A file of chains that stand already, which stay where they are."), Spelling("--fixed", "FILE")] = ""
    cross_links: Annotated[
        str,
        setting(
            "A table of residues that lie near each other: columns model1, residue1, model2, residue2 and, if it is not 30 Å, length; "
            "evidence for places, and told whether satisfied."
        ),
        Spelling("--cross-links", "TABLE"),
    ] = ""
    searches: Annotated[
        int, setting("Most searches of what is left of the map for models that did not stand out in all of it.", ge=0, le=20)
    ] = 3
    like_others: Annotated[
        float,
        setting(
            "Share of the best-supported model's correlation below which a model that clearly fits worse is one of its kin, not placed "
            "but named; 0 places it.",
            ge=0,
            le=1,
        ),
    ] = 0.65
    bend: Annotated[
        bool,
        setting(
            "Bend what is placed, too, all of it together; predictions are placed by the largest of their domains then, or, where whole "
            "they do not stand out, domain by domain."
        ),
    ] = False
    alike: Annotated[bool, setting("Bend copies of one chain alike, where they are bent.")] = False
    filters: Annotated[Filters, setting("Which models take part"), Flat(Filters)] = Filters()
    settings: Annotated[FitSettings, setting("Of the full search"), SettingWords("of the full search")] = FitSettings()
    promising: Annotated[float, setting("Search in full what has a p-value below this after the first pass; 1 for all.", ge=0, le=1)] = (
        PROMISING
    )
    seed: Seed = 0
    device: Device = "auto"

    @field_validator("symmetry")
    @classmethod
    def _is_a_symmetry(cls, text: str) -> str:
        return check_symmetry(text)

    @field_validator("stoichiometry")
    @classmethod
    def _is_a_stoichiometry(cls, text: str) -> str:
        return str(parse_stoichiometry(text))

    def bind(self, density_map: "DensityMap", priors: "Priors | None" = None) -> "AssembleRequest":
        """The request, of the map as it was read from its file, and of what `priors.read_priors` read of the files that are named.

        Raises
        ------
        UserError
            If something is out of bounds for this map.
        ValueError
            If the level is still to be chosen, or half maps, fixed chains or cross-links that it names are missing.
        """
        from difffit_core.assemble.priors import Priors
        from difffit_core.assemble.request import AssembleRequest

        target = target_of(self, density_map)
        known = priors or Priors()
        if bool(self.fixed) != (known.fixed is not None) or bool(self.cross_links) != bool(known.links):
            raise ValueError("fixed chains and cross-links that a recipe names must be read before it is bound")
        given = {
            "target": target,
            "fixed": known.fixed,
            "links": known.links,
            "stoichiometry": parse_stoichiometry(self.stoichiometry),
        }
        return AssembleRequest(**{**self.values_for(AssembleRequest), **given})
