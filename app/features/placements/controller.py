"""Choosing placements, and taking them elsewhere."""

from collections.abc import Sequence
from pathlib import Path

from difffit_app.commands.subjects import number_of_fit
from difffit_app.desk import Desk
from difffit_app.state.changes.of_session import RemoveFit
from difffit_app.state.items import OpenFit
from difffit_core.io.models import MMCIF_SUFFIXES, PDB_SUFFIXES, write_model
from difffit_core.io.tables import CSV_COLUMNS, write_placements_csv

_TEXT_COLUMNS = CSV_COLUMNS[: CSV_COLUMNS.index("r11")]


class PlacementsController:
    """Acts on the selected placement of the selected fit."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._exports, self._messages, self._history = desk.session, desk.exports, desk.messages, desk.history
        self._commands = desk.commands

    def select(self, rank: int | None) -> None:
        """Choose a placement by rank; ranks that are not there are ignored (a click may come late)."""
        fit = self._session.fit
        if rank is None:
            self._session.select_placement(None)
        elif fit is not None and fit.index_of_rank(rank) is not None:
            with self._commands.doing("placement", {"rank": str(rank), "fit": number_of_fit(fit.id)}):
                self._session.select_placement(rank)

    def choose_fit(self, identifier: str) -> None:
        """Look at another fit, and at its best placement."""
        fit = self._session.fits[identifier]
        if fit.placements:
            with self._commands.doing("placement", {"rank": str(fit.placements[0].rank), "fit": number_of_fit(identifier)}):
                self._session.select_fit(identifier)
        else:
            self._session.select_fit(identifier)

    def step(self, by: int, order: Sequence[int]) -> None:
        """Go to the next or previous placement in the order of ranks shown."""
        if not order:
            return
        current = self._session.placement
        if current is None or current.rank not in order:
            self.select(order[0 if by > 0 else -1])
            return
        self.select(order[max(0, min(len(order) - 1, order.index(current.rank) + by))])

    def as_text(self, ranks: Sequence[int]) -> str:
        """The chosen placements as tab-separated lines under a header, for a spreadsheet."""
        fit = self._session.fit
        if fit is None:
            return ""
        rows = [placement.to_dict() for placement in fit.placements if placement.rank in set(ranks)]
        lines = ["\t".join(_TEXT_COLUMNS)]
        lines += ["\t".join("" if row[name] is None else str(row[name]) for name in _TEXT_COLUMNS) for row in rows]
        return "\n".join(lines) + "\n"

    def remove_fit(self, identifier: str) -> None:
        """Remove a fit with its placements, which can be undone."""
        fit = self._session.fits.get(identifier)
        if fit is not None:
            name = self._session.models[fit.record.model].name
            with self._commands.doing("remove-fit", {"fit": number_of_fit(identifier)}):
                self._history.do(RemoveFit(identifier, f"Remove Fit of {name}"))
            self._messages.show_notice(f"Removed the fit of {name}; Undo brings it back.", "info")

    def export_table(self, path: Path, ranks: Sequence[int] | None = None) -> None:
        """Write the placements of the selected fit as CSV: all in order of rank, or those of some ranks in their order."""
        fit = self._selected()
        if fit is not None:
            by_rank = {placement.rank: placement for placement in fit.placements}
            chosen = fit.placements if ranks is None else [by_rank[rank] for rank in ranks]
            with self._commands.doing("save", {"file": str(path)}):
                self._exports.write(path, (".csv",), "table", lambda place: write_placements_csv(place, chosen))

    def save_model(self, path: Path) -> None:
        """Write the fitted chains, moved into the selected placement, as mmCIF or PDB."""
        fit, placement = self._selected(), self._session.placement
        if fit is not None and placement is not None:
            model = self._session.models[fit.record.model].model.select_chains(fit.record.chains)
            with self._commands.doing("save", {"file": str(path)}):
                self._exports.write(path, MMCIF_SUFFIXES + PDB_SUFFIXES, "model", lambda place: write_model(place, model, placement.pose))

    def _selected(self) -> OpenFit | None:
        if self._session.fit is None or self._session.placement is None:
            self._messages.show_notice("There is no placement to save: run a fit, or open a project.", "info")
            return None
        return self._session.fit
