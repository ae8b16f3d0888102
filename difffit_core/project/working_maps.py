"""Working maps as a project keeps them: by their recipes, from which they are made again whenever it is opened."""

from typing import Self

from pydantic import Field, model_validator

from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.project.base import HalfMapsRecord, Identifier, Record
from difffit_core.project.embedded import check_named


class WorkingMapRecord(Record):
    """A map that was made of an input in steps. Like an input it has an id, by which fits and composites name it."""

    id: Identifier
    name: str
    recipe: MapRecipe = Field(description="what is done to which map: that and the models of its steps by their ids")
    said: tuple[str, ...] = Field(default=(), description="what is to be known of it, one sentence each")
    half_maps: HalfMapsRecord | None = Field(None, description="where fits in it go by them; not said by earlier versions")

    @model_validator(mode="after")
    def _names_inputs(self) -> Self:
        check_named(self.recipe, self.recipe.map, *(model for model, _ in self.recipe.models()))
        return self

    @property
    def inputs(self) -> tuple[str, ...]:
        """Ids of the map and of every model that it is made from."""
        return tuple(dict.fromkeys((self.recipe.map, *(model for model, _ in self.recipe.models()))))
