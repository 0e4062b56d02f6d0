"""Tests of CROSS Review. A package of its own: some libraries install one of this name."""
