"""Pieces of the page Sampling plans."""
