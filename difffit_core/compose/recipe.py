"""A composite as it is asked for: every option of it, written once."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic.fields import FieldInfo

from difffit_core.compose.settings import ComposeSettings
from difffit_core.errors import UserError, shown
from difffit_core.fit.setting_words import SettingWords
from difffit_core.fit.settings import FitSettings
from difffit_core.number_words import is_digits, whole_number
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import MOST_COPIES, Device, HalfMapNames, Level, MapName, Models, Resolution, Seed, Threads, target_of
from difffit_core.recipes.words import REQUIRED, Flat, Parameter, Spelling, join_names, names_in
from difffit_core.settings import Settings, setting

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.compose.request import ComposeRequest
    from difffit_core.density_map import DensityMap


class WantedModel(Settings):
    """A model that is to be placed, by its name; ``copies`` None for as many as there are, no ``chains`` for all."""

    model: str
    copies: Annotated[int | None, Field(ge=1, le=MOST_COPIES)] = None
    chains: tuple[str, ...] = ()


def wanted_model(model: "AtomicModel", copies: int | None, name: str = "") -> WantedModel:
    """What asks for a model that was read, under a name, or that of its file.

    Raises
    ------
    UserError
        If the copies are fewer than one, or more than are placed.
    """
    if copies is not None and not 1 <= copies <= MOST_COPIES:
        raise UserError(f"{model.path or model.name}: copies must be a whole number from 1 to {MOST_COPIES}, got {shown(copies)}")
    return WantedModel(model=name or str(model.path or "MODEL"), copies=copies, chains=model.chains)


class _Wanted(Spelling):
    """``MODEL[:COPIES]``, and ``--chain N=A,B`` for the chains of the N-th model."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        chains = "Of the N-th model, counted from 1, only these chains; again for each model. All if not given."
        return (
            Parameter("wanted", "", list[str], REQUIRED, info.description or "", "MODEL[:COPIES]..."),
            Parameter("chains", "--chain", list[str], (), chains, "N=A,B"),
        )

    def arguments(self, name: str, info: FieldInfo, value: tuple[WantedModel, ...]) -> list[str]:
        return [f"{one.model}{_copies(one)}" for one in value]

    def words(self, name: str, info: FieldInfo, value: tuple[WantedModel, ...]) -> list[str]:
        numbered = [(number, one.chains) for number, one in enumerate(value, start=1) if one.chains]
        return [word for number, chains in numbered for word in ("--chain", f"{number}={join_names(chains)}")]

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> list[WantedModel]:
        chains: dict[int, tuple[str, ...]] = {}
        for text in given["chains"]:
            model, names = _numbered(text, len(given["wanted"]))
            if model in chains:
                raise UserError(f"chain must be given once for each model, as {model}=A,B, got model {model} twice")
            chains[model] = names
        parts = [_model_and_copies(text) for text in given["wanted"]]
        return [WantedModel(model=model, copies=copies, chains=chains.get(i, ())) for i, (model, copies) in enumerate(parts, start=1)]


def _copies(one: WantedModel) -> str:
    """What follows a model's name: a number, or a colon alone where the name itself would be taken for one with a number."""
    if one.copies is not None:
        return f":{one.copies}"
    _, colon, tail = one.model.rpartition(":")
    return ":" if colon and (not tail or is_digits(tail)) else ""


_DIGITS = len(str(MOST_COPIES))


def _model_and_copies(text: str) -> tuple[str, int | None]:
    """``MODEL`` or ``MODEL:COPIES``; a file whose own name ends so is taken whole."""
    path, colon, copies = text.rpartition(":")
    if not colon or (copies and not is_digits(copies)) or os.path.exists(text):
        return text, None
    if copies and (len(copies) > _DIGITS or int(copies) < 1):
        raise UserError(f"{path}: copies must be a whole number from 1 to {MOST_COPIES}, got {copies}")
    return path, int(copies) if copies else None


def _numbered(text: str, count: int) -> tuple[int, tuple[str, ...]]:
    number, equals, names = text.partition("=")
    if not equals or not 1 <= (whole_number(number) or 0) <= count:
        raise UserError(f"chain must be the number of a model, from 1 to {count}, = and names of its chains, got {text}")
    return int(number), names_in(names, "chain")


class ComposeRecipe(Recipe):
    """One composite: the same recipe of the same map and models on the same device gives the same result."""

    job: ClassVar[str] = "compose"

    map: MapName
    wanted: Annotated[
        tuple[WantedModel, ...],
        setting(
            "Models (.pdb, .ent, .cif, .mmcif; packed or not), each with at most how many copies; without a number, as many as there are."
        ),
        _Wanted(),
    ]
    resolution: Resolution
    level: Level = None
    half_maps: HalfMapNames = None
    models: Models = ""
    settings: Annotated[ComposeSettings, setting("Of the composite"), Flat(ComposeSettings)] = ComposeSettings()
    fit_settings: Annotated[FitSettings, setting("Of the fits that find its candidates"), SettingWords()] = FitSettings()
    seed: Seed = 0
    device: Device = "auto"
    threads: Threads = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.wanted:
            raise UserError("a composite needs at least one model, got none")
        return self

    def bind(self, density_map: "DensityMap", models: Sequence["AtomicModel"]) -> "ComposeRequest":
        """The request, of the map and of the model of each that is wanted, as they were read from their files.

        Raises
        ------
        UserError
            If a model has not the chains, or something is out of bounds for this map.
        ValueError
            If the level is still to be chosen, or half maps that it names are missing.
        """
        from difffit_core.compose.request import ComposeRequest, Wanted

        target = target_of(self, density_map)
        wanted = []
        for one, whole in zip(self.wanted, models, strict=True):
            model = whole.select_chains(one.chains) if one.chains else whole
            wanted.append(Wanted(model, 1 if self.settings.linked and one.copies is None else one.copies))
        return ComposeRequest(**{**self.values_for(ComposeRequest), "target": target, "wanted": tuple(wanted)})
