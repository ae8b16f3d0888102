"""A project of an assembly refers to what was placed: a domain is a file of its own there, a whole file is that file."""

from pathlib import Path

import numpy as np

from difffit_core.assemble.entry import Entry
from difffit_core.assemble.pieces import as_files
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.density_map import DensityMap
from difffit_core.io.models import read_model, write_model
from difffit_core.screen.domains import domains_of
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import read_entry
from difffit_core.target import Target


def test_domains_are_files_of_their_own(repository: Path, tmp_path: Path) -> None:
    whole = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    heavy, light = tmp_path / "heavy.cif", tmp_path / "light.pdb"
    write_model(heavy, whole.select_chains(["A"]))
    write_model(light, whole.select_chains(["B"]))
    filters = Filters(split="domain")
    names = [domain.name.rpartition(":")[2] for domain in domains_of(heavy, 0.0)]
    assert len(names) > 1
    models = [*(read_entry(heavy, name, filters) for name in names), read_model(light)]
    entries = [
        Entry(str(path), part, model, (), 0.0, 0.0, 0.05, 1)
        for path, part, model in zip((*[heavy] * len(names), light), (*names, ""), models, strict=True)
    ]
    values = np.random.default_rng(0).random((12, 12, 12)).astype(np.float32)
    target = Target(DensityMap(values, np.full(3, 4.0), np.zeros(3)), 8.0, 0.5)
    request = ComposeRequest(target, tuple(Wanted(model) for model in models), device="cpu")
    kept = as_files(request, entries, filters, tmp_path / "models")
    assert [one.model.path for one in request.wanted] == [*[heavy] * len(names), light], "as the tables name them"
    assert kept.wanted[-1].model.path == light
    for one, before in zip(kept.wanted[:-1], models, strict=False):
        assert one.model.path is not None
        assert one.model.path.parent == tmp_path / "models"
        np.testing.assert_allclose(read_model(one.model.path).fit_coordinates, before.fit_coordinates, atol=2e-3)
