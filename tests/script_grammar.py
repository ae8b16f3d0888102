"""The parts of ChimeraX's and PyMOL's command languages that scripts of ours use, as those programs' references give them.

ChimeraX: a command, positional arguments, then keyword arguments in any order; keywords are not abbreviated here. PyMOL: a command and
arguments apart by commas; names of objects must be none of the words of selections.
"""

import ast
import re
import shlex

_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?"
_SPEC = r"#\d+(\.\d+)*(/[A-Za-z0-9_]+)?"
_COLOUR = r"#([0-9a-f]{6}|[0-9a-f]{8})"
_POINT = rf"{_NUMBER},{_NUMBER},{_NUMBER}"
_BOOL = "true|false"
_DISTANCES = {"templateAtoms": _SPEC, "perChain": _BOOL, "adjustForConfidence": _BOOL, "kappa": _NUMBER}
_TORSIONS = {"templateResidues": _SPEC, "backbone": _BOOL, "sidechains": _BOOL, "adjustForConfidence": _BOOL}
_SHAPE = {"radius": _NUMBER, "fromPoint": _POINT, "toPoint": _POINT, "color": _COLOUR, "name": r"\w+", "modelId": r"#\d+"}
CHIMERAX: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "open": ((r".+",), {"id": r"#\d+"}),
    "volume": ((_SPEC,), {"style": "surface|mesh|image", "level": _NUMBER, "color": _COLOUR, "step": r"\d+"}),
    "color": ((_SPEC, _COLOUR), {}),
    "hide": ((_SPEC, "atoms|cartoons|models|surfaces"), {}),
    "show": ((_SPEC, "atoms|cartoons|models|surfaces"), {}),
    "view": ((), {}),
    "view of": ((_SPEC,), {}),
    "addh": ((_SPEC,), {}),
    "shape cylinder": ((), _SHAPE),
    "isolde start": ((), {}),
    "isolde select": ((_SPEC,), {}),
    "isolde restrain distances": ((_SPEC,), _DISTANCES),
    "isolde restrain torsions": ((_SPEC,), _TORSIONS),
    "clipper associate": ((_SPEC,), {"toModel": _SPEC}),
}
_WORDS = frozenset(
    (
        "all", "none", "model", "chain", "segi", "resi", "resn", "name", "elem", "index", "id", "and", "or", "not", "in", "like", "within",
        "of", "to", "around", "byres", "bychain", "object", "state", "polymer", "organic", "solvent", "enabled",
    )
)  # fmt: skip
_SELECTION = r"(\w+)( and (chain [A-Za-z0-9_]+(\+[A-Za-z0-9_]+)*|name \w+))?"
_REPRESENTATION = "everything|cartoon|ribbon|sticks|spheres|surface|mesh|labels|lines"
_NEW, _TRIPLE = r"\w+", rf"\[{_NUMBER}, ?{_NUMBER}, ?{_NUMBER}\]"
PYMOL: dict[str, tuple[str, ...]] = {
    "set": (r"normalize_ccp4_maps|transparency", _NUMBER, rf"({_NEW})?"),
    "isosurface": (_NEW, _NEW, _NUMBER),
    "color": (r"0x[0-9a-f]{6}|grey70|salmon", _SELECTION),
    "show": (_REPRESENTATION, _SELECTION),
    "hide": (_REPRESENTATION, _SELECTION),
    "disable": (_NEW,),
    "zoom": (_SELECTION,),
    "pseudoatom": (_NEW, rf"pos={_TRIPLE}", r"name=\w+"),
    "distance": (_NEW, _SELECTION, _SELECTION),
}


def check_cxc(script: str) -> list[str]:
    """The commands of a ChimeraX script, each of which is in the grammar and speaks of a model that was opened before."""
    commands, opened = [], set()
    for line in script.splitlines():
        if not line or line.startswith("#"):
            continue
        words = shlex.split(line)
        if words[0] == "view" and len(words) > 1:
            words[0:1] = ["view", "of"]
        names = [name for name in (" ".join(words[:count]) for count in (3, 2, 1)) if name in CHIMERAX]
        assert names, f"not a command: {line}"
        positional, keywords = CHIMERAX[names[0]]
        rest = words[len(names[0].split()) :]
        for pattern in positional:
            assert rest, f"too few arguments: {line}"
            assert re.fullmatch(pattern, rest[0]), f"{rest[0]} in: {line}"
            rest = rest[1:]
        assert len(rest) % 2 == 0, line
        for keyword, value in zip(rest[::2], rest[1::2], strict=True):
            assert keyword in keywords, f"{keyword} in: {line}"
            assert re.fullmatch(keywords[keyword], value), f"{value} in: {line}"
        if names[0] == "open":
            opened.add(words[words.index("id") + 1])
        elif names[0] == "shape cylinder":
            opened.add(words[words.index("modelId") + 1])
        for word in re.findall(r"(?<= )#\d+(?=[/ ]|$)", line):
            assert word in opened, f"{word} is not open yet: {line}"
        commands.append(names[0])
    return commands


def check_pml(script: str) -> list[str]:
    """The commands of a PyMOL script, each of which is in the grammar and speaks of objects that were made before."""
    commands, made = [], set()
    for line in script.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("/"):
            call = ast.parse(line[1:], mode="eval").body
            assert isinstance(call, ast.Call), line
            assert ast.unparse(call.func) == "cmd.load", line
            made.add(ast.literal_eval(call.args[1]))
            commands.append("load")
            continue
        name, _, rest = line.partition(" ")
        assert name in PYMOL, f"not a command: {line}"
        given = re.split(r", (?![^\[]*\])", rest)
        patterns = PYMOL[name]
        assert len(given) <= len(patterns), line
        for value, pattern in zip([*given, *[""] * (len(patterns) - len(given))], patterns, strict=True):
            assert re.fullmatch(pattern, value), f"{value} in: {line}"
        if name in ("isosurface", "pseudoatom", "distance"):
            made.add(given[0])
        subjects = {"isosurface": given[1:2], "set": given[2:3], "pseudoatom": given[:1], "disable": given[:1]}.get(
            name, given[1:] or given
        )
        for subject in subjects:
            assert subject.split()[0] in made, f"{subject} is not there yet: {line}"
        commands.append(name)
    assert not made & _WORDS, f"words of selections: {made & _WORDS}"
    return commands
