"""A working map goes by half maps in a project that is opened again if, and only if, it went by them when it was saved."""

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from difffit_app.state.items import OpenMap
from difffit_app.state.made_maps import make_open_map, record_of
from difffit_app.state.project.reading import _make_again
from difffit_core.halves.attach import with_half_maps
from difffit_core.io.maps import read_map
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.steps import LowPass
from difffit_core.project.working_maps import WorkingMapRecord


def opened_again(record: WorkingMapRecord | None, source: OpenMap, problems: list[str]) -> OpenMap:
    assert record is not None
    written = WorkingMapRecord.model_validate_json(record.model_dump_json())
    located: Any = SimpleNamespace(project=SimpleNamespace(working_maps=(written,)))
    (made,) = _make_again(located, [source], [], problems, threading.Event())
    return made


@pytest.mark.slow
def test_half_maps_of_a_working_map_are_kept(halves: list[Path]) -> None:
    whole, first, second, _ = halves
    problems: list[str] = []
    filtered = MapRecipe(map="map-1", steps=(LowPass(finest=12.0),))
    record = WorkingMapRecord(id="map-2", name="filtered", recipe=filtered)
    density = read_map(whole)
    made = make_open_map(record, density, {})
    source = replace(made, id="map-1", density=density, made=None)
    by_halves = replace(made, density=with_half_maps(made.density, first, second, 6.0))
    assert opened_again(record_of(by_halves), source, problems).density.half_maps == (str(first), str(second))
    assert problems == []
    assert opened_again(record_of(made), source, problems).density.half_maps is None
    later = replace(source, density=with_half_maps(density, first, second, 6.0))
    assert opened_again(record_of(made), later, problems).density.half_maps is None
    first.rename(first.with_name("gone.mrc"))
    assert opened_again(record_of(by_halves), source, problems).density.half_maps is None
    assert "goes without its half maps now" in problems[0]
