"""What a report shows: a closed surface at the level, traces in place, and a view that a browser draws and turns."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.io.html import data_table, write_page
from difffit_core.report.surface import surface_of
from difffit_core.report.view import Shown, trace_of, view

RADIUS = 12.0


@pytest.fixture(scope="module")
def ball() -> DensityMap:
    """Density that falls to 1 at 12 Å from (5, −3, 20), on voxels that are not cubes."""
    size, origin, shape = np.array([1.0, 1.5, 0.8]), np.array([-15.0, -24.0, 2.0]), (45, 28, 40)
    z, y, x = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    away = np.sqrt((x * size[0] + origin[0] - 5) ** 2 + (y * size[1] + origin[1] + 3) ** 2 + (z * size[2] + origin[2] - 20) ** 2)
    return DensityMap((1 + RADIUS - away).astype(np.float32), size, origin)


@pytest.mark.parametrize(("most", "error"), [(30_000, 0.2), (400, 1.2)])
def test_the_surface_is_where_the_level_is_and_closed(ball: DensityMap, most: int, error: float) -> None:
    surface = surface_of(ball, 1.0, most)
    assert len(surface.points) <= most
    away = np.linalg.norm(surface.points - [5, -3, 20], axis=1)
    assert np.abs(away - RADIUS).max() < error
    edges = np.sort(np.concatenate([surface.triangles[:, pair] for pair in ((0, 1), (1, 2), (2, 0))]), axis=1)
    assert set(np.unique(edges, axis=0, return_counts=True)[1].tolist()) == {2}
    a, b, c = (surface.points[surface.triangles[:, i]] - [5, -3, 20] for i in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
    assert volume == pytest.approx(4 / 3 * np.pi * RADIUS**3, rel=0.12)  # positive: seen from outside


def test_a_level_above_all_has_no_surface(ball: DensityMap) -> None:
    assert len(surface_of(ball, 99.0).points) == 0
    assert view([Shown("nothing", "#000000", surface_of(ball, 99.0))]) == ""
    whole = surface_of(DensityMap(np.ones((6, 6, 6), np.float32) + np.eye(6, dtype=np.float32), np.ones(3), np.zeros(3)), 0.5)
    assert len(whole.triangles) > 0  # density up to the edge of the box ends there


def test_names_do_nothing_in_the_page_and_points_stay(ball: DensityMap) -> None:
    run = np.array([[0.0, 0.0, 0.0], [3.8, 0.0, 0.0], [3.8, 3.8, 1.0]])
    page = view([Shown("</script><b>", "#d1495b", runs=(run,)), Shown("map", "#8a94a6", surface_of(ball, 1.0))])
    assert "</script><b>" not in page
    scene = json.loads(re.search(r"application/json'>(.*?)</script>", page, re.DOTALL)[1])
    assert scene["things"][0]["name"] == "</script><b>"
    back = np.frombuffer(base64.b64decode(scene["things"][0]["runs"][0]), "<i2").reshape(-1, 3) / 32767 * scene["scale"]
    assert np.abs((back - back[0]) - (run - run[0])).max() < 0.01
    assert "http" not in page.replace("http-equiv", "")


def test_a_trace_is_broken_where_the_chain_is(repository: Path) -> None:
    from difffit_core.io.models import read_model

    model = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    runs = trace_of(model, model.coordinates)
    assert len(runs) >= 5
    assert sum(map(len, runs)) == 815
    assert max(np.linalg.norm(np.diff(run, axis=0), axis=1).max() for run in runs) < 8


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium to open a report with")
def test_a_browser_draws_it_turns_it_and_sorts(ball: DensityMap, tmp_path: Path) -> None:
    run = np.array([[5.0, -3.0, 10.0], [5.0, 2.0, 20.0], [8.0, -3.0, 30.0]])
    drawn = view([Shown("map", "#8a94a6", surface_of(ball, 1.0)), Shown("model", "#d1495b", runs=(run,))])
    act = """<script>window.onerror = text => { document.title = "ERROR " + text; };
    addEventListener("load", () => setTimeout(() => {
      const box = document.querySelector(".view"), canvas = box.querySelector("canvas"), before = box.dataset.turn;
      canvas.setPointerCapture = () => {};
      for (const [kind, x] of [["pointerdown", 100], ["pointermove", 160], ["pointerup", 160]])
        canvas.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: 100, pointerId: 1, buttons: 1 }));
      const gl = canvas.getContext("webgl2"), pixels = new Uint8Array(4 * canvas.width * canvas.height);
      gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      let filled = 0; for (let i = 3; i < pixels.length; i += 4) filled += pixels[i] > 0;
      document.querySelector("thead th").click();
      const first = document.querySelector("tbody td").textContent;
      document.title += ` turned ${before !== box.dataset.turn} filled ${filled > 5000} first ${first} gl ${gl.getError()}`;
    }, 200));</script>"""
    write_page(tmp_path / "r.html", "report", [act, drawn, data_table(("n",), [("10",), ("9",), ("1e-3",)])])
    words = ["--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--virtual-time-budget=3000"]
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    page = subprocess.run(
        ["chromium", *words, profile, "--dump-dom", (tmp_path / "r.html").as_uri()], capture_output=True, text=True, timeout=120, check=True
    ).stdout
    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert title == "report turned true filled true first 1e-3 gl 0"
