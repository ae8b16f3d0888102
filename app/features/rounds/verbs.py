"""Accepting, zeroing out, and the rounds, as commands."""

from difffit_app.commands.subjects import fit_of
from difffit_app.commands.things import Accept, CopyOf, NameRound, Round, ZeroOut
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.rounds.accepting import AcceptingController
from difffit_app.features.rounds.controller import CompositesController, Place
from difffit_app.features.rounds.zeroing import ZeroingController
from difffit_core.compose.edit.edits import round_of
from difffit_core.errors import UserError
from difffit_core.number_words import whole_number


def add(desk: Desk, accepting: AcceptingController, zeroing: ZeroingController, composites: CompositesController) -> None:
    session = desk.session

    def accept(recipe: Accept) -> None:
        fit = session.fits[fit_of(recipe.fit, session)]
        if session.fit is None or session.fit.id != fit.id:
            session.select_fit(fit.id)
        shown = [] if session.placement is None else [session.placement.rank]
        ranks = [_rank(text, len(fit.placements)) for one in recipe.ranks for text in one.split(",")] or shown
        accepting.accept(ranks)

    def place_of(recipe: Round) -> Place:
        composite = session.composites.get(recipe.composite)
        if composite is None:
            known = ", ".join(session.composites)
            raise UserError(f"there is no composite {recipe.composite}; there {f'are {known}' if known else 'is none'}")
        if recipe.round and round_of(composite, recipe.round) is None:
            known = ", ".join(one.id for one in composite.rounds)
            raise UserError(f"{composite.id} has no round {recipe.round}; it has {known or 'none'}")
        return composite.id, recipe.round or None

    def remove(recipe: CopyOf) -> None:
        place = place_of(recipe)
        one = round_of(session.composites[place[0]], place[1])
        count = 0 if one is None else len(one.accepted)
        if recipe.number > count:
            raise UserError(f"{recipe.round or 'the start'} has {count} accepted copies, got {recipe.number}")
        composites.remove_copy(place, recipe.number - 1)

    desk.commands.add(
        Verb("accept", Accept, accept, "Accept placements into the composite: accept 1,3"),
        Verb("zero-out", ZeroOut, lambda one: zeroing.zero_out(one.method, one.threshold), "Take what was accepted last out of the map"),
        Verb("round", Round, lambda one: composites.go_to(place_of(one)), "Stand at a round"),
        Verb("branch-round", Round, lambda one: composites.branch(place_of(one)), "Begin another round after one"),
        Verb("delete-round", Round, lambda one: composites.delete(place_of(one)), "Delete a round with those after it, or a composite"),
        Verb("rename-round", NameRound, lambda one: composites.rename(place_of(one), one.name), "Name a round or a composite"),
        Verb("remove-copy", CopyOf, remove, "Take back an accepted copy"),
    )


def _rank(text: str, count: int) -> int:
    rank = whole_number(text)
    if rank is None or not 1 <= rank <= count:
        raise UserError(f"a rank must be a whole number from 1 to {count}, got {text}")
    return rank
