"""Lines for the command line and the console, as someone types them who tries everything."""

import random
from collections.abc import Sequence
from pathlib import Path

NEVER = ("quit", "new-window", "fetch", "close-all")
"""These leave the window that is walked through, or the machine."""
_COMMANDS = (
    "fit #{x} in #{m} resolution 9 preset fast", "align #{m} to #{n} resolution 12", "symmetry #{m} resolution 12",
    "halves {map} {other} of #{m}", "assemble #{m} {folder} resolution 9 jobs 1 searches 0", "screen #{m} {folder} resolution 9 jobs 1",
    "compose #{m} #{x}:2 resolution 9", "refine #{m} #{x} resolution 9", "map #{m} low-pass 20", "quality #{x} in #{m} resolution 9",
    "split #{x}", "open {map}; open {model}", "open {bad}", "save {out}.cif #{x}", "save {out}.mrc #{m}", "save {out}.difffit",
    "save {out}.dfc", "run {out}.dfc", "cd {folder}; open nothing", "close #{m}", "rename #{x} {text}", "rename #{m} {text}",
    "select #{x}/A", "select {text}", "hide #{m}; show #{m}", "only #{x}", "level #{m} 2sigma", "level #{m} {text}", "colour #{x} by chain",
    "style #{m} mode mesh opacity 0.5", "placement 1", "accept 1", "zero-out", "filter where {text}", "metric {text}", "resolution #{m} 7",
    "{verb}", "{verb} {text}", "{verb} #{m} {text}", "{verb} #{x} in #{m} {text}", "help {verb}", "undo; redo; undo", "{text}",
)  # fmt: skip
_PYTHON = (
    "maps, models, placements", "maps[{m}].values.max()", "show(df.edit_map(maps[{m}]).low_pass(20), {text!r})", "show(models[{x}])",
    "show(placements[1])", "run('hide #{m}')", "run({text!r})", "1 / 0", "x = {text!r}; x", "print({text!r} * 1000)", "show({text!r})",
    "df.validate(maps[{m}])", "import sys; print({text!r}, file=sys.stderr)", "exit()", "for", "def f():", "{text}",
)  # fmt: skip
TEXTS = (
    "A;system x", "<script>alert(1)</script>", "=cmd", "a'b", 'a"b', "\u202etxt", "%s{{}}", "$HOME", "nan", "1e999", "-1", "#9",
    "#1/Z:9999", "'", '"', "x" * 300, "a b", "\\", "--out /", "0", "all", "none", "\U0001f9ec", "a=b", "a=1,2;3",
)  # fmt: skip


class Lines:
    """What is typed next, of what is open now; ``verbs`` are the names of all commands."""

    def __init__(self, chance: random.Random, verbs: Sequence[str], good: Sequence[Path], bad: Sequence[Path], out: Path) -> None:
        self._chance, self._good, self._bad, self._out = chance, good, bad, out
        self._verbs = [one for one in verbs if one not in NEVER]

    def every_command(self) -> list[str]:
        """All templates, and every command with a model in a map, whatever it makes of that."""
        verbs = [f"{verb} #{{x}} in #{{m}}" for verb in self._verbs]
        return [*(one for one in _COMMANDS if "{verb}" not in one), *verbs]

    def every_python(self) -> list[str]:
        return [*_PYTHON]

    def command(self, maps: Sequence[int], models: Sequence[int], template: str = "") -> str:
        """``maps`` and ``models`` are the numbers under which they can be typed."""
        return self._filled((template,) if template else _COMMANDS, maps, models)

    def python(self, maps: Sequence[int], models: Sequence[int], template: str = "") -> str:
        return self._filled((template,) if template else _PYTHON, maps, models)

    def _filled(self, templates: Sequence[str], maps: Sequence[int], models: Sequence[int]) -> str:
        choose = self._chance.choice
        here = [path for path in self._good if path.suffix == ".mrc"]
        given = {
            "m": choose([*maps, 9]), "n": choose([*maps, 9]), "x": choose([*models, 9]), "verb": choose(self._verbs), "text": choose(TEXTS),
            "map": choose(here), "other": choose(here), "model": choose([path for path in self._good if path.suffix == ".cif"]),
            "bad": choose(self._bad), "folder": choose([self._out, self._good[0].parent]), "out": self._out / str(choose(range(50))),
        }  # fmt: skip
        return choose(templates).format(**given)
