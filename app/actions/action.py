"""What an action of the window is, and what decides when it can be used."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from difffit_app.state.session import Session


@dataclass(frozen=True)
class Conditions:
    """What decides whether an action can be used."""

    session: "Session"
    can_fit: bool = False
    fitting: bool = False
    can_undo: bool = False
    can_redo: bool = False
    moving: bool = False
    sphere: bool = False
    can_screen: bool = False
    screening: bool = False
    screened: bool = False
    zeroing: bool = False
    measuring: bool = False
    selected: bool = False
    can_fetch: bool = False
    fetching: bool = False
    can_assemble: bool = False
    can_accept_assembly: bool = False
    can_swap: bool = False
    assembly_bent: bool = False
    can_align: bool = False
    aligned: bool = False
    symmetry_known: bool = False
    symmetric: bool = False
    can_read_halves: bool = False
    halves_read: bool = False
    can_use_halves: bool = False
    uses_halves: bool = False
    scripted: bool = False


When = Callable[[Conditions], bool]


@dataclass(frozen=True)
class Action:
    """``menu`` and ``text`` as shown; ``inside`` names a menu within that menu; ``group`` separates; ``toolbar`` puts it there too.

    A letter after an ampersand is no other's in the same menu. A text ends in an ellipsis where a dialog asks for more, and only there.
    A ``checkable`` action is triggered like any other; whoever keeps the state sets its mark, in `MainWindow.mark`.
    """

    id: str
    menu: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    group: int = 0
    toolbar: bool = False
    when: When = lambda _: True
    checkable: bool = False
    inside: str = ""

    @property
    def place(self) -> str:
        """The menu in which it stands, one within another as in a path."""
        return f"{self.menu}/{self.inside}" if self.inside else self.menu

    @property
    def label(self) -> str:
        """A word for it below its picture."""
        return _LABELS.get(self.id) or self.text.replace("&", "").removesuffix(" …").split()[0]


_LABELS = {"sphere": "Sphere", "save_model": "Export", "screenshot": "Picture"}


def actions_of(menu: str, usual: When) -> Callable[..., Action]:
    """What makes the actions of a menu, which are offered as ``usual`` where nothing else is said."""

    def make(
        identifier: str, text: str, tip: str, inside: str = "", group: int = 0, when: When = usual, *,
        keys: str = "", icon: str = "", tool: bool = False, marked: bool = False,
    ) -> Action:  # fmt: skip
        return Action(identifier, menu, text, tip, keys, icon, group, tool, when, marked, inside)

    return make
