"""How a notebook shows what a function of the API gives."""

from difffit_core.api.table import Table
from difffit_core.escaping.html import escape


class InNotebook:
    """Shown as its ``repr`` in a line, what else is to be known in one each, and its table."""

    def table(self) -> Table:
        """Its rows."""
        raise NotImplementedError

    def _told(self) -> tuple[str, ...]:
        """What else is to be known, a sentence each."""
        return ()

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in (repr(self)[1:-1], *self._told())) + self.table()._repr_html_()
