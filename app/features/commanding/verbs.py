"""Commands on what is open: files, names, and what menus are about."""

import os
from collections.abc import Iterable
from pathlib import Path

from difffit_app.commands.things import Choose, Close, Folder, Help, OfFile, Open, Rename, Save, SayResolution
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.offered import OpenFiles
from difffit_app.state.parts import called, part_of
from difffit_core.errors import UserError
from difffit_core.io.files import suffix_of
from difffit_core.number_words import decimal_number

_LOW, _HIGH = 0.5, 100.0


def add(desk: Desk, files: OpenFiles) -> None:
    session, commands = desk.session, desk.commands

    def whole(text: str) -> str:
        """Id of a map or model."""
        identifier, residues = part_of(text, session)
        if residues is not None:
            raise UserError(f"a whole map or model is wanted, as #1, got a part: {called(text, session)}")
        return identifier

    def open_files(recipe: Open) -> None:
        paths = [commands.path(text) for text in recipe.files]
        lacking = next((path for path in paths if not os.path.exists(path)), None)
        if lacking is not None:
            raise UserError(f"{lacking}: no such file")
        files.open_paths(paths)

    def close(recipe: Close) -> None:
        if recipe.what == ("all",):
            files.close_all()
            return
        for identifier in dict.fromkeys([whole(text) for text in recipe.what]):
            if identifier in session.maps or identifier in session.models:  # else it went with one before
                files.remove(identifier)

    def choose(recipe: Choose) -> None:
        identifier = whole(recipe.what)
        if identifier in session.maps:
            session.select_map(identifier)
        else:
            session.select_model(identifier)

    def other_models(recipe: OfFile) -> None:
        identifier = whole(recipe.what)
        if identifier not in session.models or len(session.models[identifier].model.held) < 2:
            raise UserError(f"the file of {called(recipe.what, session)} does not hold several models")
        files.show_models(identifier, recipe.which)

    def say_resolution(recipe: SayResolution) -> None:
        identifier = whole(recipe.what)
        value = decimal_number(recipe.value)
        if identifier not in session.maps or value is None or not _LOW <= value <= _HIGH:
            raise UserError(f"the resolution of a map must lie between {_LOW:g} and {_HIGH:g} Å, got {recipe.value}")
        session.set_resolution(identifier, value)

    def save(recipe: Save) -> None:
        path = commands.path(recipe.file)
        suffix = suffix_of(path)
        if suffix not in commands.writers:
            raise UserError(f"what is written goes by its suffix, {', '.join(sorted(commands.writers))}, got {path.name}")
        commands.writers[suffix](path, whole(recipe.what[0]) if recipe.what else None)

    def change_folder(recipe: Folder) -> None:
        folder = commands.path(recipe.folder)
        if not os.path.isdir(folder):
            raise UserError(f"{folder}: no such folder")
        commands.folder = folder.resolve()

    def explain(recipe: Help) -> None:
        if recipe.about:
            verb = commands.verb_of(recipe.about[0])
            lines = [f"{verb.name}: {verb.help}", verb.usage()]
            lines += [f"  {_called(one.name, verb)}: {one.help}" for one in verb.parameters if one.help]
            commands.told.emit("\n".join(lines))
        else:
            own = [verb for verb in commands.verbs.values() if not verb.is_action]
            told = [f"{verb.name}: {verb.help}" for verb in sorted(own, key=lambda one: one.name)]
            actions = ", ".join(sorted(name for name, verb in commands.verbs.items() if verb.is_action))
            commands.told.emit("\n".join([*told, f"and every entry of the menus by its name: {actions}"]))

    def write_commands(path: Path, what: str | None) -> None:
        if what is not None:
            raise UserError("a file of commands is of all that was done")
        text = "".join(f"{line}\n" for line in ("# DiffFit Desktop commands", *commands.done))

        def write(place: Path) -> None:
            place.write_text(text, "utf-8")

        desk.exports.write(path, (".dfc",), "script", write)

    commands.writers[".dfc"] = write_commands
    commands.add(
        Verb("open", Open, open_files, "Open maps, models, a project or a folder", complete=lambda text: paths_like(text, commands.folder)),
        Verb("close", Close, close, "Close maps and models, or all", complete=lambda _: ("all",)),
        Verb("rename", Rename, lambda one: files.rename(whole(one.what), one.name), "Give a map or a model another name"),
        Verb("choose", Choose, choose, "Have menus and panels be about a map or a model"),
        Verb("models", OfFile, other_models, "Show other models of a file: models #2 3"),
        Verb("resolution", SayResolution, say_resolution, "Say what the resolution of a map is: resolution #1 4"),
        Verb(
            "save",
            Save,
            save,
            "Write a project, map, model, table, picture or script, by the suffix of its name",
            complete=lambda text: paths_like(text, commands.folder),
        ),
        Verb("cd", Folder, change_folder, "Have paths be relative to a folder", complete=lambda text: paths_like(text, commands.folder)),
        Verb("help", Help, explain, "List the commands, or explain one: help fit", complete=lambda _: sorted(commands.verbs)),
    )


def _called(name: str, verb: Verb) -> str:
    """By what word it is typed."""
    return next((word for word, one in verb.options.items() if one.name == name), name.upper())


def paths_like(text: str, folder: Path) -> Iterable[str]:
    """Files and folders that begin so; folders with a slash at their end."""
    begun, slash, name = text.rpartition("/")
    place = folder / os.path.expanduser(f"{begun}{slash}" or ".")
    try:
        found = sorted(one for one in place.iterdir() if one.name.startswith(name) and (name or not one.name.startswith(".")))
    except OSError:
        return ()
    return [f"{begun}{slash}{one.name}{'/' if os.path.isdir(one) else ''}" for one in found]
