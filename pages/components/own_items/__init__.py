"""Pieces of the Own items page."""
