"""What options of commands ask for, checked against what is here: an empty answer would read like a number."""

from collections.abc import Sequence
from dataclasses import replace

from core.db import reading
from core.errors import UserError
from core.measures.score_filter import ScoreFilter
from core.measures.scores import check_known
from core.people import person_here
from core.rubric import SPLIT_TITLES


def splits_named(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the splits that an option names, as `held-out` or `held_out`; none where it is not given.

    Raises:
        UserError: there is no such split; the text names all.
    """
    splits = tuple(name.replace("-", "_") for name in given or ())
    wrong = next((name for name in splits if name not in SPLIT_TITLES), None)
    if wrong is not None:
        raise UserError(f"There is no split {wrong[:40]!r}. Known: {', '.join(SPLIT_TITLES).replace('_', '-')}.")
    return splits


def check_known_here(wanted: ScoreFilter, judge: str | None) -> None:
    """Refuse a filter, or a judge that a command names apart from it, with an entry that is not known here.

    Raises:
        UserError: an expert asks, or an entry is not known; the text names those that are.
    """
    with reading() as session:
        check_known(session, person=person_here(), wanted=replace(wanted, judge=judge or ""))
