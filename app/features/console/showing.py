"""Putting into the window what Python made: fits, composites, bent models, maps and models, each a step that can be undone."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from difffit_app.desk import Desk
from difffit_app.state.changes.of_session import AddComposite, AddFit, AddMap, AddModel, AddRefinement, Change, MoveByHand, Together
from difffit_app.state.items import HandPose, MapStatistics, OpenFit, OpenMap, OpenModel, OpenRefinement
from difffit_app.state.numbering import reserve
from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.project.arrays import FitArrays
from difffit_core.project.inputs import Stamp


class Showing:
    """``prepare`` may take its time, and is for any thread; what it gives is for ``add``, in the thread of the window."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._history, self._messages = desk.session, desk.history, desk.messages

    def prepare(self, thing: Any, name: str = "") -> Any:
        """All that is computed of a map or a model before it is shown; else the thing itself.

        Raises
        ------
        UserError
            If it is nothing that can be shown.
        """
        import difffit_core as df

        if isinstance(thing, df.EditedMap):
            thing = thing.map
        if isinstance(thing, DensityMap):
            from difffit_app.geometry.overview import Overview
            from difffit_core.contour import suggest_level

            called = name or (thing.path.name if thing.path is not None else thing.name) or "map"
            statistics, suggestion = MapStatistics.of(thing.values), suggest_level(thing)
            return OpenMap("", called, thing, statistics, suggestion, Overview.of(thing), _stamp(thing.path))
        if isinstance(thing, AtomicModel):
            called = name or (thing.path.name if thing.path is not None else thing.name) or "model"
            from difffit_app.geometry.build import build_model_mesh

            return OpenModel("", called, thing, build_model_mesh(thing), _stamp(thing.path))
        if isinstance(thing, (df.Fit, df.Composite, df.Refined, df.Placed)):
            return thing
        raise UserError(f"a fit, placement, composite, bent model, map or model can be shown, got {type(thing).__name__}")

    def add(self, made: Any) -> None:
        """Show it.

        Raises
        ------
        UserError
            If the map or a model that it is of is not open.
        """
        import difffit_core as df

        if isinstance(made, OpenMap):
            self._history.do(AddMap(replace(made, id=self._session.new_id("map")), done=f"Show {made.name}"))
            self._tell_of_file(made)
        elif isinstance(made, OpenModel):
            self._history.do(AddModel(replace(made, id=self._session.new_id("model"))))
            self._tell_of_file(made)
        elif isinstance(made, df.Fit):
            self._add_fit(made)
        elif isinstance(made, df.Composite):
            self._add_composite(made)
        elif isinstance(made, df.Refined):
            self._add_refinement(made)
        else:
            self._show_placed(made)

    def _add_fit(self, fit: Any) -> None:
        from difffit_core.project.build import record_fit

        where = self._map_of(fit.request.density_map), self._model_of(fit.request.model)
        identifier = self._session.new_id("fit")
        record = record_fit(identifier, *where, fit.request, fit.result, command=fit.command(), evidence=fit.evidence)
        self._history.do(AddFit(OpenFit.of(record, FitArrays.of_result(fit.result)), "Show Fit from Python"))

    def _add_composite(self, composite: Any) -> None:
        from difffit_core.compose.record import record_composite

        request, session = composite.request, self._session
        where, names = self._map_of(request.density_map), [self._model_of(one.model) for one in request.wanted]
        identifier = session.new_id("composite")
        first = reserve(session, "fit", len(composite.result.fits))
        record, fits = record_composite(
            identifier, where, names, request, composite.result, command=composite.command(), evidence=composite.evidence, first_fit=first
        )
        record = record.model_copy(update={"name": f"Composite {identifier.rpartition('-')[2]}"})
        changes: list[Change] = [AddComposite(record), *(AddFit(OpenFit.of(*pair)) for pair in fits.values())]
        self._history.do(Together(tuple(changes), "Show Composite from Python"))

    def _add_refinement(self, refined: Any) -> None:
        from difffit_core.refine.record import arrays_of, record_refinement

        where = {"map": self._map_of(refined.request.density_map), "model": self._model_of(refined.request.model)}
        recipe = refined.recipe.changed(**where, chains=refined.request.model.chains)
        record = record_refinement(
            self._session.new_id("refinement"),
            recipe,
            refined.request,
            refined.result,
            command=refined.command(),
            evidence=refined.evidence,
        )
        self._history.do(AddRefinement(OpenRefinement(record, arrays_of(refined.result)), "Show Bent Model from Python"))

    def _show_placed(self, placed: Any) -> None:
        """The model where the placement has it, as if it was moved there by hand."""
        identifier = self._model_of(placed.model)
        middle = placed.model.fit_coordinates.mean(axis=0)
        hand = HandPose(identifier, placed.model.chains, middle, placed.pose)
        self._history.do(MoveByHand(self._session.hand, hand, "Show Placement from Python"))

    def _map_of(self, density: DensityMap) -> str:
        """Id of the open map that was computed with."""
        for identifier, item in self._session.maps.items():
            if item.density.values is density.values:
                return identifier
        for identifier, item in self._session.maps.items():
            if density.path is not None and item.density.path == density.path:
                return identifier
        raise UserError(f"{density.name} is not open in the window; show the map first, or compute with maps[…]")

    def _model_of(self, model: AtomicModel) -> str:
        for identifier, item in self._session.models.items():
            same = item.model is model or (model.path is not None and (item.model.path, item.model.models) == (model.path, model.models))
            if same and set(model.chains) <= set(item.model.chains):
                return identifier
        raise UserError(f"{model.name} is not open in the window; show the model first, or compute with models[…]")

    def _tell_of_file(self, item: OpenMap | OpenModel) -> None:
        if item.stamp is None:
            self._messages.show_notice(f"{item.name} was not read from a file: a project cannot keep it before it is saved as one.", "info")


def _stamp(path: Path | None) -> Stamp | None:
    return Stamp.of(path) if path is not None and os.path.isfile(path) else None
