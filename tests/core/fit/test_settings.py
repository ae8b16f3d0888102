"""Settings: presets, bounds, refusals in one sentence, and plain data that gives them back."""

import json
from typing import Any, get_args

import pytest

from difffit_core.errors import UserError
from difffit_core.fit.settings import PRESETS, FitSettings, Preset

PROPERTIES = FitSettings.model_json_schema()["properties"]
NUMBERS = [name for name, field in PROPERTIES.items() if field.get("type") in ("integer", "number")]


def bounds(name: str) -> list[tuple[float, bool]]:
    """Values at and beyond the bounds of a setting, and whether each is allowed."""
    field, step = PROPERTIES[name], 1 if PROPERTIES[name]["type"] == "integer" else 1e-6
    cases = []
    for key, sign, allowed in (
        ("minimum", -1, True),
        ("exclusiveMinimum", -1, False),
        ("maximum", 1, True),
        ("exclusiveMaximum", 1, False),
    ):
        if key in field:
            cases += [(field[key], allowed), (field[key] + sign * step, False)]
    return cases


@pytest.mark.parametrize("preset", list(Preset))
def test_presets_are_valid_and_all_there(preset: Preset) -> None:
    settings = FitSettings.preset(preset)
    for name, value in PRESETS[preset].items():
        assert getattr(settings, name) == value
    assert FitSettings.preset(preset.value) == settings


def test_presets_differ_in_work() -> None:
    work = {preset: len(s.fields) * s.starts * s.steps for preset in Preset for s in [FitSettings.preset(preset)]}
    assert work[Preset.FAST] < work[Preset.BALANCED] < work[Preset.EXHAUSTIVE]
    assert FitSettings.preset("balanced") == FitSettings()


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_two_bounds_that_hold(name: str) -> None:
    cases = bounds(name)
    assert len(cases) == 4
    for value, allowed in cases:
        if allowed:
            assert getattr(FitSettings.preset("balanced", **{name: value}), name) == value
        else:
            with pytest.raises(UserError, match=rf"^{name}: input should be .* than .*, got "):
                FitSettings.preset("balanced", **{name: value})


@pytest.mark.parametrize("name", [name for name in NUMBERS if PROPERTIES[name]["type"] == "number"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_no_number_is_infinite_or_none(name: str, value: float) -> None:
    with pytest.raises(UserError, match=f"^{name}: "):
        FitSettings.preset("balanced", **{name: value})


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_setting_has_a_meaning(name: str) -> None:
    assert len(PROPERTIES[name]["description"]) > 10
    assert "unit" in PROPERTIES[name]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starst": 10}, "starst is not a setting; there are fields, starts, positions, steps"),
        ({"atoms": "some"}, "atoms: input should be 'all' or 'backbone', got 'some'"),
        ({"fields": ["paper", "rock"]}, "fields: input should be 'paper', 'mixed' or 'fine', got 'rock'"),
        ({"fields": []}, "fields: .* at least 1 item"),
        ({"starts": "many"}, "starts: input should be a valid integer.*, got 'many'"),
        ({"starts": 10.5}, "starts: input should be a valid integer.*, got 10.5"),
        ({"smoothing_weights": [1, -1, 1, 1]}, "smoothing_weights: .* greater than or equal to 0, got -1"),
        ({"rank_by": "luck"}, "rank_by: input should be 'local_correlation', .* or 'hits', got 'luck'"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed_and_what_came(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        FitSettings.preset("fast", **changes)
    assert "\n" not in str(caught.value)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(UserError, match=r"^preset must be one of fast, balanced, exhaustive, paper, got thorough$"):
        FitSettings.preset("thorough")


@pytest.mark.parametrize("preset", list(Preset))
def test_json_gives_them_back(preset: Preset) -> None:
    settings = FitSettings.preset(preset, smoothing_weights=(1.0, 0.5, 0.25, 2.0), padding="negative")
    assert FitSettings.checked(json.loads(json.dumps(settings.model_dump(mode="json")))) == settings
    assert FitSettings.model_validate_json(settings.model_dump_json()) == settings


def test_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        FitSettings().starts = 5  # type: ignore[misc]


def test_every_ranking_is_a_metric_or_the_hits() -> None:
    from difffit_core.placement import FitMetrics

    names = set(get_args(FitSettings.model_fields["rank_by"].annotation))
    assert names == {*FitMetrics.__dataclass_fields__, "hits"} - {"inside"}
