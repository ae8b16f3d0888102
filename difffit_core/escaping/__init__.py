"""What names in files can do elsewhere: one module for each place that text goes to, and nothing goes there by another way.

`terminal` shows text to people · `html` in a page · `tables` in CSV · `mmcif` in mmCIF · `pymol` and `chimerax` in their scripts · `sql` in
a database · `file_names` in a folder. A name that a place cannot hold is told to the reader of that place, or refused; it is never passed
on as it is.
"""
