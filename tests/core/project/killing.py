"""Kill a program that zeroes out, autosaves and saves, again and again, at random moments, and look at what it leaves.

As a program of its own: ``killing.py FOLDER KILLS SEED`` prints what was found as JSON. The victims are forks of it that have imported
everything already, so that one takes a tenth of a second; for the same reason there are none on Windows.
"""

import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.body import Body
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.edit.working import working_map
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.density_map import DensityMap
from difffit_core.errors import FileFormatError
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model
from difffit_core.pose import Pose
from difffit_core.project.arrays import FitArrays
from difffit_core.project.base import PoseRecord
from difffit_core.project.composites import AcceptedRecord, CompositeRecord, RoundRecord, ZeroOutRecord
from difffit_core.project.inputs import Stamp
from difffit_core.project.recovery import Slot, left_behind
from difffit_core.project.schema import FitRecord, Project
from difffit_core.project.store import open_project, save_project
from difffit_core.target import Target

_ROOT = Path(__file__).resolve().parents[3]
_ROUNDS = 12
"""After so many a new composite is begun, so that the project does not grow for ever."""
_PLACEMENTS = 400
_TIME = "2026-01-02T03:04:05+00:00"


@dataclass
class Tally:
    """What came of the kills; ``during`` counts them by what the victim was at."""

    kills: int = 0
    accepted: int = 0
    during: dict[str, int] = field(default_factory=dict)
    unopened: int = 0
    lost: int = 0
    altered: int = 0
    unrecovered: int = 0
    most_litter: int = 0
    litter_at_the_end: int = 0


class Scene:
    """A project with its map and model in a folder, and what the victims tell before and after each step."""

    def __init__(self, folder: Path) -> None:
        self.path, self.slots, self.told = folder / "project.difffit", folder / "recovery", folder / "told"
        model = read_model(_ROOT / "resources" / "example" / "1bd2.pdb.gz").select_chains(["E"])
        self.centre = model.fit_coordinates.mean(axis=0)
        values = np.random.default_rng(0).uniform(0, 1, (20, 20, 20)).astype(np.float32)
        write_map(folder / "map.mrc", DensityMap(values, np.full(3, 5.0), self.centre - 50))
        self.density_map, self.model = read_map(folder / "map.mrc"), model
        golden, arrays = open_project(_ROOT / "tests" / "golden" / "schema_1.difffit")
        self.fit, self.arrays = _larger(golden.fits[0].changed(chains=("E",)), arrays["fit-1"])
        stamps = Stamp.of(folder / "map.mrc"), Stamp.of(_ROOT / "resources" / "example" / "1bd2.pdb.gz")
        self.inputs = stamps[0].record("map-1", "map", self.path), stamps[1].record("model-1", "model", self.path)
        save_project(self.path, self.project_of(self.empty(0)), self.arrays)

    @property
    def models(self) -> dict[str, AtomicModel]:
        return {"model-1": self.model}

    def empty(self, number: int) -> CompositeRecord:
        return CompositeRecord(id=f"composite-{number}", name="Composite", map="map-1", rounds=())

    def project_of(self, composite: CompositeRecord) -> Project:
        return Project(program_version="0", inputs=self.inputs, fits=(self.fit,), composites=(composite,))

    def next_of(self, composite: CompositeRecord) -> CompositeRecord:
        """With one more copy accepted and zeroed out."""
        if len(composite.rounds) >= _ROUNDS:
            composite = self.empty(int(composite.id.partition("-")[2]) + 1)
        number = len(composite.rounds)
        last = composite.rounds[-1].id if number else None
        pose = Pose(np.eye(3), np.random.default_rng(number).uniform(-15, 15, 3))
        left = working_map(composite, last, self.density_map, self.models)
        cut = zero_out(Target(left, 8.0, 0.2), [Body(self.model)], [(0, pose)], ZeroOutMethod.SOFT, 0.0)
        accepted = AcceptedRecord(
            model="model-1", chains={"E": "E"}, pose=PoseRecord.of(pose), accepted=_TIME, source="made", local_correlation=0.5
        )
        record = ZeroOutRecord(method="soft", resolution=8.0, level=0.2, removed=cut.removed, done=_TIME)
        one = RoundRecord(id=f"{composite.id}-round-{number}", parent=last, accepted=(accepted,), zero_out=record)
        return composite.model_copy(update={"rounds": (*composite.rounds, one), "current": one.id})

    def is_whole(self, composite: CompositeRecord) -> bool:
        """Whether every zero-out takes as much out of its map as was recorded."""
        again = self.empty(int(composite.id.partition("-")[2]))
        for _ in composite.rounds:
            again = self.next_of(again)
        return again == composite


def _larger(fit: FitRecord, arrays: FitArrays) -> tuple[FitRecord, dict[str, FitArrays]]:
    """A fit with as many placements as real ones have, so that writing takes its time."""
    count = _PLACEMENTS // len(fit.placements)
    placements = [one.model_copy(update={"rank": rank}) for rank, one in enumerate(fit.placements * count, start=1)]
    columns = ("rotations", "translations", "start_quaternions", "start_translations")
    many = FitArrays(*(np.concatenate([getattr(arrays, name)] * count) for name in columns), arrays.centre)
    return fit.model_copy(update={"placements": tuple(placements)}), {fit.id: many}


def generation(composite: CompositeRecord) -> int:
    """How many copies were accepted up to here."""
    return _ROUNDS * int(composite.id.partition("-")[2]) + len(composite.rounds)


def victim(scene: Scene) -> None:
    """Goes on for ever from what was saved."""
    composite = open_project(scene.path)[0].composites[0]
    slot = Slot.create(scene.slots)
    told = os.open(scene.told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(what: str) -> None:
        os.write(told, f"{what} {generation(composite)}\n".encode())

    while True:
        tell("zeroing")
        composite = scene.next_of(composite)
        project = scene.project_of(composite)
        tell("autosaving")
        slot.save(project, scene.arrays, scene.path)
        tell("autosaved")
        tell("saving")
        save_project(scene.path, project, scene.arrays)
        tell("saved")


def look(scene: Scene, tally: Tally) -> None:
    """Judge what the last victim left."""
    told = [line.split() for line in scene.told.read_text(encoding="utf-8").splitlines()] if scene.told.exists() else []

    def last(what: str, default: int) -> int:
        return max((int(number) for word, number in told if word == what), default=default)

    phase = told[-1][0] if told else "starting"
    tally.during[phase] = tally.during.get(phase, 0) + 1
    try:
        composite = open_project(scene.path)[0].composites[0]
    except FileFormatError:
        tally.unopened += 1
        return
    now = generation(composite)
    if not last("saved", tally.accepted) <= now <= max(last("saving", 0), tally.accepted):
        tally.lost += 1
    tally.altered += not scene.is_whole(composite)
    tally.accepted = now
    found = left_behind(scene.slots)
    kept = last("autosaved", -1)
    if kept >= 0 and len(found) != 1:
        tally.unrecovered += 1
    for slot in found:
        try:
            tally.unrecovered += not kept <= generation(open_project(slot.path)[0].composites[0]) <= last("autosaving", -1)
        except FileFormatError:
            tally.unrecovered += 1
        slot.remove()
    scene.told.unlink(missing_ok=True)
    tally.most_litter = max(tally.most_litter, len(list(scene.path.parent.glob(".*.part"))))


def kill_many(folder: Path, kills: int, seed: int) -> Tally:
    """Kill so many victims, each at a moment drawn from ``seed``."""
    scene, tally, rng = Scene(folder), Tally(), np.random.default_rng(seed)
    scene.next_of(scene.empty(0))  # compiles, before the forks
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            try:
                victim(scene)
            finally:
                os._exit(1)
        time.sleep(float(rng.uniform(0.01, 0.15)))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            raise RuntimeError("a victim ended by itself")
        tally.kills += 1
        look(scene, tally)
    save_project(scene.path, *open_project(scene.path))
    for lock in scene.slots.iterdir():
        os.utime(lock, (1e9, 1e9))
    left_behind(scene.slots)
    tally.litter_at_the_end = len(list(folder.glob(".*.part"))) + len(list(scene.slots.iterdir()))
    return tally


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(kill_many(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))
