"""The sphere in which the next fit looks."""

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.geometry.pick import on_surface
from difffit_app.offered import SubjectOf
from difffit_app.state.project.view import CameraView
from difffit_core.fit.sphere import Sphere

_ROOM = 1.3
"""The first sphere's radius, as a multiple of the model's radius of gyration times that of a ball."""


class RegionsController:
    """A sphere is there from `toggle` to `clear`."""

    def __init__(self, desk: Desk, camera: CameraView, set_up: SubjectOf) -> None:
        self._session, self._view_state, self._messages = desk.session, desk.view_state, desk.messages
        self._camera, self._set_up, self._commands = camera, set_up, desk.commands
        desk.session.events.map_removed.connect(self._clear_if_empty)

    def toggle(self) -> None:
        """Put a sphere of the model's size where the placed model is, or where the views look; or remove it."""
        if self._view_state.sphere is not None:
            self.clear()
            return
        set_up = self._set_up()
        if set_up is None:
            self._messages.show_notice("Open a map and a model, and choose at least one chain, to fit inside a sphere.", "info")
            return
        _, model_id, chains, _ = set_up
        points = self._session.models[model_id].model.select_chains(chains).fit_coordinates
        radius = _ROOM * float(np.sqrt(5 / 3 * ((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))
        hand, fit, placement = self._session.hand, self._session.fit, self._session.placement
        if hand is not None and hand.model == model_id:
            centre = hand.centre
        elif fit is not None and placement is not None and fit.record.model == model_id:
            centre = placement.pose.apply(points.mean(axis=0))
        elif model_id in self._session.brought:
            centre = self._session.brought[model_id].apply(points.mean(axis=0))
        else:
            centre = np.array(self._camera.current_camera()[1])
        self.choose(_sphere(centre, max(radius, 2.0)))

    def choose(self, sphere: Sphere) -> None:
        """Have the next fit look inside this sphere only."""
        if sphere != self._view_state.sphere:
            place = tuple(f"{length:.7g}" for length in (*sphere.centre, sphere.radius))
            with self._commands.doing("sphere", {"place": place}, kind=("sphere",)):
                self._view_state.set_sphere(sphere)

    def centre_on(self, ray: tuple[NDArray[np.float64], NDArray[np.float64]]) -> None:
        """Put the sphere where a line of sight, a start and a unit direction (3,), meets the surface of the map to be fitted into."""
        set_up, sphere = self._set_up(), self._view_state.sphere
        if set_up is None or sphere is None or self._view_state.moving is not None:
            return
        start, direction = ray
        distance = on_surface(self._session.density(set_up[0]), self._view_state.maps[set_up[0]].level, start, direction)
        if distance is not None:
            self.choose(_sphere(start + distance * direction, sphere.radius))

    def clear(self) -> None:
        """Have fits look everywhere again."""
        if self._view_state.sphere is not None:
            with self._commands.doing("sphere", {"place": ("off",)}):
                self._view_state.set_sphere(None)

    def _clear_if_empty(self, _: str) -> None:
        if not self._session.maps:
            self._view_state.set_sphere(None)


def _sphere(centre: NDArray[np.float64], radius: float) -> Sphere:
    x, y, z = centre.tolist()
    return Sphere((x, y, z), radius)
