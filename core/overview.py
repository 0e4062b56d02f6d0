"""Where the work stands: counts in flow order, progress by country, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import distinct
from sqlmodel import Session, SQLModel, col, func, select

from core.backgrounds import counts_still
from core.judges import standing
from core.labels.review_sessions import open_session
from core.labels.waiting import countries_to_label
from core.models import (
    Assignment,
    Item,
    ItemWarning,
    Judge,
    Judgement,
    Label,
    LockedResponse,
    Pair,
    Person,
    Response,
    ReviewSession,
    TrainingRun,
    TrainingSet,
)
from core.people import MAY_LEAD
from core.people_shown import LEAST_PEOPLE


@dataclass(frozen=True)
class Count:
    """One number of the overview, with a second fact under it."""

    title: str
    number: int
    aside: str


@dataclass(frozen=True)
class CountryProgress:
    """How far one country is. `percent` of its readable responses are labelled: 0 to 100, never rounded up.

    `experts` is None where they are fewer than `LEAST_PEOPLE`, as on the People page.
    """

    country: str
    items: int
    responses: int
    labelled: int
    percent: int
    experts: int | None
    pairs: int


@dataclass(frozen=True)
class Waiting:
    """What waits for one person."""

    open_session_left: int
    unlabelled: int
    proposed_pairs: int
    accepted_pairs: int
    training_sets: int


def counts(session: Session, *, person: Person) -> list[Count]:
    """Return the counts of everything stored, in flow order; an expert's end with the labels."""
    warned = session.exec(select(func.count(distinct(col(ItemWarning.item_id))))).one()
    failed = _count(session, Response, Response.status != "ok")
    locked = _count(session, LockedResponse, counts_still(LockedResponse.person_id))
    shared = [
        Count("Items", _count(session, Item), f"{warned:,} with a warning"),
        Count("Responses", _count(session, Response), f"{failed:,} failed or empty"),
        Count("Labels", _standing_labels(session), f"{locked:,} responses done"),
    ]
    if person.role not in MAY_LEAD:
        return shared
    return [
        *shared[:2],
        _judgements(session),
        *shared[2:],
        Count("Pairs", _count(session, Pair), f"{_count(session, Pair, Pair.status == 'proposed'):,} to check"),
        Count("Training sets", _count(session, TrainingSet), "frozen"),
        Count("Training runs", _count(session, TrainingRun), "started"),
    ]


def _standing_labels(session: Session) -> int:
    """Return the number of labels that stand: an answer changed three times is one label, one taken back is none."""
    of_one_decision = (Label.person_id, Label.response_id, Label.dimension)
    newest = select(func.max(Label.id)).group_by(*map(col, of_one_decision))
    is_kept = col(Label.retracted).is_(False)
    return _count(session, Label, col(Label.id).in_(newest), is_kept, counts_still(Label.person_id))


def _judgements(session: Session) -> Count:
    """Return the count of those that stand: what a judge said with earlier words, or of an anchor set, is no result."""
    number, scored, judges = session.exec(
        select(func.count(), func.count(col(Judgement.score)), func.count(distinct(col(Judgement.judge))))
        .select_from(Judgement)
        .join(Judge, col(Judge.name) == Judgement.judge)
        .where(standing())
    ).one()
    if not number:
        return Count("Judgements", 0, "none yet")
    # Never rounded up: with one missing it is not 100 %.
    share = scored * 1000 // number / 10
    return Count("Judgements", number, f"{share:.1f}% scored, by {judges:,} judge{'' if judges == 1 else 's'}")


def progress_by_country(session: Session) -> Sequence[CountryProgress]:
    """Return how far each country is, in alphabetical order; items without a country are left out."""
    items = _by_country(session, select(Item.country, func.count()).group_by(col(Item.country)))
    responses = _by_country(
        session,
        select(Item.country, func.count())
        .join(Response, col(Response.item_id) == Item.id)
        .where(Response.status == "ok")
        .group_by(col(Item.country)),
    )
    labelled: dict[str, tuple[int, int]] = {}
    rows = session.exec(
        select(
            Item.country,
            func.count(distinct(col(LockedResponse.response_id))),
            func.count(distinct(col(LockedResponse.person_id))),
        )
        .join(Response, col(Response.id) == LockedResponse.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(counts_still(LockedResponse.person_id))
        .group_by(col(Item.country))
    )
    for country, done, experts in rows:
        labelled[country or ""] = (done, experts)
    pairs = _by_country(
        session,
        select(Item.country, func.count()).join(Pair, col(Pair.item_id) == Item.id).group_by(col(Item.country)),
    )
    result = []
    for country in sorted(name for name in items if name):
        done, experts = labelled.get(country, (0, 0))
        total = responses.get(country, 0)
        percent = 100 * done // total if total else 0
        said = experts if experts >= LEAST_PEOPLE else None
        result.append(CountryProgress(country, items[country], total, done, percent, said, pairs.get(country, 0)))
    return result


def waiting_for(session: Session, *, person: Person) -> Waiting:
    """Return what a person can go on with."""
    under_way = open_session(session, person=person)
    return Waiting(
        open_session_left=_left_in(session, under_way) if under_way else 0,
        unlabelled=sum(row.responses for row in countries_to_label(session, person=person)),
        proposed_pairs=_count(session, Pair, Pair.status == "proposed"),
        accepted_pairs=_count(session, Pair, Pair.status == "accepted"),
        training_sets=_count(session, TrainingSet),
    )


def _left_in(session: Session, review: ReviewSession) -> int:
    locked = select(LockedResponse.response_id).where(LockedResponse.person_id == review.person_id)
    return _count(
        session,
        Assignment,
        Assignment.session_id == review.id,
        col(Assignment.response_id).not_in(locked),
    )


def _count(session: Session, table: type[SQLModel], *conditions: object) -> int:
    return session.exec(select(func.count()).select_from(table).where(*conditions)).one()  # type: ignore[arg-type]


def _by_country(session: Session, query: object) -> dict[str, int]:
    return {country or "": number for country, number in session.exec(query)}  # type: ignore[call-overload]
