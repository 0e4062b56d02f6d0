"""Accepted pairs -> a frozen training set: check what may go in, write it once, never change it."""
