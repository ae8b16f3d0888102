"""Parts of models round which a map is cut, as they are typed: ``zone #2/D:10-50``."""

from difffit_app.state.parts import called, chains_and_residues, group_of
from difffit_app.state.session import Session
from difffit_core.errors import UserError
from difffit_core.map_edit.around import Around
from difffit_core.map_edit.steps import AnyStep, Crop, Zone


def with_parts_apart(step: AnyStep, session: Session) -> AnyStep:
    """The step with open models by their ids, and what stands behind those, chains and residues, where the step has them.

    Raises
    ------
    UserError
        For what is no open model, or has no such chain.
    """
    if isinstance(step, (Crop, Zone)):
        return step.model_copy(update={"around": tuple(_apart(one, session) for one in step.around)})
    return step


def _apart(around: Around, session: Session) -> Around:
    if around.model in session.models:
        return around
    if not around.model.startswith(tuple(f"{one}{end}" for one in session.models for end in "/:")):
        got = called(around.model, session)
        raise UserError(f"what a map is cut around must be an open model, as #2, or a part of one, as #2/D, got {got}")
    model, chains, ranges = chains_and_residues(around.model, session)
    if around.chains or around.residues:
        raise UserError(f"chains and residues are given once, as {called(around.model, session)} or by chain and residues, got both")
    if not ranges:
        return around.model_copy(update={"model": model, "chains": chains})
    return Around.checked({**dict(around), "model": model, "residues": (group_of(chains, ranges),)})
