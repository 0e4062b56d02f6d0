"""First-version labels -> per response and dimension how many said yes: disagreement kept, whatever was ruled."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, col, select

from core.labels.disagreements import all_standing, count_where, first_version_ids, is_locked
from core.models import Label, LockedResponse, Response
from core.rubric import DIMENSIONS


def soft_label_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield one record per response and dimension that anybody labelled, by response.

    `yes` of `n` said yes, `cant_say` are in neither: blind first versions of people who know the country, as
    statistics use them. `unblinded` holds the same counts of those of them who had seen the judge or others' labels,
    `outside` those of people from outside the country. The ruling stands beside them and changes none; all null where
    there is none.
    """
    rulings = {(row.response_id, row.dimension): row for row in session.exec(all_standing())}
    places = {name: place for place, name in enumerate(DIMENSIONS)}
    rows = sorted(session.execute(_counts()).all(), key=lambda row: (row[1], places[row[2]]))
    for item_id, response_id, dimension, *counts in rows:
        ruling = rulings.get((response_id, dimension))
        yield {
            "item_id": item_id,
            "response_id": response_id,
            "dimension": dimension,
            **_named(counts[:3]),
            "unblinded": _named(counts[3:6]),
            "outside": _named(counts[6:]),
            "ruling_outcome": ruling.outcome if ruling else None,
            "ruling_score": ruling.score if ruling else None,
            "ruling_cause": ruling.cause if ruling else None,
        }


def _named(counts: list[int]) -> dict[str, int]:
    yes, no, cant_say = counts
    return {"yes": yes, "n": yes + no, "cant_say": cant_say}


def _counts() -> Any:  # noqa: ANN401 - a query of nine counts
    outside, unblinded = col(Label.pool) == "outside", col(Label.phase) == "unblinded"
    said = (
        and_(col(Label.cant_say).is_(False), col(Label.score) == 1),
        and_(col(Label.cant_say).is_(False), col(Label.score) == 0),
        col(Label.cant_say).is_(True),
    )
    groups = ((~outside, ~unblinded), (~outside, unblinded), (outside,))
    counts = [count_where(*group, what) for group in groups for what in said]
    return (
        select(Response.item_id, Label.response_id, Label.dimension, *counts)
        .join(Response, col(Response.id) == Label.response_id)
        .join(LockedResponse, is_locked())
        .where(col(Label.id).in_(first_version_ids()), col(Label.retracted).is_(False))
        .group_by(Response.item_id, col(Label.response_id), col(Label.dimension))
    )
