"""The files for ChimeraX and PyMOL, run with stand-ins of what those programs offer, and with a stand-in of this program."""

import json
import os
import re
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.handover.plugin import PLUGINS, plugin_text

PROGRAM = """
import json, os, pathlib, sys
words = sys.argv[1:]
pathlib.Path("called.json").write_text(json.dumps([words, os.environ.get("PYTHONHOME")]))
print("difffit was called")
if words[0] == "fit":
    if "7" in words:
        sys.exit("difffit: resolution must be given")
    out = pathlib.Path(words[words.index("--out") + 1])
    out.mkdir()
    found = [{"verdict": "unique", "local_correlation": 0.9}, {"verdict": "weaker", "local_correlation": 0.5}]
    (out / "placements.json").write_text(json.dumps({"placements": found}))
    for number in (1, 2):
        (out / f"placement_{number:03d}.cif").write_text("data_")
"""


class Wrong(Exception):
    """What either program takes for a mistake of its user."""


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The file for a program, run with modules that stand for it; calls this program's stand-in."""
    stand_in = tmp_path / "stand_in.py"
    stand_in.write_text(PROGRAM)

    def run(program: str, modules: dict[str, types.ModuleType], **names: Any) -> dict[str, Any]:
        for name, module in modules.items():
            monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.setenv("PYTHONHOME", "")
        text = plugin_text(program)
        assert f"PROGRAM = [{sys.executable!r}, '-m', 'difffit_core']" in text
        scope = dict(names)
        exec(compile(text, PLUGINS[program], "exec"), scope)
        scope["PROGRAM"][:] = [sys.executable, str(stand_in)]
        return scope

    return run


def called(place: Path) -> list[str]:
    words, python_home = json.loads((place / "called.json").read_text())
    assert python_home is None
    return words


def module(name: str, **content: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(content)
    return made


class Model:
    """Of ChimeraX: a name, a number, and where it stands."""

    def __init__(self, name: str, number: int, shift: float = 0.0) -> None:
        self.name, self.id_string = name, str(number)
        self.scene_position = types.SimpleNamespace(matrix=np.c_[np.eye(3), [shift, 0, 0]])


class Volume(Model):
    pass


class AtomicStructure(Model):
    pass


@pytest.fixture
def chimerax(load: Callable[..., dict[str, Any]]) -> Iterator[Any]:
    """ChimeraX with the file opened: ``models``, what was ``run``, ``said``, and the ``commands`` by name."""
    world = types.SimpleNamespace(models=[], ran=[], said=[], commands={}, threads=[])

    def run(session: Any, words: str) -> list[Any]:
        world.ran.append(words)
        verb, path = re.match(r'(\w+) "?([^"]+?)"?(?: models .*)?$', words).groups()
        if verb == "save":
            Path(path).write_text("saved")
            return []
        return [types.SimpleNamespace(name="opened")]

    class CmdDesc:
        def __init__(
            self, required: Any = (), optional: Any = (), keyword: Any = (), required_arguments: Any = (), synopsis: str = ""
        ) -> None:
            self.names = [name for name, _ in (*required, *optional, *keyword)]

    def register(name: str, description: CmdDesc, function: Any, logger: Any) -> None:
        import inspect

        assert list(inspect.signature(function).parameters)[1:] == description.names
        world.commands[name] = function

    words = ["FloatArg", "ModelsArg", "PositiveIntArg", "SaveFolderNameArg", "StringArg"]
    core = module(
        "chimerax.core.commands", CmdDesc=CmdDesc, register=register, run=run,
        quote_path_if_necessary=lambda path: f'"{path}"' if " " in path else path, **dict.fromkeys(words),
    )  # fmt: skip
    logger = types.SimpleNamespace(
        **{name: lambda line, name=name: world.said.append((name, line)) for name in ("info", "warning", "error")}
    )
    world.session = types.SimpleNamespace(
        logger=logger, models=types.SimpleNamespace(list=lambda: world.models),
        ui=types.SimpleNamespace(thread_safe=lambda function, *arguments: function(*arguments)),
    )  # fmt: skip
    modules = {
        "chimerax": module("chimerax"), "chimerax.core": module("chimerax.core"), "chimerax.core.commands": core,
        "chimerax.core.errors": module("chimerax.core.errors", UserError=Wrong),
        "chimerax.atomic": module("chimerax.atomic", AtomicStructure=AtomicStructure, AtomicStructureArg=None),
        "chimerax.map": module("chimerax.map", Volume=Volume, MapArg=None),
    }  # fmt: skip
    world.scope = load("chimerax", modules, session=world.session)
    started = world.scope["_start"]
    world.scope["_start"] = lambda *words: world.threads.append(started(*words))
    yield world
    for thread in world.threads:
        thread.join()


def test_chimerax_opens_what_it_holds(chimerax: Any, tmp_path: Path) -> None:
    chimerax.models[:] = [Volume("a map.mrc", 1), Volume("moved", 2, 5.0), AtomicStructure("7k00", 3), Model("lines", 4)]
    place = tmp_path / "a place"
    chimerax.commands["difffit open"](chimerax.session, folder=str(place))
    chimerax.threads[0].join()
    assert called(place) == ["open", *(str(place / name) for name in ("a_map.mrc", "moved.mrc", "7k00.cif"))]
    assert chimerax.ran[-1] == f'save "{place / "7k00.cif"}" models #3 relModel #1'
    assert [kind for kind, line in chimerax.said if "moved" in line] == ["warning"]
    chimerax.commands["difffit open"](chimerax.session, models=chimerax.models[1:2], folder=str(place))
    with pytest.raises(Wrong, match="is there already"):
        chimerax.commands["difffit open"](chimerax.session, models=chimerax.models[1:2], folder=str(place))
    with pytest.raises(Wrong, match="neither"):
        chimerax.commands["difffit open"](chimerax.session, models=chimerax.models[3:])


def test_chimerax_has_a_model_fitted_and_takes_it_back(chimerax: Any, tmp_path: Path) -> None:
    density, model = Volume("density", 1, 3.0), AtomicStructure("part", 2)
    opened: list[Any] = []
    original = chimerax.scope["run"]
    chimerax.scope["run"] = lambda session, words: opened.extend(original(session, words)) or opened[-1:]
    chimerax.commands["difffit fit"](
        chimerax.session, model, in_map=density, resolution=4.0, chains="A,B", count=2, folder=str(tmp_path / "f")
    )  # fmt: skip
    chimerax.threads[0].join()
    words = called(tmp_path / "f")
    assert words[:3] == ["fit", str(tmp_path / "f" / "density.mrc"), str(tmp_path / "f" / "part.cif")]
    assert words[3:] == ["--resolution", "4", "--chain", "A,B", "--out", str(tmp_path / "f" / "fit")]
    assert [one.name for one in opened] == ["placement 1, unique", "placement 2, weaker"]
    assert all(one.position is density.scene_position for one in opened)
    assert ("info", "difffit was called") in chimerax.said
    chimerax.commands["difffit fit"](chimerax.session, model, in_map=density, resolution=7.0, folder=str(tmp_path / "g"))
    chimerax.threads[1].join()
    assert chimerax.said[-1] == ("error", "difffit: resolution must be given")
    with pytest.raises(Wrong, match="nothing runs"):
        chimerax.commands["difffit stop"](chimerax.session)
    chimerax.scope["PROGRAM"][:] = [str(tmp_path / "gone")]
    with pytest.raises(Wrong, match="difffit plugin chimerax"):
        chimerax.commands["difffit fit"](chimerax.session, model, in_map=density, folder=str(tmp_path / "h"))


@pytest.fixture
def pymol(load: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """PyMOL with the file run: objects by name, what was loaded, and the commands."""
    world = types.SimpleNamespace(
        objects={"density": "object:map", "part": "object:molecule", "surface": "object:mesh"}, loaded=[], commands={}, threads=[],
        moved=None,
    )  # fmt: skip
    cmd = types.SimpleNamespace(
        get_names=lambda kind: list(world.objects), get_type=world.objects.__getitem__, extend=world.commands.__setitem__,
        save=lambda path, name, quiet: Path(path).write_text(name), get_unused_name=lambda prefix: f"{prefix}02",
        load=lambda path, name, quiet: world.loaded.append((Path(path).name, name)), get_object_ttt=lambda name: world.moved,
    )  # fmt: skip
    world.menu: dict[str, Any] = {}
    plugins = module("pymol.plugins", addmenuitemqt=world.menu.__setitem__)
    world.scope = load("pymol", {"pymol": module("pymol", cmd=cmd, CmdException=Wrong), "pymol.plugins": plugins})
    started = world.scope["_start"]
    world.scope["_start"] = lambda *words: world.threads.append(started(*words))
    yield world
    for thread in world.threads:
        thread.join()


def test_pymol_opens_what_it_holds_and_has_a_model_fitted(pymol: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pymol.scope["__init_plugin__"]()
    assert list(pymol.menu.values()) == [pymol.commands["difffit_open"]]
    pymol.commands["difffit_open"](folder=str(tmp_path / "o"))
    pymol.threads[0].join()
    assert called(tmp_path / "o") == ["open", str(tmp_path / "o" / "density.mrc"), str(tmp_path / "o" / "part.cif")]
    pymol.commands["difffit_fit"]("part", "density", "4", chains="A,B", count="2", folder=str(tmp_path / "f"))
    pymol.threads[1].join()
    assert called(tmp_path / "f")[3:-2] == ["--resolution", "4", "--chain", "A,B"]
    assert pymol.loaded == [("placement_001.cif", "placement_1"), ("placement_002.cif", "placement_2")]
    said = capsys.readouterr().out
    assert "placement_1 is unique, local correlation 0.900" in said
    assert "was moved" not in said
    pymol.objects["placement_1"], pymol.moved = "object:molecule", [*pymol.scope["STILL"][:3], 5.0, *pymol.scope["STILL"][4:]]
    pymol.commands["difffit_fit"]("part", "density", "4", folder=str(tmp_path / "g"))
    pymol.threads[2].join()
    assert pymol.loaded[-1] == ("placement_001.cif", "placement_1_02")
    assert "density was moved" in capsys.readouterr().out
    for words, said in ((("density", "density"), "must be the name of a model"), (("part", "none"), "name of a map")):
        with pytest.raises(Wrong, match=said):
            pymol.commands["difffit_fit"](*words)
    with pytest.raises(Wrong, match="neither"):
        pymol.commands["difffit_open"]("surface")
    with pytest.raises(Wrong, match="nothing runs"):
        pymol.commands["difffit_stop"]()


def test_the_file_calls_the_program_that_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert os.path.isabs(sys.executable)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert f"PROGRAM = [{sys.executable!r}]" in plugin_text("pymol")
    monkeypatch.setenv("APPIMAGE", "/opt/difffit.AppImage")
    assert "PROGRAM = ['/opt/difffit.AppImage']" in plugin_text("chimerax")
