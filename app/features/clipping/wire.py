"""Planes that cut off what is too near or too far."""

from dataclasses import replace

from difffit_app.commands.things import Slab
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.clipping.bar import ClippingBar
from difffit_app.features.clipping.wheel import ClippingWheel
from difffit_app.state.depth import THINNEST, Clip, Fixed
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError

_DIGITS = 2
_STEP = 0.02
"""Of the depth of what is shown: how far a notch of the wheel moves a plane."""
_FIRST = 0.25
"""Of that depth: how far the planes are from the middle at first."""


def wire(desk: Desk, window: MainWindow) -> None:
    view_state, viewer = desk.view_state, window.viewer
    bar = ClippingBar(window.icons)
    window.add_bar(bar)
    wheel = ClippingWheel(viewer.fit.plotter)

    def depth() -> float:
        """Half the depth of what is shown, Å."""
        return viewer.fit.stage.half_depth()

    def show(clip: Clip | None) -> None:
        window.mark("clip", clip is not None)
        window.mark("clip_fix", clip is not None and clip.fixed is not None)
        bar.show_clip(clip, depth())

    def toggle() -> None:
        half = 2 * _FIRST * depth()
        view_state.set_clip(Clip(half, half) if view_state.clip is None else None)

    def fix() -> None:
        """Have the planes stay where they are as the view is turned, or go with it again."""
        half, camera = 2 * _FIRST * depth(), viewer.fit.camera
        clip = view_state.clip or Clip(half, half)
        fixed = Fixed(camera.GetFocalPoint(), camera.GetDirectionOfProjection()) if clip.fixed is None else None
        view_state.set_clip(replace(clip, fixed=fixed))

    def move(clip: Clip) -> None:
        viewer.fit.motion.go()
        if clip.front is None or clip.back is None:
            view_state.set_clip(clip)
            return
        front, back = round(clip.front, _DIGITS), round(clip.back, _DIGITS)
        with desk.commands.doing("slab", {"front": front, "back": back}, kind=("slab",)):
            view_state.set_clip(clip)

    def put(recipe: Slab) -> None:
        if recipe.front + recipe.back < THINNEST:
            raise UserError(f"there must be at least {THINNEST:g} Å between the planes of a slab, got {recipe.front + recipe.back:g}")
        view_state.set_clip(replace(view_state.clip or Clip(), front=recipe.front, back=recipe.back))

    def turn(front: float, back: float) -> None:
        reach, step = depth(), 2 * _STEP * depth()
        clip = view_state.clip or Clip(reach, reach)
        whole = replace(clip, front=reach if clip.front is None else clip.front, back=reach if clip.back is None else clip.back)
        behind = clip.fixed is not None and clip.fixed.towards(viewer.fit.camera.GetDirectionOfProjection()) < 0
        move(whole.moved(back * step, -front * step) if behind else whole.moved(-front * step, back * step))

    view_state.clip_changed.connect(show)
    desk.session.events.cleared.connect(lambda: view_state.set_clip(None))
    bar.offer(window.actions_by_id["clip_fix"])
    bar.clip_chosen.connect(move)
    bar.close_asked.connect(window.actions_by_id["clip"].trigger)
    about = "Draw only what lies between two planes, so many Å before and behind the middle: slab 10 15"
    desk.commands.add(Verb("slab", Slab, put, about))
    wheel.turned.connect(turn)
    window.theme_changed.connect(lambda _: bar.set_icons())
    window.handlers |= {
        "clip": toggle,
        "clip_fix": fix,
        "clip_nearer": lambda: turn(-1, -1),
        "clip_farther": lambda: turn(1, 1),
    }
