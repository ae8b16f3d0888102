"""Running the lines of a script, each once what the one before began is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from difffit_app.desk import Desk
from difffit_core.errors import UserError
from difffit_core.io.regular import read_text

_DEEPEST = 10
"""Scripts that run scripts."""


@dataclass(frozen=True)
class Line:
    """A line of a file, by its number, and the folder to which its paths are relative; no file for what was typed."""

    text: str
    number: int
    folder: Path
    files: tuple[Path, ...] = ()

    def __str__(self) -> str:
        return f"{self.files[-1].name}, line {self.number}" if self.files else self.text


class ScriptRunner(QObject):
    """``failed`` carries a sentence, ``moved`` where it is, or nothing at its end.

    The next line waits until no worker has anything to do, and none of ``waits`` holds. A line that cannot be done, and whatever is told as
    an error meanwhile, ends it. ``kinds`` run files of other suffixes.
    """

    failed = Signal(str)
    moved = Signal(str)

    def __init__(self, desk: Desk, run: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._run = desk, run
        self.waits: list[Callable[[], bool]] = []
        self.kinds: dict[str, Callable[[Path], None]] = {}
        self._ended: Callable[[str], object] | None = None
        self._left: list[Line] = []
        self._at: Line | None = None
        self._folder = desk.commands.folder
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._go_on)
        jobs = desk.jobs
        self._lanes = (jobs.files, jobs.compute, jobs.geometry, jobs.screens, jobs.downloads)
        for lane in self._lanes:
            lane.changed.connect(self.wake)

    @property
    def running(self) -> bool:
        return self._at is not None or bool(self._left)

    def run_line(self, line: str, ended: Callable[[str], object]) -> None:
        """Do one command, and say when what it began is done, or, in a sentence, why it was not."""
        self._ended = ended
        self.start([Line(line, 1, self._desk.commands.folder)])
        if not self._left:
            self._end("")

    def run_file(self, path: Path) -> None:
        """Run the commands of a file, before what is left of the script that says so.

        Raises
        ------
        UserError
            If it cannot be read, or runs itself.
        """
        files = (*(self._at.files if self._at is not None else ()), path)
        if len(files) > _DEEPEST:
            raise UserError(f"{path.name} is run by scripts that run one another {_DEEPEST} deep")
        lines = read_text(path, what="a script").splitlines()
        self.start([Line(text, number, path.absolute().parent, files) for number, text in enumerate(lines, 1)])

    def start(self, lines: Sequence[Line]) -> None:
        """Run these before what is left."""
        if not self.running:
            self._folder = self._desk.commands.folder
        self._left[:0] = [one for one in lines if one.text.strip() and not one.text.lstrip().startswith("#")]
        self._next.start()

    def stop(self) -> None:
        """Leave the lines out that were not begun."""
        if self.running:
            self._end("it was stopped")

    def tell(self, text: str, severity: str) -> None:
        """Of whatever is told while it runs: an error ends it."""
        if severity == "error" and self._at is not None:
            self._fail(text)

    def wake(self) -> None:
        """Something that was waited for may be done."""
        if self.running:
            self._next.start()  # once the worker's answer was dealt with, which may give it more to do

    def _go_on(self) -> None:
        if not self.running or any(lane.running is not None for lane in self._lanes) or any(waits() for waits in self.waits):
            return
        if not self._left:
            self._end("")
            return
        line = self._at = self._left.pop(0)
        self.moved.emit(str(line))
        commands = self._desk.commands
        commands.folder = line.folder
        try:
            self._run(line.text)
        except UserError as error:
            self._fail(str(error))
            return
        if commands.folder != line.folder:
            self._left = [replace(one, folder=commands.folder) if one.files == line.files else one for one in self._left]
            self._folder = commands.folder if not line.files else self._folder
        self._next.start()

    def _fail(self, sentence: str) -> None:
        at, is_heard = self._at, self._ended is not None
        self._end(sentence)
        if not is_heard:
            self.failed.emit(f"{at}: {sentence}" if at is not None and at.files else sentence)

    def _end(self, why: str) -> None:
        ended, self._ended = self._ended, None
        self._left, self._at = [], None
        self._next.stop()
        self._desk.commands.folder = self._folder
        self.moved.emit("")
        if ended is not None:
            ended(why)
