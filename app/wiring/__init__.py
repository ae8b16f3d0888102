"""Who hears whom: one module a use case, which makes its controller and joins it to the views and to the actions of the menus.

Each has ``wire(parts, handlers)``: it connects signals, adds what its actions do to ``handlers``, and returns the controller.
"""
