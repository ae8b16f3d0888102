"""The window of DiffFit Desktop: two linked 3-D views, a table of placements, and the panels that drive a fit.

It computes nothing itself. `state` holds what is open and announces changes; `workers` run the core off the GUI thread; `geometry` makes
meshes of models in plain numpy; `scene` draws; `widgets` are what panels are made of; `window` is the frame. What a user can do is in
`features`, a folder each, which `application` wires: every one is handed the `desk`, and what it asks for of others (`offered`).
Start reading at `__main__.open_window`, which the core finds through the entry-point group ``difffit.window``.
"""
