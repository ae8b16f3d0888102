"""Which of many models belongs in a density: a search of each, and a ranking that says which hit is real.

`run.run_screen` is the one entry; it takes a `request.ScreenRequest` and a `store.ScreenStore`, the SQLite file in which all that is found
is kept as it comes. `ranking.rank` turns the rows of a store, finished or not, into scores, p and q; `report` writes them out.
"""

from difffit_core.callable_package import make_callable

make_callable(__name__)
