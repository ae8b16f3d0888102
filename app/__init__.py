"""The window of DiffFit Desktop: two linked 3-D views, a table of placements, and the panels that drive a fit.

It computes nothing itself. `state` holds what is open and announces changes; `workers` run the core off the GUI thread; `controllers`
hold one use case each; `views` draw and report what the user did; `geometry` makes meshes of models in plain numpy; `application` puts the
parts together. Views know the state, never the controllers; controllers know the
views only through `views.base`. Start reading at `__main__.open_window`, which the core finds through the entry-point group
``difffit.window``.
"""
