"""Any recipe that a panel shows is the one that it emits; every field of a recipe is the panel's, or named as set elsewhere."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from difffit_app.application import Application
from difffit_app.features.aligning.panel import AlignPanel
from difffit_app.features.assemble.panel import AssemblePanel
from difffit_app.features.compose.panel import ComposePanel
from difffit_app.features.fetch.panel import FetchPanel
from difffit_app.features.fit.panel import FitPanel
from difffit_app.features.halves.panel import HalvesPanel
from difffit_app.features.refine.panel import RefinePanel
from difffit_app.features.screen.panel import ScreenPanel
from difffit_app.features.symmetry.panel import SymmetryPanel
from difffit_core.align.recipe import AlignRecipe
from difffit_core.align.symmetry_recipe import SymmetryRecipe
from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.compose.recipe import ComposeRecipe, WantedModel
from difffit_core.fetch.recipe import FetchRecipe
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.setting_words import nearest_preset
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.halves.recipe import HalvesRecipe
from difffit_core.recipes.base import Recipe
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.screen.recipe import ScreenRecipe

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
SEEDS = st.integers(0, 2**31 - 1)
OWN = {name: st.just(None) for name in ("level", "threads", "half_maps")} | {"device": st.just("auto"), "models": st.just("")}


def test_a_fit(fitted: Application, made: ModuleType) -> None:
    panel, chains = fitted.window.panels["Fit"], fitted.session.models["model-1"].model.chains
    some = st.lists(st.sampled_from(chains), min_size=1, unique=True).map(lambda names: tuple(name for name in chains if name in names))
    here = {"map": st.just("map-1"), "model": st.just("model-1"), "chains": some, "seed": SEEDS}

    @FEW
    @given(made.fit_recipes(**here, **OWN, start=st.none(), region=st.none()))
    def check(recipe: FitRecipe) -> None:
        panel.show_recipe(recipe)
        assert panel.recipe() == recipe
        panel.show_recipe(recipe.changed(seed=2**40 + 1))  # as of a fit of a screen, which no one chose
        assert panel.recipe() == recipe

    check()


def test_a_refinement(opened: Application, made: ModuleType) -> None:
    panel, chains = opened.window.panel("Refine").widget(), opened.session.models["model-1"].model.chains
    own = {
        "map": "map-1",
        "model": "model-1",
        "chains": chains,
        "level": None,
        "models": "",
        "threads": None,
        "half_maps": None,
        "pose": None,
    }

    @FEW
    @given(made.REFINE_RECIPES.map(lambda recipe: recipe.changed(**own, seed=recipe.seed % 2**31)))
    def check(recipe: RefineRecipe) -> None:
        panel.show_recipe(recipe)
        assert panel.recipe() == recipe

    check()


def test_an_assembly(opened: Application, made: ModuleType) -> None:
    panel = opened.window.panel("Assemble").widget()
    presets = st.sampled_from([Preset.FAST, Preset.BALANCED]).map(FitSettings.preset)
    paths = st.sampled_from(["", "/a b/c.pdb", "fixed.cif"])
    here = {"map": "map-1", "library": "/models", "level": None, "half_maps": None, "device": "auto"}

    @FEW
    @given(made.assemble_recipes(), presets, paths, paths, SEEDS)
    def check(recipe: AssembleRecipe, fits: FitSettings, fixed: str, links: str, seed: int) -> None:
        recipe = recipe.changed(**here, settings=fits, fixed=fixed, cross_links=links, seed=seed)
        panel.show_recipe(recipe)
        assert panel.recipe() == recipe

    check()


@pytest.mark.slow
def test_an_alignment(crowded: Application, made: ModuleType) -> None:
    panel = crowded.window.panel("Align").widget()
    presets = st.sampled_from([Preset.FAST, Preset.BALANCED]).map(FitSettings.preset)
    moving = st.sampled_from([("map-2",), ("map-3",), ("map-2", "map-3")])
    own = {"fixed": "map-1", "level": None, "moving_level": None, "device": "auto", "threads": None}

    @FEW
    @given(made.ALIGN_RECIPES, presets, moving, SEEDS)
    def check(recipe: AlignRecipe, settings: FitSettings, names: tuple[str, ...], seed: int) -> None:
        recipe = recipe.changed(**own, moving=names, settings=settings, seed=seed)
        panel.show_recipe(recipe)
        assert panel.recipe() == recipe

    check()


def test_what_is_fetched(made: ModuleType, qtbot: Any) -> None:
    panel = FetchPanel()
    qtbot.addWidget(panel)
    names = st.lists(st.sampled_from(["EMD-21897", "6WTI", "6WTI-assembly1", "AF-P12345-F1"]), unique=True).map(tuple)
    plain = st.text("abc:/.1", max_size=9)

    @FEW
    @given(made.FETCH_RECIPES, names, plain)
    def check(recipe: FetchRecipe, entries: tuple[str, ...], proxy: str) -> None:
        recipe = recipe.changed(entries=entries, proxy=proxy, mirrors=(), only_mirrors=False)
        panel.show_recipe(recipe)
        assert panel.recipe() == recipe

    check()


def show_composite(panel: ComposePanel, recipe: ComposeRecipe) -> None:
    panel._resolution.show(recipe.resolution)
    panel.seed.setValue(recipe.seed)
    preset, _ = nearest_preset(recipe.fit_settings)
    panel.preset.setCurrentIndex(max(panel.preset.findData(preset.value), 0))
    panel.fit_form.show_changed(recipe.fit_settings)
    for form in (panel.basic, panel.advanced):
        form.show_changed(recipe.settings)
    panel.wanted.rows["model-1"][1].setValue(recipe.wanted[0].copies or 0)


def test_a_composite(opened: Application, made: ModuleType) -> None:
    panel = opened.window.panel("Compose").widget()
    wanted = st.builds(WantedModel, model=st.just("model-1"), copies=st.none() | st.integers(1, 99)).map(lambda one: (one,))

    @FEW
    @given(made.compose_recipes(map=st.just("map-1"), wanted=wanted, seed=SEEDS, **OWN))
    def check(recipe: ComposeRecipe) -> None:
        show_composite(panel, recipe)
        assert panel.recipe() == recipe

    check()


def test_a_screen(opened: Application, made: ModuleType, tmp_path: Path) -> None:
    panel = opened.window.panel("Screen").widget()
    presets = st.sampled_from(list(Preset)).map(FitSettings.preset)
    filters = made.filters().filter(lambda one: one.max_residues <= panel.at_most.maximum())
    here = {
        "map": st.just("map-1"), "library": st.just(str(tmp_path)), "settings": presets, "seed": SEEDS, "promising": st.just(0.02),
        "filters": filters,
    }  # fmt: skip
    own = {name: strategy for name, strategy in OWN.items() if name in ScreenRecipe.model_fields}

    @FEW
    @given(made.screen_recipes(**here, **own))
    def check(recipe: ScreenRecipe) -> None:
        panel.show_set_up("map-1", recipe.model_dump(mode="json"), [recipe.library], tmp_path / "s.sqlite")
        assert panel.recipe() == recipe

    check()


@pytest.mark.parametrize(
    ("panel", "kind", "shown"),
    [
        (FitPanel, FitRecipe, {"map", "model", "chains", "resolution", "settings", "seed", "symmetry"}),
        (ComposePanel, ComposeRecipe, {"map", "wanted", "resolution", "settings", "fit_settings", "seed"}),
        (
            RefinePanel,
            RefineRecipe,
            {"map", "model", "chains", "resolution", "settings", "hold", "rigid", "apart", "pae", "b_factors", "seed"},
        ),
        (
            AssemblePanel,
            AssembleRecipe,
            {
                "map",
                "library",
                "resolution",
                "stoichiometry",
                "symmetry",
                "fixed",
                "cross_links",
                "searches",
                "like_others",
                "bend",
                "alike",
                "filters",
                "settings",
                "promising",
                "seed",
            },
        ),
        (AlignPanel, AlignRecipe, {"fixed", "moving", "resolution", "hand", "points", "settings", "seed"}),
        (SymmetryPanel, SymmetryRecipe, {"map", "resolution", "seed"}),
        (HalvesPanel, HalvesRecipe, {"first", "second", "resolution", "mask", "local", "seed"}),
        (FetchPanel, FetchRecipe, {"entries", "half_maps", "pae", "again", "proxy"}),
        (ScreenPanel, ScreenRecipe, {"map", "library", "resolution", "filters", "settings", "seed"}),
    ],
)
def test_every_field_is_in_the_panel_or_set_elsewhere(panel: Any, kind: type[Recipe], shown: set[str]) -> None:
    assert shown | set(panel.ELSEWHERE) == set(kind.model_fields)
    assert not shown & set(panel.ELSEWHERE)
