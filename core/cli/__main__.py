"""`python -m core.cli` is `cross-review`."""

from core.cli import main

main()
