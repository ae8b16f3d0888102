"""When actions can be used, where more than one asks the same."""

from difffit_app.actions.action import Conditions


def something_open(now: Conditions) -> bool:
    return not now.session.is_empty


def fit(now: Conditions) -> bool:
    return now.session.fit is not None


def placement(now: Conditions) -> bool:
    return now.session.placement is not None


def map_chosen(now: Conditions) -> bool:
    return now.session.map is not None


def made_map(now: Conditions) -> bool:
    return now.session.map is not None and now.session.map.made is not None


def model_chosen(now: Conditions) -> bool:
    return now.session.model is not None


def map_and_model_chosen(now: Conditions) -> bool:
    return now.session.map is not None and now.session.model is not None


def several_models(now: Conditions) -> bool:
    return now.session.model is not None and len(now.session.model.model.held) > 1


def selected(now: Conditions) -> bool:
    return now.selected


def selected_in_map(now: Conditions) -> bool:
    return now.selected and now.session.map is not None


def can_move(now: Conditions) -> bool:
    return now.can_fit or now.moving


def can_confine(now: Conditions) -> bool:
    return now.can_fit or now.sphere


def can_fit(now: Conditions) -> bool:
    return now.can_fit and not now.fitting


def busy(now: Conditions) -> bool:
    return now.fitting or now.moving or now.sphere or now.zeroing or now.measuring or now.fetching or now.selected or now.scripted


def composite(now: Conditions) -> bool:
    return now.session.composite is not None


def shown_result(now: Conditions) -> bool:
    return placement(now) or refinement(now)


def refinement(now: Conditions) -> bool:
    return now.session.refinement is not None


def working(now: Conditions) -> bool:
    return now.session.working is not None


def rests(now: Conditions) -> bool:
    return now.screened and not now.screening


def screened(now: Conditions) -> bool:
    return now.screened


def moved(now: Conditions) -> bool:
    return bool(now.session.hand or now.session.brought)
