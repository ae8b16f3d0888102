"""Half maps: two maps of one thing from two halves of the data, whose differences are noise alone.

Start at `run.run_halves`; `pair.HalfMaps` is a pair that has been found to be one.
"""
