"""Plots, by pyqtgraph."""
