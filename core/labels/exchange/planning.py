"""Labels of a file beside those that are here -> what an import would store, and what stays out and why."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from core.consent import withdrawn
from core.errors import UserError
from core.labels.chunks import in_chunks
from core.labels.exchange.matching import FoundResponse, How, found_responses
from core.labels.exchange.raters import MOST_NEW_RATERS, imported_name, raters_here, seen_by, working_here
from core.labels.exchange.shapes import SCORE_OF, LabelEntry
from core.models import Label, Person, utc_now
from core.responses.table_rows import RefusedRow

_NAMESPACE = uuid.UUID("6f1b8a52-0c7e-5d0e-9a35-2f6b0d1c94e7")


@dataclass(frozen=True)
class PlannedLabel:
    """One label to store. `is_undone`: the file says that it was taken back and nothing came in its place."""

    entry: LabelEntry
    rater: str
    response: FoundResponse
    form_id: str
    is_undone: bool
    order: tuple[datetime, int]


class StoredLabel(NamedTuple):
    """What an import asks of a label that is here; whole rows of the table would take twice as long to read."""

    person_id: int
    response_id: int
    dimension: str
    form_id: str
    phase: str
    score: int | None
    cant_say: bool
    retracted: bool
    inclusion_probability: float | None
    submitted_at: datetime


_STORED: tuple[Any, ...] = tuple(getattr(Label, name) for name in StoredLabel._fields)


@dataclass
class ImportPlan:
    """What a file comes to. `people` holds who is meant by each rater, None for somebody new by the name given.

    `working` holds the raters who use this workspace themselves, `seen` which responses are no longer blind to them.
    """

    new: list[PlannedLabel] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    people: dict[str, Person | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    found_by: Counter[How] = field(default_factory=Counter)
    stored: dict[tuple[str, int], list[StoredLabel]] = field(default_factory=lambda: defaultdict(list))
    working: set[str] = field(default_factory=set)
    seen: set[tuple[str, int]] = field(default_factory=set)


@dataclass(frozen=True)
class _Placed:
    """A label of the file whose rater and response are known; `place` counts from the beginning of the file."""

    entry: LabelEntry
    place: int
    rater: str
    response: FoundResponse


def plan_import(session: Session, entries: Sequence[LabelEntry | RefusedRow]) -> ImportPlan:
    """Return what an import would store; changes nothing.

    Raises:
        UserError: more people would be added than one file may bring.
    """
    plan = ImportPlan(refused=[entry for entry in entries if isinstance(entry, RefusedRow)])
    placed = _placed(session, plan, [entry for entry in entries if isinstance(entry, LabelEntry)])
    _read_stored(session, plan, {one.response.id for one in placed})
    groups: dict[tuple[str, int, str], list[_Placed]] = defaultdict(list)
    for one in placed:
        groups[one.rater, one.response.id, one.entry.dimension].append(one)
    now = utc_now()
    for (rater, response_id, dimension), group in groups.items():
        stored = [
            label for label in plan.stored[rater, response_id] if label.dimension == dimension and not label.retracted
        ]
        _settle(plan, _versions(plan, group), stored, now)
    plan.new.sort(key=lambda label: label.order)
    _refuse_crowd(plan)
    # A task of another tool holds several labels; why it stays out is said once.
    plan.refused = sorted(dict.fromkeys(plan.refused), key=lambda row: row.row)
    return plan


def _placed(session: Session, plan: ImportPlan, entries: Sequence[LabelEntry]) -> list[_Placed]:
    """Return the labels whose response is here and whose rater may label; why the others stay out goes to the plan."""
    found = found_responses(session, {entry.target for entry in entries})
    raters = _raters(session, plan, {entry.expert for entry in entries})
    left = withdrawn(session)
    placed = []
    for place, entry in enumerate(entries):
        response, rater = found[entry.target], raters[entry.expert]
        person = plan.people[rater]
        if isinstance(response, str):
            plan.refused.append(RefusedRow(entry.row, response))
        elif person is not None and person.id in left:
            plan.refused.append(RefusedRow(entry.row, "its expert has withdrawn: their labels come in no more"))
        else:
            placed.append(_Placed(entry, place, rater, response))
    plan.found_by = Counter(how for _, how in {(one.response.id, one.response.how) for one in placed})
    return placed


def _raters(session: Session, plan: ImportPlan, names: Iterable[str]) -> dict[str, str]:
    """Return by which key each rater of the file stands in the plan: somebody's pseudonym, or their own name."""
    keys: dict[str, str] = {}
    wanted = sorted(names)
    known = raters_here(session, wanted)
    for name in wanted:
        person = known.get(name)
        keys[name] = person.pseudonym if person else imported_name(name).casefold()
        plan.people[keys[name]] = person
        plan.names.setdefault(keys[name], name)
    working = working_here(session, known.values())
    by_id = {person.id: key for key, person in plan.people.items() if person is not None and person.id in working}
    plan.working = set(by_id.values())
    plan.seen = {(by_id[person_id], response_id) for person_id, response_id in seen_by(session, by_id)}
    return keys


def _refuse_crowd(plan: ImportPlan) -> None:
    new = len({label.rater for label in plan.new if plan.people[label.rater] is None})
    if new > MOST_NEW_RATERS:
        raise UserError(
            f"This file names {new:,} experts who are not known here; one file may bring {MOST_NEW_RATERS}. "
            "See that its expert column holds people, or split the file. Nothing of it was imported."
        )


def _read_stored(session: Session, plan: ImportPlan, response_ids: set[int]) -> None:
    keys = {person.id: key for key, person in plan.people.items() if person is not None}
    ids = sorted(response_ids) if keys else []
    for chunk in in_chunks(ids):
        for row in session.execute(select(*_STORED).where(col(Label.response_id).in_(chunk)).order_by(col(Label.id))):
            label = StoredLabel(*row)
            if label.person_id in keys:
                plan.stored[keys[label.person_id], label.response_id].append(label)


def _versions(plan: ImportPlan, group: Sequence[_Placed]) -> list[_Placed]:
    """Return one expert's versions of one decision, the one that stands last; a second such is refused."""
    standing = [one for one in group if not one.entry.superseded]
    for again in standing[1:]:
        reason = f"answers for the same expert, response and dimension as row {standing[0].entry.row}"
        plan.refused.append(RefusedRow(again.entry.row, reason))
    return [one for one in group if one.entry.superseded] + standing[:1]


def _settle(plan: ImportPlan, versions: Sequence[_Placed], stored: Sequence[StoredLabel], now: datetime) -> None:
    """Add to the plan what of a decision's versions is new; where another answer is here, that one stays."""
    known = {_content(label.phase, label.score, label.cant_say, label.submitted_at) for label in stored}
    contents = [_entry_content(one.entry) for one in versions]
    if known.issuperset(contents):
        plan.unchanged += len(contents)
        return
    form_ids = _form_ids(versions)
    known_ids = {label.form_id for label in stored}
    is_new = [form_ids[n] not in known_ids and contents[n] not in known for n in range(len(versions))]
    plan.unchanged += is_new.count(False)
    if not any(is_new):
        return
    told = set(form_ids), set(contents)
    others = any(
        label.form_id not in told[0]
        and _content(label.phase, label.score, label.cant_say, label.submitted_at) not in told[1]
        for label in stored
    )
    # What is new must come after what is here: stored behind it, an older answer would stand instead of the newer one.
    if others or is_new != sorted(is_new):
        reason = "its expert has answered this here already, and otherwise: the answer here stays"
        plan.refused += [RefusedRow(one.entry.row, reason) for one, new in zip(versions, is_new, strict=True) if new]
        return
    order = (datetime.min.replace(tzinfo=now.tzinfo), 0)
    for number, one in enumerate(versions):
        order = max(order, (one.entry.submitted_at or now, one.place))
        is_undone = one.entry.superseded and number == len(versions) - 1
        if is_new[number]:
            plan.new.append(PlannedLabel(one.entry, one.rater, one.response, form_ids[number], is_undone, order))


def _form_ids(versions: Sequence[_Placed]) -> list[str]:
    """Return an id for each version that is the same whenever the same file comes in."""
    seen: Counter[str] = Counter()
    ids = []
    for one in versions:
        entry = one.entry
        content = (entry.dimension, one.response.id, entry.phase, entry.answer, entry.submitted_at)
        text = "/".join(map(str, content))
        seen[text] += 1
        ids.append(str(uuid.uuid5(_NAMESPACE, f"{text}/{seen[text]}")))
    return ids


def _entry_content(entry: LabelEntry) -> tuple[object, ...]:
    return _content(entry.phase, SCORE_OF[entry.answer], entry.answer == "cant_say", entry.submitted_at)


def _content(phase: str, score: int | None, cant_say: bool, submitted_at: datetime | None) -> tuple[object, ...]:
    """Return what makes a label the same: a reason or a confidence may be written beside it later."""
    return phase, score, cant_say, submitted_at
