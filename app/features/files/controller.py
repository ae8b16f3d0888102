"""Opening maps, models and projects, and closing them."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from psygnal import Signal

from difffit_app.desk import Desk
from difffit_app.features.files.folders import Inside, look_into, opened
from difffit_app.messages import tell
from difffit_app.prompts import Unsaved
from difffit_app.state.changes.finding import FindInput, as_lacking
from difffit_app.state.changes.of_session import AddMap, AddModel, RemoveMap, RemoveModel, Rename, Together
from difffit_app.state.dependants import dependants
from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.project.contents import fill_session
from difffit_app.state.project.reading import (
    LocatedProject,
    ReadProject,
    check_kind,
    is_map,
    is_project,
    locate_project,
    read_open_map,
    read_open_model,
    read_project_inputs,
    state_of,
)
from difffit_app.workers.lane import Context, Job, Work
from difffit_core.errors import UserError
from difffit_core.io.models import HELD
from difffit_core.project.inputs import is_input
from difffit_core.project.schema import InputFile


class FilesController:
    """Reads off the GUI thread; a bad file gives a sentence, and everything else goes on. ``opened`` gives each file that was read."""

    opened = Signal(Path)

    def __init__(self, desk: Desk, unpack_to: Path | None = None) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._messages, self._prompts, self._unpack_to = desk.messages, desk.prompts, unpack_to
        self._commands = desk.commands
        self._pending: list[Path] = []
        self.save_then: Callable[[Callable[[], object]], object] = lambda _: None
        """What saves, and does something once that is done."""
        self.also_opens: dict[str, Callable[[Path], None]] = {}
        """What opens files of other suffixes."""

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files of any kind and what is in folders, in the order given; a project replaces what is open, all else is added to it."""
        paths = list(dict.fromkeys(map(Path, paths)))
        folders = [path for path in paths if os.path.isdir(path) and path.suffix not in self.also_opens]
        typed = self._commands.done[-1] if self._commands.is_typed else ""
        if folders:  # each may lie on a disk that answers slowly
            self._queue(
                folders[0],
                lambda _: look_into(folders, alone=len(paths) == 1),
                lambda found: self._ask_and_open(paths, found, typed),
                announced=False,
            )
        elif paths:
            self._ask_and_open(paths, {}, typed)

    def _ask_and_open(self, paths: Sequence[Path], inside: Inside, typed: str) -> None:
        """Open files, and what is ``inside`` folders, after asking where a project would take away what is open."""

        def holds_project(path: Path) -> bool:
            found = inside.get(path, [path] if os.path.isfile(path) else [])
            return not isinstance(found, UserError) and any(map(is_project, found))

        def go_on() -> None:
            if typed:  # it stands there as it was typed, though it may be done only once what was open is saved
                with self._commands.quietly():
                    self._open_paths(paths, inside)
            else:
                files = tuple(str(path.absolute()) for path in paths)
                self._commands.do("open", {"files": files}, lambda: self._open_paths(paths, inside))

        def stay() -> None:
            if typed and not self._commands.is_typed:  # what was typed is done, and was of a folder
                self._commands.begun.take_out(typed)
                self._messages.show_notice("The project in the folder is not opened: what is open stays.", "error")
            if others:
                self._ask_and_open(others, inside, "")

        others = [path for path in paths if not holds_project(path)]
        if len(others) == len(paths):
            go_on()
        else:
            self._close_then(go_on, stay)

    def _open_paths(self, paths: Sequence[Path], inside: Inside) -> None:
        good: list[Path] = []
        for path in paths:
            try:
                if path.suffix in self.also_opens:
                    self.also_opens[path.suffix](path)
                elif path in inside:
                    good += opened(inside[path])
                else:
                    check_kind(path)
                    good.append(path)
            except UserError as error:
                tell(self._messages, f"opening {path.name}", error)
        projects, others = [path for path in good if is_project(path)], [path for path in good if not is_project(path)]
        if len(projects) > 1:
            names = ", ".join(path.name for path in projects[1:])
            self._messages.show_notice(f"One project is open at a time; {names} was left out. File > New Window opens another.", "warning")
        if projects:
            self._open_project(projects[0], others)
        else:
            self._read(others)

    def _read(self, paths: Sequence[Path]) -> None:
        for path in paths:
            if is_map(path):
                self._queue(path, _reading(read_open_map, path), self._add_map)
            else:
                self._queue(path, _reading(read_open_model, path), self._add_model)

    def recover(self, path: Path, origin: Path | None, on_shown: Callable[[], None]) -> None:
        """Open, after asking if something would be lost, unsaved work that was left at ``path``: a later state of the file ``origin``."""

        def shown() -> None:
            self._session.seen = None if origin is None else state_of(origin)
            self._session.mark_recovered(origin)
            on_shown()

        self._close_then(lambda: self._open_project(path, (), shown))

    def _open_project(self, path: Path, others: Sequence[Path], on_shown: Callable[[], None] | None = None) -> None:
        def located(found: LocatedProject) -> None:
            answers = self._ask_for_lost(found)
            self._queue(
                path,
                lambda context: read_project_inputs(found, answers, context.cancel),
                lambda read: show(read, bool(answers)),
                go_on,
                on_shown is None,
            )

        def show(read: ReadProject, moved: bool) -> None:
            self._show(read)
            if on_shown is not None:
                on_shown()
            else:
                self._session.seen = read.located.seen
                self._session.mark_saved(path)
                if moved:
                    self._session.mark_changed()
            go_on()

        def go_on() -> None:
            self._read(others)

        self._queue(path, lambda _: locate_project(path, self._unpack_to), located, go_on, announced=False)

    def find_missing(self) -> None:
        """Ask where the maps and models are that the project lacks."""
        for entry in self._session.absent.inputs:
            path = self._prompts.ask_for_input(
                f"The {entry.kind} {entry.name} of this project is missing; it was {entry.path}.", entry.kind
            )
            if path is not None:
                self._queue(path, partial(_read_missing, path, entry), self._add_map if entry.kind == "map" else self._add_model)

    def close_all(self) -> None:
        """Close everything, after asking if something would be lost."""
        self._close_then(lambda: self._commands.do("close", {"what": ("all",)}, self._session.clear))

    def remove(self, identifier: str) -> None:
        """Close a map or a model with what was made with it; ids that are gone are ignored, since a click may come late.

        It can be undone, so it is asked only where a composite goes, which is no work of a minute.
        """
        session = self._session
        kind = RemoveMap if identifier in session.maps else RemoveModel if identifier in session.models else None
        if kind is None:
            return
        going = dependants(session, identifier)
        if going.are_precious and not self._commands.is_typed:
            name = (session.maps.get(identifier) or session.models[identifier]).name
            if not self._prompts.confirm(f"With {name}, {going} will be removed too. It can be undone.", "Remove"):
                return
        change = kind.of(session, identifier)
        self._commands.do("close", {"what": (identifier,)}, lambda: self._history.do(change))

    def choose_models(self, identifier: str) -> None:
        """Ask which of the models in a model's file to read, and show it in place of the one that is open, or beside it if fits need that.

        Ids that are gone are ignored, since a click may come late.
        """
        item = self._session.models.get(identifier)
        path = None if item is None else item.model.path
        if item is None or path is None or len(item.model.held) < 2:
            return
        question = f"{path.name} holds {len(item.model.held)} models.\nWhich to show: all, a number, or several with commas between them?"
        answer = self._prompts.ask_for_models(question, item.model.held, item.model.models)
        if answer:
            self.show_models(identifier, answer)

    def show_models(self, identifier: str, which: str) -> None:
        """Show these of the models of a file: a number, several with commas between them, or all."""
        item = self._session.models[identifier]
        path = item.model.path
        if path is not None and which != item.model.models:
            with self._commands.doing("models", {"what": identifier, "which": which}):
                self._queue(
                    path, lambda _: read_open_model(path, "", models=which), partial(self._put_in_place, identifier), announced=False
                )

    def _put_in_place(self, identifier: str, new: OpenModel) -> None:
        """Have another model of a file instead of one, in one step."""
        session, before = self._session, self._session.models.get(identifier)
        which = "all models" if new.model.models == "all" else f"model {new.model.models}"
        new = replace(new, id=session.new_id("model"), name=f"{new.name}, {which}")
        needed = before is not None and dependants(session, identifier)
        if before is None or (needed and (needed.fits or needed.are_precious)):
            self._history.do(AddModel(new))
            self._messages.show_notice(f"{new.name} was opened beside the other, which fits or composites need.", "info")
        else:
            style = self._view_state.models[identifier]
            text = f"Show {new.name}"
            self._history.do(Together((RemoveModel.of(session, identifier), AddModel(new, style)), text))
        self._tell_notes(new, chosen=True)

    def rename(self, identifier: str, name: str) -> None:
        """Give a map or a model another name; an empty one or the same changes nothing."""
        item = self._session.maps.get(identifier) or self._session.models.get(identifier)
        name = " ".join(name.split())
        if item is not None and name and name != item.name:
            change = Rename.of(item, name)
            self._commands.do("rename", {"what": identifier, "name": name}, lambda: self._history.do(change))

    def _close_then(self, go_on: Callable[[], object], stay: Callable[[], object] = lambda: None) -> None:
        """Go on to close what is open, at once or once it is saved; or stay, where the user thought better of it."""
        answer = Unsaved.DISCARD
        if self._session.has_unsaved_work:
            answer = self._prompts.ask_to_save("There is work that is not saved. Save it first?", "Close without saving")
        if answer is Unsaved.SAVE:
            self.save_then(go_on)
        elif answer is Unsaved.DISCARD:
            go_on()
        else:
            stay()

    def _queue(
        self,
        path: Path,
        work: Work,
        on_done: Callable[[Any], None],
        after_failure: Callable[[], None] = lambda: None,
        announced: bool = True,
    ) -> None:
        self._pending.append(path)
        self._tell_pending()

        def done(result: object) -> None:
            self._finish_one()
            on_done(result)
            if announced:
                self.opened.emit(path)

        def failed(_: BaseException) -> None:
            self._finish_one()
            after_failure()

        self._jobs.read(Job(f"reading {path.name}", work, done, failed))

    def _finish_one(self) -> None:
        del self._pending[0]
        self._tell_pending()

    def _tell_pending(self) -> None:
        """Files are read one after the other."""
        more = f" ({len(self._pending) - 1} more)" if len(self._pending) > 1 else ""
        self._messages.show_activity(f"Reading {self._pending[0].name} …{more}" if self._pending else "")

    def _add_map(self, item: OpenMap) -> None:
        found = self._add_what_was_lacking(item)
        if found is None:
            item = replace(item, id=self._session.new_id("map"))
            self._history.do(AddMap(item))
        self._tell_notes(found or item)

    def _tell_notes(self, item: OpenMap | OpenModel, *, chosen: bool = False) -> None:
        """Say what the reader of a map or a model had to decide; ``chosen`` if the user has decided which of several it is."""
        several = isinstance(item, OpenModel) and len(item.model.held) > 1
        for note in item.density.notes if isinstance(item, OpenMap) else item.model.notes:
            if several and chosen and note.startswith(HELD):
                continue
            if several and note.startswith(HELD):
                choose = {"Choose …": partial(self.choose_models, item.id)}
                self._messages.show_offer(f"{item.name}: {note.partition('; --model')[0]}", choose, about=(item.id,))
            else:
                self._messages.show_note(item.id, note)

    def _add_model(self, item: OpenModel) -> None:
        found = self._add_what_was_lacking(item)
        if found is None:
            item = replace(item, id=self._session.new_id("model"))
            self._history.do(AddModel(item))
        self._tell_notes(found or item)

    def _add_what_was_lacking(self, item: OpenMap | OpenModel) -> OpenMap | OpenModel | None:
        """A map or model that the project lacks, as it is shown then with all that needed it; None if it lacks no such."""
        found = as_lacking(self._session, item)
        if found is not None:
            self._history.do(FindInput(found))
            self._messages.show_notice(f"{found.name} was missing in this project; what needs it is shown again.", "info")
        return found

    def _ask_for_lost(self, located: LocatedProject) -> dict[str, Path]:
        """Where the user says the inputs are that were not found, by id."""
        answers = {lost.input.id: self._prompts.ask_for_input(str(lost), lost.input.kind) for lost in located.lost}
        return {identifier: path for identifier, path in answers.items() if path is not None}

    def _show(self, read: ReadProject) -> None:
        self._session.clear()
        for problem in fill_session(self._session, self._view_state, read):
            self._messages.show_notice(problem, "warning")
        opened: list[OpenMap | OpenModel] = [*read.maps, *read.models]
        for item in opened:
            self._tell_notes(item)


def _read_missing(path: Path, entry: InputFile, _: Context) -> OpenMap | OpenModel:
    if not is_input(entry, path):
        raise UserError(f"{path} is not {entry.name} as this project was made with: its content is another")
    return read_open_map(path, "") if entry.kind == "map" else read_open_model(path, "", models=entry.models)


def _reading(read: Callable[[Path, str], Any], path: Path) -> Work:
    """What reads one file; of many in a loop, each its own."""
    return lambda _: read(path, "")
