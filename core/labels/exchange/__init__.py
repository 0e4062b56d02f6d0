"""Labels out of this workspace and into it, in the formats of other tools.

`shapes`, `checks`, `tables`, `label_studio`, `argilla` and `files` are pure; `tasks` and `exporting` read the
database, `matching` finds the responses a file means, `importing` stores.
"""
