"""One response whose labels differ -> what a lead sees of it: the labels without names, the judge after the ruling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core.errors import NotFoundError, UserError
from core.judges import standing
from core.labels.disagreements import Disagreement, disagreements, newest_rulings, still_to_label
from core.labels.side_by_side import Expert, experts_of
from core.models import Item, Judge, Judgement, LabelsSeen, LockedResponse, Person, Response, Ruling
from core.people import needs_lead, open_responses


@dataclass(frozen=True)
class RulingView:
    """The newest ruling on one dimension and who made it; `ruling.retracted` says that none stands."""

    ruling: Ruling
    ruled_by: str


@dataclass(frozen=True)
class JudgeWord:
    """One judge's four scores and reasons; None is not scored."""

    judge: str
    scores: Mapping[str, int | None]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Disputed:
    """A response to rule on. Model and judges are empty until it is ruled and open to this person."""

    about: Disagreement
    item: Item
    text: str
    experts: tuple[Expert, ...]
    newest: Mapping[str, RulingView]
    labelled_by_me: bool
    is_open: bool
    model: str | None = None
    judges: tuple[JudgeWord, ...] = field(default=())

    @property
    def rulings(self) -> dict[str, RulingView]:
        """The rulings that stand, by dimension."""
        return {name: view for name, view in self.newest.items() if not view.ruling.retracted}

    @property
    def to_rule(self) -> str | None:
        """The first dimension that waits for a ruling; None when all are ruled."""
        return self.about.unruled[0] if self.about.unruled else None

    def newest_id(self, dimension: str) -> int:
        """Return what a ruling on a dimension names as seen; 0 where there is none yet."""
        return self.newest[dimension].ruling.id if dimension in self.newest else 0


def disagreement_of(session: Session, *, person: Person, response_id: int) -> Disagreement:
    """Return what a response's labels differ on, for a lead who may see them.

    Raises:
        NotFoundError: its labels do not differ.
        UserError: the person is an expert, or has the response still to label in a session under way.
    """
    needs_lead(person, "settle disagreements")
    found = disagreements(session, response_id=response_id)
    if not found:
        raise NotFoundError("The labels of this response do not differ any more. Choose another one from the list.")
    if response_id in still_to_label(session, person=person):
        raise UserError(
            "This response is still yours to label in your open session. Label it first, or leave it to another lead."
        )
    return found[0]


def open_labels(session: Session, *, person: Person, response_id: int) -> None:
    """Write down that a lead is shown others' labels: labels they give later are `unblinded`.

    Raises:
        NotFoundError: its labels do not differ.
        UserError: as `disagreement_of`.
    """
    disagreement_of(session, person=person, response_id=response_id)
    if session.get(LabelsSeen, (person.id, response_id)) is None:
        session.add(LabelsSeen(person_id=person.id, response_id=response_id))


def disputed(session: Session, *, person: Person, response_id: int) -> Disputed:
    """Return a response as a lead may see it now.

    Raises:
        NotFoundError: its labels do not differ.
        UserError: as `disagreement_of`, or its labels were not opened with `open_labels` before.
    """
    about = disagreement_of(session, person=person, response_id=response_id)
    if session.get(LabelsSeen, (person.id, response_id)) is None:
        raise UserError("Open the labels of this response first.")
    response = session.get_one(Response, response_id)
    ruled = not about.unruled
    shown = ruled and bool(open_responses(session, person=person, response_ids=[response_id]))
    return Disputed(
        about=about,
        item=session.get_one(Item, response.item_id),
        text=response.text,
        experts=experts_of(session, response_id=response_id, ruled=ruled),
        newest=_newest(session, response_id),
        labelled_by_me=session.get(LockedResponse, (person.id, response_id)) is not None,
        is_open=shown,
        model=response.model if shown else None,
        judges=_judges(session, response_id) if shown else (),
    )


def _newest(session: Session, response_id: int) -> dict[str, RulingView]:
    rows = newest_rulings(session, response_ids=[response_id])
    named = select(Person.id, Person.name).where(col(Person.id).in_({row.ruled_by for row in rows}))
    names = dict(session.exec(named).all())
    return {row.dimension: RulingView(row, names[row.ruled_by]) for row in rows}


def _judges(session: Session, response_id: int) -> tuple[JudgeWord, ...]:
    """Return each judge's first round, by name."""
    rows: Sequence[Judgement] = session.exec(
        select(Judgement)
        .join(Judge, standing())
        .where(Judgement.response_id == response_id)
        .order_by(col(Judgement.judge), col(Judgement.judge_round))
    ).all()
    by_judge: dict[str, dict[str, Judgement]] = {}
    for row in rows:
        by_judge.setdefault(row.judge, {}).setdefault(row.dimension, row)
    return tuple(
        JudgeWord(
            name,
            {dimension: row.score for dimension, row in found.items()},
            {dimension: row.rationale for dimension, row in found.items() if row.rationale},
        )
        for name, found in by_judge.items()
    )
