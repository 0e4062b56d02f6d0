"""The calls of a judge run -> a page of them, and one in full, as one person may see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from sqlmodel import Session, col, func, select

from core.errors import NotFoundError, UserError
from core.models import Item, JudgeCall, Judgement, Person, Response
from core.people import open_responses
from core.rubric import DIMENSIONS, JudgementStatus

PAGE_SIZE = 25
CALL_STATUSES: tuple[JudgementStatus, ...] = get_args(JudgementStatus)
# What a failed call tells of its response is nothing.
_TELLS_NOTHING = "failed"


@dataclass(frozen=True)
class CallRow:
    """One call in a list. `scores` follow the rubric's order, one for each dimension asked.

    They are empty where the reply gave none, and where it is not open to the person.
    """

    call_id: int
    response_id: int
    item_id: str
    asked: str
    status: str
    attempt: int
    round: int
    is_open: bool
    scores: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class OpenedCall:
    """One call in full, with the response it was about and what its reply came to."""

    call: JudgeCall
    item_id: str
    language: str
    response_text: str
    judgements: tuple[Judgement, ...]


def call_counts(session: Session, *, run_id: str) -> dict[str, int]:
    """Return how many calls of a run there are, by status; every status is there."""
    rows = session.exec(
        select(JudgeCall.status, func.count()).where(JudgeCall.run_id == run_id).group_by(JudgeCall.status)
    ).all()
    return dict.fromkeys(CALL_STATUSES, 0) | dict(rows)


def calls_of_run(
    session: Session, *, run_id: str, person: Person, status: str | None = None, page: int = 1
) -> list[CallRow]:
    """Return one page of a run's calls, by response, question, round and attempt; of all statuses unless one is named.

    Scores are left out where the response is not open to the person.
    """
    query = (
        select(JudgeCall, Response.item_id)
        .join(Response, col(Response.id) == JudgeCall.response_id)
        .where(JudgeCall.run_id == run_id)
        .order_by(col(JudgeCall.response_id), JudgeCall.asked, col(JudgeCall.judge_round), col(JudgeCall.id))
    )
    if status is not None:
        query = query.where(JudgeCall.status == status)
    rows = session.exec(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    opened = open_responses(session, person=person, response_ids=[call.response_id for call, _ in rows])
    judgements = _judgements(session, [call.id for call, _ in rows if call.response_id in opened])
    return [_row(call, item_id, call.response_id in opened, judgements[call.id]) for call, item_id in rows]


def _row(call: JudgeCall, item_id: str, is_open: bool, judgements: Sequence[Judgement]) -> CallRow:
    return CallRow(
        call_id=call.id,
        response_id=call.response_id,
        item_id=item_id,
        asked=call.asked,
        status=call.status,
        attempt=call.attempt,
        round=call.judge_round,
        is_open=is_open or call.status == _TELLS_NOTHING,
        scores=tuple(judgement.score for judgement in judgements),
    )


def opened_call(session: Session, *, run_id: str, call_id: int, person: Person) -> OpenedCall:
    """Return one call of a run in full.

    Raises:
        NotFoundError: the run has no such call.
        UserError: its response is not open to the person.
    """
    found = session.exec(
        select(JudgeCall, Response, Item.language)
        .join(Response, col(Response.id) == JudgeCall.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(JudgeCall.id == call_id, JudgeCall.run_id == run_id)
    ).first()
    if found is None:
        raise NotFoundError(f"This run has no reply {call_id}. Choose one from its list.")
    call, response, language = found
    opened = open_responses(session, person=person, response_ids=[response.id])
    if not opened and call.status != _TELLS_NOTHING:
        raise UserError("This reply is closed: you may still label its response. Open the replies of the page first.")
    judgements = _judgements(session, [call.id] if opened else [])
    return OpenedCall(call, response.item_id, language, response.text, tuple(judgements[call.id]))


def _judgements(session: Session, call_ids: Sequence[int]) -> Mapping[int, list[Judgement]]:
    """Return the judgements of calls, in the rubric's order."""
    found: dict[int, list[Judgement]] = defaultdict(list)
    rows = session.exec(select(Judgement).where(col(Judgement.call_id).in_(call_ids)).order_by(col(Judgement.id))).all()
    places: dict[str, int] = {dimension: place for place, dimension in enumerate(DIMENSIONS)}
    for row in sorted(rows, key=lambda row: places.get(row.dimension, len(places))):
        found[row.call_id or 0].append(row)
    return found
