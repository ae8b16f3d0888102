"""Predicted aligned errors, in every layout that predictors publish."""
