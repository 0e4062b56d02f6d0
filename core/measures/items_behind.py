"""A number -> the items and responses it is made of: as an address of Browse, and from there as ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from sqlmodel import Session, select

from core.benchmark.item_address import address_of
from core.benchmark.items import NO_ERRATA, UNKNOWN, ItemFilter
from core.judges import known_judge
from core.measures.compared_behind import compared_places, sides_named
from core.measures.pairing import units
from core.measures.score_filter import CHOSEN_BY, EXPERTS, ScoreFilter
from core.measures.score_frame import Label, rows_wanted
from core.measures.scores import rated_frame
from core.models import Person, Response
from core.people import come_back_to, open_responses, reveal_scores

# No judge can be called like this by chance: what stands behind it is a judge's whole name.
_JUDGE = "judge/"
# What only a filter of items can say, with the key it stands for.
_NAMED_BY_ITEMS_ONLY = {"wordings": "wording", "norms": "norm", "families": "family", "months": "month"}
# Two responses to one item belong together if they were asked for alike.
ASKED_ALIKE = ("setting", "round")


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


@dataclass(frozen=True)
class Behind:
    """What a number is made of: of which items, and which responses; ids."""

    items: frozenset[str]
    responses: frozenset[int]


def behind(session: Session, *, person: Person, wanted: ItemFilter) -> Behind | None:
    """Return what the rater a filter names has rated, or both of two sides, as it asks for; None if it names none.

    What the filter says of the items themselves is left to `core.benchmark.items.listing`.

    Raises:
        UserError: an expert asks.
    """
    if not wanted.scored_by:
        return None
    judge, sides = rater_of(wanted) or "", sides_named(wanted.scored_by)
    if judge and known_judge(session, judge) is None:
        return Behind(frozenset(), frozenset())
    asked = ScoreFilter(
        judge=judge,
        experts=not judge,
        models=wanted.answered_by,
        dimensions=wanted.scored,
        settings=wanted.settings,
        rounds=tuple(int(number) for number in wanted.rounds),
    )
    frame, scores, picked = rated_frame(session, person=person, wanted=asked)
    rows = rows_wanted(scores, asked)
    rated = (scores.codes[rows] > 0).any(axis=0)
    picked &= rated if sides is None else compared_places(session, frame, scores, rows=rows, sides=sides)
    if wanted.months:
        month = frame.of_responses["month"]
        picked &= month.code_set(wanted.months)[month.codes]
    model, unit = frame.of_responses["model"], units(frame, facts=ASKED_ALIKE)
    by_model = [unit[picked & model.code_set([name])[model.codes]] for name in wanted.answered_by]
    if by_model:
        picked &= np.isin(unit, reduce(np.intersect1d, by_model))
    return Behind(
        frozenset(frame.item_ids[place] for place in np.unique(frame.item_of[picked]).tolist()),
        frozenset(frame.response_ids[picked].tolist()),
    )


def openable(session: Session, *, person: Person, response_ids: Iterable[int]) -> list[int]:
    """Return those of the responses that a lead may open: not those that came back to be answered anew."""
    came_back: set[int] = set(session.exec(come_back_to(person)))
    return sorted(set(response_ids) - came_back)


def note_models_told(session: Session, *, person: Person, item_id: str, models: Sequence[str]) -> None:
    """Mark as seen by a lead, who comes from a number of these models, what the number tells them of an item.

    Where every response still closed to them is of these models, its model is as good as named: without the mark they
    could go on to label it as `blind`.

    Raises:
        UserError: an expert asks.
    """
    rows = session.exec(select(Response.id, Response.model).where(Response.item_id == item_id)).all()
    ids = [response_id for response_id, _ in rows]
    closed = set(ids) - open_responses(session, person=person, response_ids=ids)
    if closed and {model for response_id, model in rows if response_id in closed} <= set(models):
        reveal_scores(session, person=person, response_ids=openable(session, person=person, response_ids=closed))


def rater_of(wanted: ItemFilter) -> str | None:
    """Return the judge whose scores a filter leads from; None where they are the experts'."""
    sides = sides_named(wanted.scored_by)
    if sides is not None:
        return sides.judge or None
    return None if wanted.scored_by == EXPERTS else wanted.scored_by.removeprefix(_JUDGE)


def _entry(label: Label) -> str | int:
    return UNKNOWN if label is None else label
