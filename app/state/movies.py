"""What a movie shows, moment by moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from difffit_core.pose import Pose

MovieKind = Literal["turn", "replay", "morph"]
FRAMES_A_SECOND = 25
TURN_S, MORPH_S, REST_S = 6.0, 2.0, 0.6
"""Seconds of a turn all round, of a way between two placements, and of a rest at either end."""
_REPLAY_S = 6.0


@dataclass(frozen=True)
class Moment:
    """How far it is turned, in degrees, from where it was; the ``step`` of a replay; the ``pose`` of the model, if it is on its way."""

    turned: float = 0.0
    step: int | None = None
    pose: Pose | None = None


def turn() -> Iterator[Moment]:
    """Once all round; the last moment leads to the first."""
    count = round(TURN_S * FRAMES_A_SECOND)
    for number in range(count):
        yield Moment(turned=360.0 * number / count)


def replay(steps: int) -> Iterator[Moment]:
    """Through all steps, no longer than a person looks at it, and a rest where the placements ended."""
    count = min(steps, round(_REPLAY_S * FRAMES_A_SECOND))
    for number in range(count):
        yield Moment(step=round(number * (steps - 1) / max(count - 1, 1)))
    for _ in range(round(REST_S * FRAMES_A_SECOND)):
        yield Moment()


def morph(first: Pose, second: Pose, middle: np.ndarray) -> Iterator[Moment]:
    """From one pose to another and back, slow at both ends; ``middle`` (3,) in Å, of the atoms in their file, goes straight."""
    from scipy.spatial.transform import Rotation

    way = Rotation.from_matrix(second.rotation @ first.rotation.T).as_rotvec()
    start, end = first.apply(middle[None])[0], second.apply(middle[None])[0]
    rest, count = round(REST_S * FRAMES_A_SECOND), round(MORPH_S * FRAMES_A_SECOND)
    shares = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, count))
    for share in (*np.zeros(rest), *shares, *np.ones(rest), *shares[::-1]):
        rotation = Rotation.from_rotvec(share * way).as_matrix() @ first.rotation
        yield Moment(pose=Pose(rotation, (1 - share) * start + share * end - rotation @ middle))
