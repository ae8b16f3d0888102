"""The symmetry among copies of one model."""
