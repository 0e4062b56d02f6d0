"""A number -> the items it is made of: as an address of Browse, and from there as ids."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

import numpy as np
from sqlmodel import Session

from core.benchmark.item_address import address_of
from core.benchmark.items import NO_ERRATA, UNKNOWN, ItemFilter
from core.judges import known_judge
from core.measures.pairing import units
from core.measures.score_filter import CHOSEN_BY, EXPERTS, ScoreFilter
from core.measures.score_frame import Label, rows_wanted
from core.measures.scores import rated_frame
from core.models import Person

# No judge can be called like this by chance: what stands behind it is a judge's whole name.
_JUDGE = "judge/"
# What only a filter of items can say, with the key it stands for.
_NAMED_BY_ITEMS_ONLY = {"wordings": "wording", "norms": "norm", "families": "family", "months": "month"}
# Two responses to one item belong together if they were asked for alike.
_ASKED_ALIKE = ("setting", "round")


def within(wanted: ScoreFilter, keys: Mapping[str, Label]) -> ScoreFilter:
    """Return the filter of one cell: the table's, narrowed to the cell's keys where a filter can say them."""
    named = {name: (_entry(keys[key]),) for name, key in CHOSEN_BY.items() if key in keys}
    return replace(wanted, **named)  # type: ignore[arg-type]


def browse_address(wanted: ScoreFilter, keys: Mapping[str, Label]) -> dict[str, list[str]]:
    """Return the address of Browse that shows a lead the items of a cell: those its rater has rated, and no others.

    Where the filter names several models, they are the items that all of them answered alike.
    """
    narrow = within(wanted, keys)
    of_items = {name: getattr(narrow, name) for name in ("countries", "domains", "languages", "regions", "subsets")}
    named = {name: (str(_entry(keys[key])),) for name, key in _NAMED_BY_ITEMS_ONLY.items() if key in keys}
    shown = replace(
        ItemFilter(
            splits=narrow.splits,
            settings=narrow.settings,
            rounds=tuple(str(number) for number in narrow.rounds),
            errata=(NO_ERRATA,) if narrow.errata == "without" else (),
            scored_by=EXPERTS if narrow.experts else f"{_JUDGE}{narrow.judge}",
            scored=narrow.dimensions,
            answered_by=narrow.models,
        ),
        **of_items,
        **named,  # type: ignore[arg-type]
    )
    return address_of(shown)


def items_behind(session: Session, *, person: Person, wanted: ItemFilter) -> frozenset[str] | None:
    """Return the ids of the items that the rater a filter names has rated, as it asks for; None if it names none.

    What the filter says of the items themselves is left to `core.benchmark.items.listing`.

    Raises:
        UserError: an expert asks.
    """
    if not wanted.scored_by:
        return None
    judge = wanted.scored_by.removeprefix(_JUDGE) if wanted.scored_by != EXPERTS else ""
    if judge and known_judge(session, judge) is None:
        return frozenset()
    asked = ScoreFilter(
        judge=judge,
        experts=not judge,
        models=wanted.answered_by,
        dimensions=wanted.scored,
        settings=wanted.settings,
        rounds=tuple(int(number) for number in wanted.rounds),
    )
    frame, scores, picked = rated_frame(session, person=person, wanted=asked)
    picked &= (scores.codes[rows_wanted(scores, asked)] > 0).any(axis=0)
    if wanted.months:
        month = frame.of_responses["month"]
        picked &= month.code_set(wanted.months)[month.codes]
    model, unit = frame.of_responses["model"], units(frame, facts=_ASKED_ALIKE)
    by_model = [unit[picked & model.code_set([name])[model.codes]] for name in wanted.answered_by]
    if by_model:
        picked &= np.isin(unit, reduce(np.intersect1d, by_model))
    return frozenset(frame.item_ids[place] for place in np.unique(frame.item_of[picked]).tolist())


def rater_of(wanted: ItemFilter) -> str | None:
    """Return the judge whose scores a filter leads from; None where they are the experts'."""
    return None if wanted.scored_by == EXPERTS else wanted.scored_by.removeprefix(_JUDGE)


def _entry(label: Label) -> str | int:
    return UNKNOWN if label is None else label
