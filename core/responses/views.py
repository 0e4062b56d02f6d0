"""Responses of an item as one person may see them: text for all, scores and model names only where they are open."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from core.backgrounds import counts_still
from core.benchmark.families import stable_share
from core.benchmark.items import READABLE, search_condition
from core.judges import standing
from core.models import Item, Judge, Judgement, Label, LockedResponse, Person, Response, ResponseFlag
from core.people import left_to_label, open_responses
from core.rubric import Tally, tally


@dataclass(frozen=True)
class ExpertScore:
    """What one expert's four locked answers say on one dimension now; `expert` is a pseudonym."""

    expert: str
    dimension: str
    score: int | None
    phase: str
    reason: str | None


@dataclass(frozen=True)
class ResponseView:
    """One response as a person may see it.

    `letter` names it while it is closed; the letters follow a hash, so that they tell nothing. Model, round, error,
    judgements, labels and flags are empty unless `is_open`. `flags` are the words in it that read like instructions to
    its judge.
    """

    id: int
    letter: str
    status: str
    text: str
    is_open: bool
    is_left_to_label: bool = False
    model: str | None = None
    setting: str | None = None
    round: int | None = None
    error: str | None = None
    judgements: tuple[Judgement, ...] = ()
    labels: tuple[ExpertScore, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether there is a text to read, label and pair."""
        return self.status in READABLE

    @property
    def judges(self) -> tuple[str, ...]:
        """The judges that scored it, by name."""
        return tuple(sorted({row.judge for row in self.judgements}))

    def judged(self, judge: str, dimension: str) -> Tally:
        """Return one judge's scores on one dimension, all its rounds together."""
        return tally(row.score for row in self.judgements if (row.judge, row.dimension) == (judge, dimension))

    def labelled(self, dimension: str) -> Tally:
        """Return the experts' scores on one dimension."""
        return tally(row.score for row in self.labels if row.dimension == dimension)


def responses_of(session: Session, *, item_id: str, person: Person) -> list[ResponseView]:
    """Return the responses to an item, by letter."""
    rows = session.exec(select(Response).where(Response.item_id == item_id).order_by(col(Response.id))).all()
    shuffled = sorted(rows, key=lambda row: stable_share("letter", item_id, row.id))
    visible = open_responses(session, person=person, response_ids=[row.id for row in rows])
    left = set(
        session.exec(select(Response.id).join(Item).where(Response.item_id == item_id, left_to_label(person))).all()
    )
    judgements = _judgements(session, visible)
    labels = _labels(session, visible)
    flags = _flags(session, visible)
    return [
        ResponseView(row.id, letters(place), row.status, row.text, is_open=False, is_left_to_label=row.id in left)
        if row.id not in visible
        else ResponseView(
            row.id,
            letters(place),
            row.status,
            row.text,
            is_open=True,
            is_left_to_label=row.id in left,
            model=row.model,
            setting=row.setting,
            round=row.round,
            error=row.error,
            judgements=tuple(judgements[row.id]),
            labels=tuple(labels[row.id]),
            flags=tuple(flags[row.id]),
        )
        for place, row in enumerate(shuffled)
    ]


def letters(place: int) -> str:
    """Return A for 0, Z for 25, AA for 26, as the columns of a spreadsheet."""
    first = letters(place // 26 - 1) if place >= 26 else ""
    return first + chr(ord("A") + place % 26)


def _judgements(session: Session, response_ids: set[int]) -> dict[int, list[Judgement]]:
    found: dict[int, list[Judgement]] = defaultdict(list)
    rows = session.exec(
        select(Judgement)
        .join(Judge, standing())
        .where(col(Judgement.response_id).in_(response_ids))
        .order_by(Judgement.judge, col(Judgement.id))
    )
    for row in rows:
        found[row.response_id].append(row)
    return found


def _flags(session: Session, response_ids: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = select(ResponseFlag).where(col(ResponseFlag.response_id).in_(response_ids)).order_by(ResponseFlag.code)
    for flag in session.exec(rows):
        found[flag.response_id].append(flag.excerpt)
    return found


def _labels(session: Session, response_ids: set[int]) -> dict[int, list[ExpertScore]]:
    """Return the labels that stand: of locked answers, the newest of each expert and dimension."""
    rows = session.exec(
        select(Label, Person.pseudonym)
        .join(Person, col(Person.id) == Label.person_id)
        .join(
            LockedResponse,
            (col(LockedResponse.person_id) == Label.person_id) & (col(LockedResponse.response_id) == Label.response_id),
        )
        .where(col(Label.response_id).in_(response_ids), col(Label.retracted).is_(False), counts_still(Label.person_id))
        .order_by(Person.pseudonym, col(Label.id))
    )
    standing: dict[int, dict[tuple[str, str], ExpertScore]] = defaultdict(dict)
    for label, expert in rows:
        said = ExpertScore(expert, label.dimension, label.score, label.phase, label.reason)
        standing[label.response_id][expert, label.dimension] = said
    return defaultdict(list, {response_id: list(said.values()) for response_id, said in standing.items()})


def comparable_items(session: Session, *, search: str = "") -> Sequence[str]:
    """Return the ids of items with two or more responses that can be read, in the order of `listing`."""
    readable = select(Response.item_id).where(col(Response.status).in_(READABLE))
    several = readable.group_by(Response.item_id).having(func.count() > 1)
    query = select(Item.id).where(col(Item.id).in_(several))
    if search.strip():
        query = query.where(search_condition(search))
    return session.exec(query.order_by(col(Item.country), Item.base_item_id, Item.wording, Item.id)).all()


def response_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every response as one record in the fields of the export format, by item and id."""
    rows = select(Response).order_by(Response.item_id, col(Response.id)).execution_options(yield_per=1000)
    for row in session.exec(rows):
        yield {
            "item_id": row.item_id,
            "response_id": row.id,
            "response_model": row.model,
            "setting": row.setting,
            "response_round": row.round,
            "status": row.status,
            "text": row.text,
            "error": row.error,
            "created_at": row.created_at.isoformat(),
        }
