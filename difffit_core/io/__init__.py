"""Reading and writing the files of the field: density maps, atomic models and tables."""
