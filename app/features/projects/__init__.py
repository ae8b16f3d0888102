"""Saving projects."""
