"""Labels of a file -> labels here; what is stored already stays as it is, so that a second import changes nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from core.backgrounds import pool_of
from core.labels.chunks import in_chunks
from core.labels.exchange.claims import Believed, believed
from core.labels.exchange.matching import How
from core.labels.exchange.planning import ImportPlan, PlannedLabel, plan_import
from core.labels.exchange.raters import add_raters
from core.labels.exchange.shapes import SCORE_OF, LabelEntry
from core.models import Label, LockedResponse, Person, utc_now
from core.people import needs_lead, record_event
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS, Pool

# Columns, not whole rows of the table: many thousands are twice as fast.
_GIVEN: tuple[Any, ...] = (
    *(Label.person_id, Label.response_id, Label.dimension, Label.retracted, Label.pool, Label.submitted_at),
)


@dataclass(frozen=True)
class Rater:
    """Somebody whose labels a file holds: how the file names them, whether they are new here, how many are new."""

    name: str
    is_new: bool
    labels: int


@dataclass(frozen=True)
class LabelReport:
    """What an import of labels did, or would do. `found_by` counts responses by what they were found by.

    Of the labels that come in, only the file says of `said_blind` that they were given blind, and of `said_pool` how
    their rater knows the country. `unblinded` were said to be blind, though their expert had seen the judge or others.
    """

    accepted: int
    unchanged: int
    refused: list[RefusedRow]
    raters: list[Rater]
    found_by: dict[How, int]
    said_blind: int = 0
    said_pool: int = 0
    unblinded: int = 0


def preview_labels(session: Session, entries: Sequence[LabelEntry | RefusedRow], *, author: Person) -> LabelReport:
    """Return what an import of these would do.

    Raises:
        UserError: the author is an expert, or more people would be added than one file may bring.
    """
    needs_lead(author, "import labels")
    return _report(plan_import(session, entries))


def import_labels(
    session: Session, entries: Sequence[LabelEntry | RefusedRow], *, author: Person, name: str
) -> LabelReport:
    """Store the labels that are not here yet and return what became of each.

    A rater who is nobody here becomes a person, named as imported; who bears the pseudonym of somebody here is them.

    Args:
        session: a transaction; the whole file is stored or nothing of it.
        entries: what was read from the file.
        author: who imports.
        name: of the file.

    Raises:
        UserError: the author is an expert, or more people would be added than one file may bring.
    """
    needs_lead(author, "import labels")
    plan = plan_import(session, entries)
    report = _report(plan)
    if plan.new:
        people = _people(session, plan)
        rows = _rows(session, plan, people)
        session.execute(insert(Label), rows)
        _lock(session, plan, people)
        new = sum(rater.is_new for rater in report.raters)
        record_event(
            session, person=author, kind="import", subject="labels", file=name, accepted=report.accepted, people=new
        )
    return report


def _report(plan: ImportPlan) -> LabelReport:
    counts = Counter(label.rater for label in plan.new)
    raters = [Rater(name, plan.people[key] is None, counts[key]) for key, name in sorted(plan.names.items())]
    kept = [(label.entry, believed(plan, label, own_pool="outside")) for label in plan.new]
    return LabelReport(
        len(plan.new),
        plan.unchanged,
        plan.refused,
        raters,
        dict(plan.found_by),
        said_blind=sum(one.phase == "blind" for _, one in kept),
        said_pool=sum(one.pool != "outside" for _, one in kept),
        unblinded=sum(entry.phase != one.phase for entry, one in kept),
    )


def _people(session: Session, plan: ImportPlan) -> dict[str, Person]:
    """Return who is meant by each rater with new labels; those who are nobody here are added."""
    wanted = dict.fromkeys(label.rater for label in plan.new)
    added = add_raters(session, [plan.names[key] for key in wanted if plan.people[key] is None])
    return {key: plan.people[key] or added[plan.names[key]] for key in wanted}


def _rows(session: Session, plan: ImportPlan, people: dict[str, Person]) -> list[dict[str, Any]]:
    pools: dict[tuple[str, str | None], Pool] = {}
    now = utc_now()
    rows = []
    for label in plan.new:
        place = label.rater, label.response.country
        if plan.people[label.rater] is not None and place not in pools:
            pools[place] = pool_of(session, person=people[label.rater], country=label.response.country)
        kept = believed(plan, label, own_pool=pools.get(place, "outside"))
        row = _row(label, people[label.rater], kept, now)
        rows.append(row)
        if label.is_undone:
            rows.append(row | {"form_id": f"{label.form_id}-undone", "retracted": True})
    return rows


def _row(label: PlannedLabel, person: Person, kept: Believed, now: datetime) -> dict[str, Any]:
    entry = label.entry
    submitted_at = entry.submitted_at or now
    is_plausible = entry.opened_at is not None and entry.opened_at <= submitted_at
    return {
        "person_id": person.id,
        "response_id": label.response.id,
        "dimension": entry.dimension,
        "form_id": label.form_id,
        "phase": kept.phase,
        "score": SCORE_OF[entry.answer],
        "cant_say": entry.answer == "cant_say",
        "retracted": False,
        "confidence": entry.confidence,
        "pool": kept.pool,
        "reason": entry.reason,
        "language_shown": entry.language_shown or label.response.language,
        "translation_shown": entry.translation_shown,
        "inclusion_probability": kept.inclusion_probability,
        "opened_at": entry.opened_at if is_plausible else None,
        "submitted_at": submitted_at,
    }


def _lock(session: Session, plan: ImportPlan, people: dict[str, Person]) -> None:
    """Lock the responses whose four answers are now given, as of the moment the last of them was.

    Not for people who work here: a lock shows them the judge, and only they themselves can end their own blindness.
    """
    touched = {(label.rater, label.response.id) for label in plan.new if label.rater not in plan.working}
    ids = sorted({people[rater].id for rater, _ in touched})
    locked: set[tuple[int, int]] = set()
    given: dict[tuple[int, int], list[Any]] = {}
    for chunk in in_chunks(ids):
        held = select(LockedResponse).where(col(LockedResponse.person_id).in_(chunk))
        locked |= {(lock.person_id, lock.response_id) for lock in session.exec(held)}
        theirs = select(*_GIVEN).where(col(Label.person_id).in_(chunk)).order_by(col(Label.id))
        for label in session.execute(theirs):
            given.setdefault((label.person_id, label.response_id), []).append(label)
    rows = []
    for rater, response_id in sorted(touched):
        place = people[rater].id, response_id
        moment = _given_at(given[place])
        if place not in locked and moment is not None:
            pool = given[place][-1].pool
            rows.append({"person_id": place[0], "response_id": response_id, "pool": pool, "locked_at": moment})
    if rows:
        session.execute(insert(LockedResponse), rows)


def _given_at(labels: Iterable[Any]) -> datetime | None:
    """Return when all four answers first stood; None where they never did."""
    standing: set[str] = set()
    for label in labels:
        standing = standing - {label.dimension} if label.retracted else standing | {label.dimension}
        if len(standing) == len(DIMENSIONS):
            return label.submitted_at
    return None
