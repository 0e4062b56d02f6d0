"""Pieces of the Errata page, and what other screens show of errata."""
