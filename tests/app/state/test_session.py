"""The session announces every change once, after it, and never points at what is closed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from psygnal import EmitLoopError

from difffit_app.state.items import OpenFit, OpenMap, OpenModel
from difffit_app.state.numbering import reserve
from difffit_app.state.session import Session
from difffit_core.map_resolution import MapResolution
from difffit_core.project.composites import CompositeRecord


@pytest.fixture
def session(open_map: OpenMap, open_model: OpenModel, make_fit: Callable[..., OpenFit]) -> Session:
    session = Session()
    session.add_map(open_map)
    session.add_model(open_model)
    session.add_fit(make_fit())
    return session


def record(session: Session) -> list[tuple[str, Any]]:
    heard: list[tuple[str, Any]] = []
    for name, signal in session.events.signals.items():
        if name not in ("saved_state_changed", "cleared"):
            signal.connect(lambda value, name=name: heard.append((name, getattr(value, "id", getattr(value, "rank", value)))))
    return heard


def test_a_fit_is_selected_with_its_best_placement(open_map: OpenMap, open_model: OpenModel, make_fit: Callable[..., OpenFit]) -> None:
    session = Session()
    heard = record(session)
    session.add_map(open_map)
    session.add_model(open_model)
    session.add_fit(make_fit())
    assert heard == [
        ("map_added", "map-1"), ("map_selected", "map-1"), ("model_added", "model-1"), ("model_selected", "model-1"),
        ("fit_added", "fit-1"), ("fit_selected", "fit-1"), ("placement_selected", 1),
    ]  # fmt: skip


def test_selecting_twice_is_announced_once(session: Session) -> None:
    heard = record(session)
    session.select_placement(2)
    session.select_placement(2)
    assert heard == [("placement_selected", 2)]
    with pytest.raises(KeyError, match="no placement of rank 7"):
        session.select_placement(7)


def test_another_fit_starts_at_its_own_best_placement(session: Session, make_fit: Callable[..., OpenFit]) -> None:
    session.select_placement(2)
    session.add_fit(make_fit("fit-2"))
    assert session.fit is session.fits["fit-2"]
    assert session.placement is session.fits["fit-2"].placements[0]


@pytest.mark.parametrize("what", ["map", "model"])
def test_a_fit_goes_with_its_map_or_model(session: Session, what: str) -> None:
    heard = record(session)
    getattr(session, f"remove_{what}")(f"{what}-1")
    assert session.fits == {}
    assert (session.fit, session.placement) == (None, None)
    told = [("fit_removed", "fit-1"), (f"{what}_removed", f"{what}-1"), ("fit_selected", None), ("placement_selected", None)]
    assert [one for one in heard if one in told] == told


def test_a_fit_of_what_is_not_open_is_refused(session: Session, make_fit: Callable[..., OpenFit]) -> None:
    with pytest.raises(KeyError, match="map-9"):
        session.add_fit(make_fit("fit-2", map="map-9"))


@pytest.mark.parametrize("kind", ["map", "model", "fit"])
def test_nothing_takes_the_id_of_what_is_there(session: Session, kind: str) -> None:
    there = getattr(session, f"{kind}s")[f"{kind}-1"]
    heard = record(session)
    with pytest.raises(KeyError, match=f"{kind}-1 is there already"):
        getattr(session, f"add_{kind}")(replace(there))
    assert getattr(session, f"{kind}s")[f"{kind}-1"] is there
    assert heard == []


def test_ids_that_follow_one_another_leave_out_what_is_there(session: Session, make_fit: Callable[..., OpenFit]) -> None:
    session.add_fit(make_fit("fit-3"))
    assert reserve(session, "fit", 1) == 2
    assert reserve(session, "fit", 3) == 4
    assert session.new_id("fit") == "fit-7"


def test_a_resolution_that_the_map_has_itself_is_nothing_to_be_kept(session: Session) -> None:
    item = session.maps["map-1"]
    session.maps["map-1"] = replace(item, density=replace(item.density, resolution=MapResolution(4.0, "its header")))
    session.set_resolution("map-1", 4.0)
    assert session.resolutions == {}
    session.set_resolution("map-1", 7.0)
    assert session.resolutions == {"map-1": 7.0}
    session.set_resolution("map-1", 4.0)
    assert session.resolutions == {}, "a project that is opened again has it from the map, too"
    assert session.resolution("map-1") == MapResolution(4.0, "its header")


def test_ids_are_never_given_out_twice(session: Session, open_map: OpenMap) -> None:
    first = session.new_id("map")
    assert first == "map-2"
    session.add_map(replace(open_map, id=first))
    session.remove_map(first)
    assert session.new_id("map") == "map-3"


def test_clearing_closes_all_and_leaves_nothing_to_save(session: Session) -> None:
    assert session.dirty
    session.clear()
    assert session.is_empty
    assert not session.dirty
    assert session.map is None


def test_centres_are_the_moved_middle(session: Session) -> None:
    fit = session.fits["fit-1"]
    for centre, placement in zip(fit.centres(), fit.placements, strict=True):
        np.testing.assert_allclose(centre, placement.pose.apply(fit.arrays.centre))


def test_levels_convert_to_sigma_and_back(open_map: OpenMap) -> None:
    statistics = open_map.statistics
    values = open_map.density.values
    assert statistics.counts.sum() == values.size
    assert statistics.in_sigma(float(values.mean() + 2 * values.std())) == pytest.approx(2, rel=1e-5)
    assert statistics.from_sigma(statistics.in_sigma(0.37)) == pytest.approx(0.37)


def whole(session: Session) -> bool:
    """Whether nothing that is selected, or needed by something that is open, has been closed."""
    selected = ((session.map, session.maps), (session.model, session.models), (session.fit, session.fits))
    fits = [fit.record for fit in session.fits.values()]
    return (
        all(one is None or items.get(one.id) is one for one, items in selected)
        and all(record.map in session.maps and record.model in session.models for record in fits)
        and (session.placement is None or (session.fit is not None and session.placement in session.fit.placements))
        and (session.composite is None or session.composites.get(session.composite.id) is session.composite)
        and all(one.map in session.maps for one in session.composites.values())
    )


@pytest.fixture
def crowd(
    open_map: OpenMap, open_model: OpenModel, make_fit: Callable[..., OpenFit], composite_of: Callable[..., CompositeRecord]
) -> Session:
    session = Session()
    for number in (1, 2, 3):
        session.add_map(replace(open_map, id=f"map-{number}"))
        session.add_model(replace(open_model, id=f"model-{number}"))
        session.add_fit(make_fit(f"fit-{number}", map=f"map-{number}", model=f"model-{number}"))
        session.add_composite(composite_of(session.fits[f"fit-{number}"].record, f"composite-{number}"))
    return session


@pytest.mark.parametrize("selected", ["1", "2", "3"])
@pytest.mark.parametrize("close", ["map", "model", "fit", "composite", "all"])
def test_no_listener_sees_a_session_changed_by_half(crowd: Session, selected: str, close: str) -> None:
    crowd.select_map(f"map-{selected}")
    crowd.select_model(f"model-{selected}")
    crowd.select_fit(f"fit-{selected}")
    heard: list[str] = []
    for name, signal in crowd.events.signals.items():

        def hear(*values: object, name: str = name) -> None:
            assert whole(crowd), name
            if name.endswith("_selected") and values[0] is not None:
                assert values[0] is getattr(crowd, name.removesuffix("_selected")), f"{name} tells of what is not selected any more"
            heard.append(name)

        signal.connect(hear)
    if close == "all":
        crowd.clear()
        assert crowd.is_empty
    else:
        getattr(crowd, f"remove_{close}")(f"{close}-{selected}")
    assert whole(crowd)
    assert all(heard.count(name) <= 1 for name in heard if name.endswith("_selected")), heard


def test_a_listener_that_fails_keeps_nothing_from_the_others(crowd: Session) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a view failed")

    heard: list[object] = []
    crowd.events.fit_removed.connect(fail)
    crowd.events.map_removed.connect(heard.append)
    crowd.events.map_selected.connect(heard.append)
    with pytest.raises(EmitLoopError) as caught:
        crowd.clear()
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert heard == ["map-1", "map-2", "map-3", None]
    assert crowd.is_empty
    assert not crowd.dirty
