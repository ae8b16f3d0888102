"""The two 3-D views: widgets, and the VTK actors in them."""
