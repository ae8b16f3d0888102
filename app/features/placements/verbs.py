"""Choosing, filtering, writing and removing placements, as commands."""

import re
from collections.abc import Callable
from pathlib import Path

from difffit_app.commands.looks import ChoosePlacement
from difffit_app.commands.subjects import fit_of
from difffit_app.commands.things import Filter, Metric, RemoveFitOf, Rows
from difffit_app.commands.verb import Verb
from difffit_app.commands.words import meant
from difffit_app.desk import Desk
from difffit_app.features.placements.controller import PlacementsController
from difffit_app.features.placements.panel import PlacementsTable
from difffit_app.state.filters import FILTERED, Condition, PlacementFilter
from difffit_app.state.metrics import METRICS
from difffit_core.errors import UserError
from difffit_core.io.models import MMCIF_SUFFIXES, PDB_SUFFIXES
from difffit_core.number_bounds import LARGEST_FLOAT
from difffit_core.number_words import decimal_number, whole_number

_CONDITION = re.compile(r"\s*(\w+)\s*(>=|<=)\s*(\S+)\s*")


def add(desk: Desk, controller: PlacementsController, table: PlacementsTable) -> None:
    session, view_state = desk.session, desk.view_state

    def choose(recipe: ChoosePlacement) -> None:
        fit = session.fits[fit_of(recipe.fit, session)]
        rank = whole_number(recipe.rank)
        if rank is None or fit.index_of_rank(rank) is None:
            raise UserError(f"{fit.id} has placements from 1 to {len(fit.placements)}, got {recipe.rank}")
        if session.fit is None or session.fit.id != fit.id:
            session.select_fit(fit.id)
        controller.select(rank)

    def choose_rows(recipe: Rows) -> None:
        shown = table.shown_ranks()
        ranks: list[int] = []
        for text in recipe.ranks:
            rank = whole_number(text)
            if rank is None or rank not in shown:
                there = f"{len(shown)} placements, none of that rank" if shown else "no placement"
                raise UserError(f"the table shows {there}, got {text}")
            ranks.append(rank)
        table.choose_rows(ranks)

    def filtered(recipe: Filter) -> None:
        show_filter(desk, PlacementFilter(recipe.significant, tuple(map(_condition, recipe.conditions))))

    def tell(recipe: Metric) -> None:
        if recipe.name not in METRICS:
            raise UserError(f"metric must be one of {', '.join(METRICS)}, got {recipe.name}{meant(recipe.name, list(METRICS))}")
        view_state.set_metric(recipe.name)

    def of_map(write: Callable[[Path], object]) -> Callable[[Path, str | None], None]:
        def run(path: Path, what: str | None) -> None:
            if what is not None:
                raise UserError("a placed model or a table is of the placement that is shown: placement 3 shows another")
            write(path)

        return run

    desk.commands.add(
        Verb("placement", ChoosePlacement, choose, "Show a placement: placement 3, placement 1 fit 2"),
        Verb("rows", Rows, choose_rows, "Select placements together, for compare, accept and the gallery: rows 1 3"),
        Verb("remove-fit", RemoveFitOf, lambda recipe: controller.remove_fit(fit_of(recipe.fit, session)), "Remove a fit"),
        Verb("filter", Filter, filtered, "Show only some placements: filter where local_correlation>=0.7", complete=lambda _: FILTERED),
        Verb("metric", Metric, tell, "Have the colour of the spheres tell a metric: metric z_score", complete=lambda _: METRICS),
    )
    desk.commands.writers |= dict.fromkeys((*MMCIF_SUFFIXES, *PDB_SUFFIXES), of_map(controller.save_model))
    desk.commands.writers[".csv"] = of_map(controller.export_table)


def show_filter(desk: Desk, chosen: PlacementFilter) -> None:
    """Leave out some placements, and echo it."""
    conditions = tuple(f"{one.metric}{'>=' if one.at_least else '<='}{one.value!r}" for one in chosen.conditions)
    with desk.commands.doing("filter", {"conditions": conditions, "significant": chosen.significant_only}):
        desk.view_state.set_filter(chosen)


def _condition(text: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    value = decimal_number(match[3]) if match is not None else None
    if match is None or value is None or not abs(value) <= LARGEST_FLOAT:
        raise UserError(f"a condition must be METRIC>=VALUE or METRIC<=VALUE, of a finite number, got {text}")
    if match[1] not in FILTERED:
        raise UserError(f"metric must be one of {', '.join(FILTERED)}, got {match[1]}{meant(match[1], list(FILTERED))}")
    return Condition(match[1], match[2] == ">=", value)
