"""The screens: one file each; they show and ask, and compute nothing."""
