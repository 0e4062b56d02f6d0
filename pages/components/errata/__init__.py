"""Pieces of the screen Corrections, and what other screens show of errata."""
