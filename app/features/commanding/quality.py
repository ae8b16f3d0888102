"""How well a model fits where it is shown, as a command: what the shell's `difffit quality` prints."""

from typing import TYPE_CHECKING

from difffit_app.commands.elsewhere import OF_FILE
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.state.levels import level_for
from difffit_app.workers.lane import Context, Job
from difffit_core.chain_words import chain_in_words
from difffit_core.pose import Pose
from difffit_core.quality.recipe import QualityRecipe

if TYPE_CHECKING:
    from difffit_core.quality.explained import Explained
    from difffit_core.quality.score import ResidueScores

_WORST = 10


def add(desk: Desk) -> None:
    session = desk.session

    def pose_of(model: str, target: str) -> Pose | None:
        """Where one sees the model."""
        fit, placement, hand = session.fit, session.placement, session.hand
        if hand is not None and hand.model == model:
            return hand.pose
        placed = fit is not None and (fit.record.map, fit.record.model) == (target, model)
        return placement.pose if placed and placement is not None else session.brought.get(model)

    def judge(recipe: QualityRecipe) -> None:
        recipe = recipe.changed(level=level_for(desk.view_state, recipe.map, recipe.level))
        density, item, pose = session.density(recipe.map), session.models[recipe.model], pose_of(recipe.model, recipe.map)
        request = recipe.bind(density, item.model, pose)
        where = "where it is shown" if pose is not None else "where its file has it"

        def work(_: Context) -> str:
            return told(f"{item.name} in {density.name}, {where}, at {recipe.resolution:.4g} Å", *request.judge())

        with desk.commands.doing("quality", recipe):
            desk.jobs.draw(Job(f"judging {item.name}", work, desk.commands.told.emit))

    desk.commands.add(
        Verb(
            "quality",
            QualityRecipe,
            judge,
            "Tell how well a model fits where it is shown: quality #2 in #1",
            maps=("map",),
            into="in",
            models=("model",),
            elsewhere=OF_FILE,
        )
    )


def told(title: str, scores: "ResidueScores", explained: "Explained") -> str:
    """The means, the worst residues and what is explained, as lines."""
    import numpy as np

    residues = scores.residues
    lines = [title, f"local correlation {scores.mean('local_correlation'):.3f}, Q-score {scores.mean('q_score'):.3f}"]
    for name in dict.fromkeys(residues.chains.tolist()):
        where = residues.chains == name
        means = scores.mean("local_correlation", where), scores.mean("q_score", where)
        lines.append(f"  {chain_in_words(name)}: {means[0]:.3f}, {means[1]:.3f}, {int(where.sum())} residues")
    lines.append("the lowest local correlations:")
    for i in np.argsort(scores.local_correlation, kind="stable")[:_WORST]:
        lines.append(f"  {residues.label(int(i))}: {scores.local_correlation[i]:.3f}, {scores.q_score[i]:.3f}")
    return "\n".join([*lines, *explained.lines()])
