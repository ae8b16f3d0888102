"""Maps onto maps: where one lies in another, of which hand it is, and where the two differ.

Start at `run.run_align`; `recipe.AlignRecipe` is all that an alignment depends on besides the two maps.
"""

from difffit_core.callable_package import make_callable

make_callable(__name__)
