"""What is done with a selection once its user has said where to, or in which colour."""

from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.selecting.controller import SelectingController
from difffit_app.features.selecting.taking import Part, TakingController
from difffit_app.offered import FitSetUp
from difffit_app.window.main_window import MainWindow

_MODELS, _MAPS = "mmCIF (*.cif);;PDB (*.pdb)", "Maps (*.mrc *.map *.ccp4 *.mrc.gz)"


class Asking:
    """Each asks for what it needs, and does nothing where the answer is none."""

    def __init__(self, desk: Desk, window: MainWindow, fits: FitSetUp, controller: SelectingController, taking: TakingController) -> None:
        self._desk, self._window, self._fits, self._controller, self._taking = desk, window, fits, controller, taking

    def colour(self) -> None:
        """Colour what is selected."""
        chosen = self._desk.prompts.ask_for_colour("Colour of what is selected", "#f2a33a")
        if chosen is not None:
            self._controller.colour(chosen)

    def fit(self) -> None:
        """Have what is selected as the model of a fit: chains as they are, else as a file of its own."""
        part = self._taking.only_part("A fit")
        if part is None:
            return
        chains = self._taking.whole(part)
        if chains is not None:
            self._fits.choose_model(part.id, chains)
            self._window.raise_panel("Fit")
            return
        path = self._ask_where("Save the part that is to be fitted", part)
        if path is not None:
            self._taking.fit(path, part)
            self._window.raise_panel("Fit")

    def export(self) -> None:
        """Write what is selected."""
        parts = self._taking.parts()
        path = self._ask_where("Save what is selected", parts[0]) if parts else None
        if path is not None:
            self._taking.export(path)

    def zero_out(self) -> None:
        """Write and open the map without what is selected, at the resolution of the fit that is shown, else of the Fit panel."""
        session = self._desk.session
        item, subject = session.map, self._fits.subject()
        made = session.fit.record.resolution if session.fit is not None and item is not None and session.fit.record.map == item.id else None
        resolution = made if made is not None else subject[3] if subject is not None else None
        if item is None or resolution is None:
            self._window.show_notice("Choose a map, and set its resolution in the Fit panel, to zero out what is selected.", "info")
            return
        path = self._desk.prompts.ask_where_to_save("Save the map that is left", f"{item.name.partition('.')[0]}_left.mrc", _MAPS)
        if path is not None:
            self._taking.zero_out(path, item.id, resolution)

    def _ask_where(self, title: str, part: Part) -> Path | None:
        words = "".join(letter if letter.isalnum() or letter in "-–" else "_" for letter in part.words)
        return self._desk.prompts.ask_where_to_save(title, f"{Path(part.name).stem}_{words.replace('–', '-')}.cif", _MODELS)
