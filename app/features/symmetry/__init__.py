"""The symmetry of a map: found from the map alone, drawn as axes, and imposed."""
