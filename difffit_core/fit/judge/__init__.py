"""How sure is a placement: scores, chance, copies, and where a fit breaks."""
