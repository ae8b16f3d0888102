"""The paper's preset, and the same search as its formulae read: `grid_sample` of four volumes, autograd and Adam over all poses at once."""

import time
from argparse import Namespace

import numpy as np
import torch
from cases import DATA, needed
from grid_sample_route import Calls, mean_density
from machine import kernel_threads
from report import Report, spread

from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.field import paper_field
from difffit_core.fit.search.starts import random_starts
from difffit_core.fit.search.subject import prepare_map, prepare_model
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target

LEVEL, RESOLUTION = 0.886, 4.0
ITERATIONS = 5


def run(options: Namespace) -> Report:
    torch.set_num_threads(kernel_threads())
    folder = needed(DATA / "difffit_demo")
    settings = FitSettings.preset("paper")
    request = FitRequest(
        Target(read_map(folder / "density2.mrc"), RESOLUTION, LEVEL),
        read_model(folder / "I7MLV6_D3.pdb"),
        settings,
        options.seeds[0],
        device="cpu",
    )
    run_fit(request)
    searches = [_Torch(request, calls) for calls in Calls]
    for search in searches:
        search.seconds_of_an_iteration()
    ours, climbs, theirs = [], [], []
    for _ in range(options.repeats):
        timing = run_fit(request).timing
        ours.append(timing["search_s"])
        climbs.append(timing["climb_s"])
        theirs.append([search.seconds_of_an_iteration() * settings.steps for search in searches])
    report = Report(
        "The paper's preset",
        f"I7MLV6_D3 ({len(request.model.fit_coordinates)} atoms) in the demo density: {settings.starts} starts, {settings.steps} "
        "iterations, all atoms; from arrays to ranked placements, compiled beforehand. Below it grid_sample and Adam from the same "
        f"starts in the same volumes, {ITERATIONS} iterations measured and scaled, nothing else counted. Median of {options.repeats}, "
        "in turns.",
        ["search", "s", "times ours", "times our climb"],
        raw=[{"ours": ours, "climb": climbs, "torch": theirs}],
    )
    report.rows.append(["paper preset", spread(ours), "1", ""])
    report.rows.append(["of that, the climb and its scores", spread(climbs), "", "1"])
    for calls, column in zip(Calls, np.transpose(theirs), strict=True):
        report.rows.append([f"grid_sample ({calls}) and Adam", *(spread(one.tolist()) for one in (column, column / ours, column / climbs))])
    report.notes.append(
        "Asked for on two cores: at most 2.5 s, and at least 150 times a call for each volume, as the paper's formulae read. "
        "The paper's own program took 127 s for this on two cores."
    )
    return report


class _Torch:
    """A search that has begun, and goes on when asked."""

    def __init__(self, request: FitRequest, calls: Calls) -> None:
        self._calls = calls
        settings = request.settings
        model = prepare_model(request)
        side = prepare_map(request.target, request.settings, "cpu")
        density = side.density
        one_each = np.eye(settings.smoothings + 1).tolist()
        single = [settings.model_copy(update={"smoothing_weights": tuple(row)}) for row in one_each]
        self._volumes = torch.from_numpy(np.stack([paper_field(density, one, request.resolution) for one in single]))
        voxel = density.voxel_size
        atoms = np.stack(model.atoms.columns, axis=1)
        self._points = torch.from_numpy((atoms / voxel).astype(np.float32))
        rng = np.random.default_rng([request.seed, 1])
        quaternions, centres = random_starts(density.inside, voxel, density.origin, settings.starts, settings.positions, rng)
        expected = dict(side.fields())["paper"].mean(model.atoms, quaternions, centres)
        self._quaternion = torch.from_numpy(quaternions.astype(np.float32)).requires_grad_()
        self._shift = torch.from_numpy(((centres - density.origin) / voxel).astype(np.float32)).requires_grad_()
        self._optimiser = torch.optim.Adam(
            [
                {"params": [self._quaternion], "lr": settings.turn_rate},
                {"params": [self._shift], "lr": 0.01 * side.mean_side / float(voxel.mean())},
            ]
        )
        with torch.no_grad():
            difference = float(np.abs(self._objective().numpy() - expected).max())
        if not difference < 1e-4:
            raise RuntimeError(f"the two searches disagree on the objective by {difference:.2g}: there is nothing to compare")

    def _objective(self) -> torch.Tensor:
        return mean_density(self._volumes, self._points, self._quaternion, self._shift, self._calls)

    def seconds_of_an_iteration(self) -> float:
        start = time.perf_counter()
        for _ in range(ITERATIONS):
            self._optimiser.zero_grad()
            (-self._objective().sum()).backward()
            self._optimiser.step()
        return (time.perf_counter() - start) / ITERATIONS
