"""A walk at random through the window, as someone uses it who tries everything. Start reading at `walker.Walker`."""
