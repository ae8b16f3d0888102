"""Commands on how things are drawn and what is selected."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtGui import QColor

from difffit_app.commands.looks import ColourThings, Hide, Level, Select, Show, Style
from difffit_app.commands.verb import Verb
from difffit_app.commands.words import meant
from difffit_app.desk import Desk
from difffit_app.geometry.colours import COLOURINGS
from difffit_app.offered import Selects, Styles
from difffit_app.state.items import OpenMap
from difffit_app.state.parts import called, part_of
from difffit_app.state.selection import Selection, residues_of
from difffit_app.styles import MapStyle, ModelStyle
from difffit_core.errors import UserError
from difffit_core.number_words import decimal_number

_SIGMA = "sigma"


def add(desk: Desk, styles: Styles, selects: Selects) -> None:
    session, view_state = desk.session, desk.view_state

    def sorted_out(texts: Iterable[str]) -> tuple[list[str], dict[str, set[int]]]:
        """Whole maps and models, and residues of models."""
        wholes: list[str] = []
        parts: dict[str, set[int]] = {}
        for text in texts:
            if text == "all":
                wholes += [*session.maps, *session.models]
                continue
            identifier, residues = part_of(text, session)
            if residues is None:
                wholes.append(identifier)
            else:
                parts.setdefault(identifier, set()).update(residues.tolist())
        return list(dict.fromkeys(wholes)), parts

    def change(identifier: str, **changes: object) -> None:
        if identifier in session.maps:
            styles.change_map(identifier, **changes)
        else:
            styles.change_model(identifier, **changes)

    def draw(shown: bool) -> Callable[[Show | Hide], None]:
        def run(recipe: Show | Hide) -> None:
            wholes, parts = sorted_out(recipe.what)
            for identifier in wholes:
                change(identifier, visible=shown)
            if parts:
                selects.draw_residues(parts, shown)

        return run

    def select(recipe: Select) -> None:
        wholes, parts = sorted_out(recipe.what)
        chosen: dict[str, Iterable[int]] = dict(parts)
        for identifier in wholes:
            if identifier in session.models:
                chosen[identifier] = residues_of(session.models[identifier].model).tolist()
            elif recipe.what != ("all",):
                raise UserError(f"{session.maps[identifier].name} is a map: residues of models are selected; choose takes a map")
        selects.select(Selection.of(chosen))

    def check_level(identifier: str, level: float) -> None:
        statistics = session.maps[identifier].statistics
        if not statistics.low <= level < statistics.high:
            raise UserError(f"the level must lie from {statistics.low:.4g} to below {statistics.high:.4g}, got {level:.4g}")

    def set_level(recipe: Level) -> None:
        identifier, _ = part_of(recipe.what, session)
        if identifier not in session.maps:
            raise UserError(f"{session.models[identifier].name} is a model, and has no level")
        if recipe.value == "auto":
            styles.suggest_level(identifier)
            return
        text = recipe.value.lower()
        of_sigma = text.endswith(_SIGMA)
        statistics = session.maps[identifier].statistics
        number = decimal_number(text.removesuffix(_SIGMA))
        if number is None:
            raise UserError(f"a level must be a number, as 0.3, or 3sigma, or auto, got {recipe.value}")
        level = statistics.from_sigma(number) if of_sigma else number
        check_level(identifier, level)
        styles.set_level(identifier, level)

    def colour(recipe: ColourThings) -> None:
        *texts, word = (text for text in recipe.what if text not in ("by",))
        if not texts:
            raise UserError("colour wants a map or model and a colour, as colour #1 orange")
        wholes, parts = sorted_out(texts)
        if word.replace("-", "_") in COLOURINGS:
            if parts or any(one in session.maps for one in wholes):
                raise UserError(f"whole models are coloured by {word}; maps and parts of models have one colour")
            for identifier in wholes:
                styles.change_model(identifier, colour_by=word.replace("-", "_"))
            return
        name = colour_of(word)
        for identifier in wholes:
            change(identifier, colour=name, **({} if identifier in session.maps else {"colour_by": "plain"}))
        if parts:
            selects.colour_residues(name, parts)

    def restyle(recipe: Style) -> None:
        identifier, residues = part_of(recipe.what, session)
        changes: dict[str, Any] = recipe.changes()
        kind, other = (MapStyle, "map") if identifier in session.maps else (ModelStyle, "model")
        strange = next((name for name in changes if name not in kind.model_fields), None)
        if strange is not None or residues is not None:
            part = f"whole maps and models have a style, got {called(recipe.what, session)}"
            raise UserError(f"a {other} has no {strange.replace('_', '-')}" if strange else part)
        if not changes:
            style = view_state.maps.get(identifier) or view_state.models[identifier]
            told = ", ".join(f"{name.replace('_', '-')} {value}" for name, value in style if name in Style.model_fields)
            desk.commands.told.emit(f"{called(recipe.what, session)}: {told}")
            return
        if "level" in changes:
            check_level(identifier, changes["level"])
        if "slices" in changes:
            check_slices(session.maps[identifier], changes["slices"])
        change(identifier, **changes)

    desk.commands.add(
        Verb("show", Show, draw(True), "Draw maps, models, chains or residues: show #2/A", complete=lambda _: ("all",)),
        Verb("hide", Hide, draw(False), "Do not draw them: hide #2/A:10-20", complete=lambda _: ("all",)),
        Verb("select", Select, select, "Select models, chains or residues: select #2/A:10-20"),
        Verb("level", Level, set_level, "Set the contour level of a map: level #1 0.3, level #1 3sigma", complete=lambda _: ("auto",)),
        Verb("colour", ColourThings, colour, "Give a colour: colour #1 orange, colour #2 by chain", complete=lambda _: (*COLOURINGS, "by")),
        Verb("color", ColourThings, colour, "The same as colour", complete=lambda _: (*COLOURINGS, "by")),
        Verb("style", Style, restyle, "Say how a map or model is drawn: style #1 mode mesh opacity 0.5"),
    )


def check_slices(item: OpenMap, numbers: Sequence[int]) -> None:
    """`UserError` where a slice lies outside the map."""
    shape = item.density.shape_xyz.tolist()
    if any(number >= size for number, size in zip(numbers, shape, strict=True)):
        allowed = ", ".join(f"0 to {size - 1} along {axis}" for axis, size in zip("xyz", shape, strict=True))
        raise UserError(f"slices of {item.name} must be voxel numbers, {allowed}, got {','.join(map(str, numbers))}")


def colour_of(word: str) -> str:
    """``#rrggbb`` for that, or for a name of a colour.

    Raises
    ------
    UserError
        If it is none.
    """
    found = QColor(word) if QColor.isValidColorName(word) else None
    if found is None or not found.isValid():
        near = meant(word, [*QColor.colorNames(), *COLOURINGS])
        raise UserError(f"a colour must be #rrggbb, a name as orange, or one of {', '.join(COLOURINGS)}, got {word}{near}")
    return found.name()
