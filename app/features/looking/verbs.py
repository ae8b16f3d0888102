"""Looking at things and hiding the others, as commands."""

from collections.abc import Callable

from difffit_app.commands.looks import Only, View
from difffit_app.commands.subjects import fit_of
from difffit_app.commands.things import BringTo
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.looking.apart import ApartController
from difffit_app.features.looking.controller import LookingController
from difffit_app.features.looking.views import LookingView
from difffit_app.state.parts import called, part_of
from difffit_app.state.subjects import MapSubject, ModelSubject, PlacementSubject, Subject
from difffit_core.errors import UserError


def add(
    desk: Desk,
    controller: LookingController,
    apart: ApartController,
    viewer: LookingView,
    named: Callable[[str], Callable[[], None] | None],
) -> None:
    session = desk.session

    def subject_of(recipe: Only | View) -> Subject | None:
        """What is meant as a whole; None for nothing that is named."""
        if recipe.placement is not None:
            if recipe.what:
                other = called(recipe.what[0], session)
                raise UserError(f"{recipe.job} is of a placement or of something else, got placement {recipe.placement} and {other}")
            fit = fit_of(recipe.fit, session)
            if session.fits[fit].index_of_rank(recipe.placement) is None:
                raise UserError(f"{fit} has placements from 1 to {len(session.fits[fit].placements)}, got {recipe.placement}")
            return PlacementSubject(fit, recipe.placement)
        if not recipe.what:
            return None
        identifier, residues = part_of(recipe.what[0], session)
        if residues is not None:
            raise UserError(f"{recipe.job} is of whole maps and models; select, and hide-unselected, take chains and residues")
        return MapSubject(identifier) if identifier in session.maps else ModelSubject(identifier)

    def only(recipe: Only) -> None:
        subject = subject_of(recipe) or controller.current
        if subject is None:
            raise UserError("nothing is open that could be left alone")
        controller.show_only(subject)

    def look(recipe: View) -> None:
        from_there = named(recipe.what[0]) if recipe.what and recipe.placement is None else None
        if from_there is not None:
            from_there()
        elif recipe.placement is None and recipe.what and ("/" in recipe.what[0] or "@" in recipe.what[0]):
            identifier, residues = part_of(recipe.what[0], session)
            box = None if residues is None else viewer.bounds_of_residues(identifier, residues)
            if box is None:
                raise UserError(f"nothing of {called(recipe.what[0], session)} is drawn")
            viewer.look_at_box(box, alone=True)
        elif recipe.placement is None and not recipe.what:
            viewer.look_at_everything()
        else:
            controller.look_at(subject_of(recipe))

    def bring(recipe: BringTo) -> None:
        apart.bring_all(recipe.models, recipe.map)

    desk.commands.add(
        Verb(
            "bring",
            BringTo,
            bring,
            "Move models into the middle of a map's density: bring #2 #3 to #1",
            maps=("map",),
            models=("models",),
            into="to",
        ),
        Verb("only", Only, only, "Hide all but one map, model or placement: only #1"),
        Verb(
            "view",
            View,
            look,
            "Look at something, or from a side: view #1, view #2/A:10-20, view front",
            complete=lambda _: ("front", "back", "left", "right", "top", "bottom", *desk.view_state.saved_views),
        ),
    )
