"""Files that ship with the program: an example to fit, help pages, icons, the theme.

Reach them with ``importlib.resources.files("difffit_resources")``, so that they are found in a wheel and in a bundled application too.
"""
