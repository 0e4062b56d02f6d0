"""Labels of a file -> labels here; what is stored already stays as it is, so that a second import changes nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from core.backgrounds import pool_of
from core.labels.exchange.matching import How
from core.labels.exchange.planning import ImportPlan, PlannedLabel, imported_name, plan_import
from core.labels.exchange.shapes import SCORE_OF, LabelEntry
from core.models import Label, LockedResponse, Person, utc_now
from core.people import add_person, needs_lead, record_event
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS, Pool


@dataclass(frozen=True)
class Rater:
    """Somebody whose labels a file holds: how the file names them, whether they are new here, how many are new."""

    name: str
    is_new: bool
    labels: int


@dataclass(frozen=True)
class LabelReport:
    """What an import of labels did, or would do. `found_by` counts responses by what they were found by."""

    accepted: int
    unchanged: int
    refused: list[RefusedRow]
    raters: list[Rater]
    found_by: dict[How, int]


def preview_labels(session: Session, entries: Sequence[LabelEntry | RefusedRow], *, author: Person) -> LabelReport:
    """Return what an import of these would do.

    Raises:
        UserError: the author is an expert.
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
        UserError: the author is an expert, or the name of a rater cannot be a person's.
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
    return LabelReport(len(plan.new), plan.unchanged, plan.refused, raters, dict(plan.found_by))


def _people(session: Session, plan: ImportPlan) -> dict[str, Person]:
    """Return who is meant by each rater with new labels; those who are nobody here are added."""
    wanted = dict.fromkeys(label.rater for label in plan.new)
    return {
        key: plan.people[key] or add_person(session, name=imported_name(plan.names[key]), role="expert")
        for key in wanted
    }


def _rows(session: Session, plan: ImportPlan, people: dict[str, Person]) -> list[dict[str, Any]]:
    pools: dict[tuple[str, str | None], Pool] = {}
    now = utc_now()
    rows = []
    for label in plan.new:
        place = label.rater, label.response.country
        if place not in pools:
            pools[place] = pool_of(session, person=people[label.rater], country=label.response.country)
        row = _row(label, people[label.rater], pools[place], now)
        rows.append(row)
        if label.is_undone:
            rows.append(row | {"form_id": f"{label.form_id}-undone", "retracted": True})
    return rows


def _row(label: PlannedLabel, person: Person, pool: Pool, now: datetime) -> dict[str, Any]:
    entry = label.entry
    submitted_at = entry.submitted_at or now
    is_plausible = entry.opened_at is not None and entry.opened_at <= submitted_at
    return {
        "person_id": person.id,
        "response_id": label.response.id,
        "dimension": entry.dimension,
        "form_id": label.form_id,
        "phase": entry.phase,
        "score": SCORE_OF[entry.answer],
        "cant_say": entry.answer == "cant_say",
        "retracted": False,
        "confidence": entry.confidence,
        "pool": entry.pool or pool,
        "reason": entry.reason,
        "language_shown": entry.language_shown or label.response.language,
        "translation_shown": entry.translation_shown,
        "inclusion_probability": entry.inclusion_probability,
        "opened_at": entry.opened_at if is_plausible else None,
        "submitted_at": submitted_at,
    }


def _lock(session: Session, plan: ImportPlan, people: dict[str, Person]) -> None:
    """Lock the responses whose four answers are now given, as of the moment the last of them was."""
    touched = {(label.rater, label.response.id) for label in plan.new}
    ids = sorted({person.id for person in people.values()})
    locked: set[tuple[int, int]] = set()
    for person_id in ids:
        held = session.exec(select(LockedResponse.response_id).where(LockedResponse.person_id == person_id))
        locked |= {(person_id, response_id) for response_id in held}
    given: dict[tuple[int, int], list[Label]] = {}
    for person_id in ids:
        for label in session.exec(select(Label).where(col(Label.person_id) == person_id).order_by(col(Label.id))):
            given.setdefault((person_id, label.response_id), []).append(label)
    rows = []
    for rater, response_id in sorted(touched):
        place = people[rater].id, response_id
        moment = _given_at(given[place])
        if place not in locked and moment is not None:
            rows.append({"person_id": place[0], "response_id": response_id, "locked_at": moment})
    if rows:
        session.execute(insert(LockedResponse), rows)


def _given_at(labels: Iterable[Label]) -> datetime | None:
    """Return when all four answers first stood; None where they never did."""
    standing: set[str] = set()
    for label in labels:
        standing = standing - {label.dimension} if label.retracted else standing | {label.dimension}
        if len(standing) == len(DIMENSIONS):
            return label.submitted_at
    return None
