"""Assignments of a review session -> what the screen shows of each; judge and model only once the four are locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core.judges import standing
from core.labels.places import handle_of
from core.labels.standing import standing_labels
from core.models import Assignment, Item, Judge, Judgement, Label, LockedResponse, Note, Person, Response, ReviewSession


@dataclass(frozen=True)
class Question:
    """One wording of a question as shown; `machine` marks a translation that a machine made."""

    text: str
    language: str
    is_translation: bool
    machine: bool


@dataclass(frozen=True)
class Answer:
    """A person's decision that stands: choice is yes, no or cant_say."""

    choice: str
    phase: str
    reason: str | None


@dataclass(frozen=True)
class JudgementView:
    """A judge's view of one dimension; score None is not scored."""

    score: int | None
    status: str
    reason: str | None


@dataclass(frozen=True)
class JudgeView:
    """One judge's judgements by dimension; judges, rounds and prompt versions are never mixed."""

    judge: str
    prompt_version: str
    judge_round: int
    judgements: dict[str, JudgementView]


@dataclass(frozen=True)
class Revealed:
    """What is kept back until the four answers are locked."""

    model: str
    setting: str
    round: int
    judges: list[JudgeView]


@dataclass(frozen=True)
class Card:
    """All that the screen shows of one response; `handle` names it to the browser, never its id."""

    position: int
    handle: int
    country: str | None
    region: str | None
    norm: str
    background: str | None
    question: Question
    other_question: Question | None
    image_sha256: str | None
    image_alt: str
    image_note: str | None
    text: str
    answers: dict[str, Answer]
    note: str
    locked: bool
    revealed: Revealed | None


@dataclass(frozen=True)
class Decision:
    """A decision that can be undone or, once locked, revised."""

    position: int
    handle: int
    dimension: str


@dataclass(frozen=True)
class _Answered:
    """What is stored beside the responses of some cards, by response."""

    answers: Mapping[int, dict[str, Answer]]
    notes: Mapping[int, str]
    locked: Collection[int]
    judges: Mapping[int, list[JudgeView]] = field(default_factory=dict)


def cards(session: Session, *, person: Person, review: ReviewSession, positions: Iterable[int]) -> Sequence[Card]:
    """Return the cards at some places of a person's review session, in their order; places not there are left out."""
    rows = session.exec(
        select(Assignment, Response, Item)
        .join(Response, col(Response.id) == Assignment.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(Assignment.session_id == review.id, col(Assignment.position).in_(list(positions)))
        .order_by(col(Assignment.position))
    ).all()
    answered = _answered(session, person=person, response_ids=[response.id for _, response, _ in rows])
    translations = _translations(session, [item.base_item_id for _, _, item in rows if item.wording != "translation"])
    return [_card(place, response, item, translations, answered) for place, response, item in rows]


def last_decisions(session: Session, *, person: Person, review: ReviewSession, count: int = 20) -> Sequence[Decision]:
    """Return the newest decisions of a session that stand, oldest first, so that undo outlives a refresh."""
    query = (
        select(Assignment.position, Label.response_id, Label.dimension, Label.retracted)
        .join(Label, col(Label.response_id) == Assignment.response_id)
        .where(Assignment.session_id == review.id, Label.person_id == person.id)
        .order_by(col(Label.id))
    )
    newest: dict[tuple[int, str], tuple[Decision, bool]] = {}
    for position, response_id, dimension, retracted in session.exec(query):
        newest.pop((response_id, dimension), None)
        newest[response_id, dimension] = Decision(position, handle_of(review.id, position), dimension), retracted
    return [decision for decision, retracted in newest.values() if not retracted][-count:]


def _card(
    place: Assignment, response: Response, item: Item, translations: Mapping[str, Item], answered: _Answered
) -> Card:
    locked = response.id in answered.locked
    other = _other_question(item, translations.get(item.base_item_id))
    return Card(
        position=place.position,
        handle=handle_of(place.session_id, place.position),
        country=item.country,
        region=item.region,
        norm=item.norm or "",
        background=item.norm_background,
        question=_question(item),
        other_question=other if other and other.text.strip() != item.query.strip() else None,
        image_sha256=item.image_sha256 if item.image_status == "ok" else None,
        image_alt=item.image_alt or f"Picture for the question: {item.query}",
        image_note=item.image_note,
        text=response.text,
        answers=answered.answers.get(response.id, {}),
        note=answered.notes.get(response.id, ""),
        locked=locked,
        revealed=Revealed(response.model, response.setting, response.round, answered.judges.get(response.id, []))
        if locked
        else None,
    )


def _question(item: Item) -> Question:
    translation = item.wording == "translation"
    # CROSS's translations were made by a machine, and so were those of the sample; only own items say nothing of it.
    return Question(item.query, item.language, translation, translation and item.subset != "own")


def _other_question(item: Item, translation: Item | None) -> Question | None:
    if item.wording == "translation":
        return Question(item.query_english, "en", False, False) if item.query_english else None
    return _question(translation) if translation else None


def _translations(session: Session, base_item_ids: Sequence[str]) -> dict[str, Item]:
    """Return the translation of each base item that has one."""
    if not base_item_ids:
        return {}
    rows = session.exec(
        select(Item).where(col(Item.base_item_id).in_(set(base_item_ids)), Item.wording == "translation")
    )
    return {item.base_item_id: item for item in rows}


def _answered(session: Session, *, person: Person, response_ids: Sequence[int]) -> _Answered:
    answers: dict[int, dict[str, Answer]] = {}
    for label in standing_labels(session, person=person, response_ids=response_ids):
        answers.setdefault(label.response_id, {})[label.dimension] = _answer(label)
    notes = session.exec(
        select(Note.response_id, Note.text)
        .where(Note.person_id == person.id, col(Note.response_id).in_(response_ids))
        .order_by(col(Note.id))
    )
    locked = session.exec(
        select(LockedResponse.response_id).where(
            LockedResponse.person_id == person.id, col(LockedResponse.response_id).in_(response_ids)
        )
    ).all()
    return _Answered(answers, dict(notes.all()), set(locked), _judge_views(session, locked))


def _answer(label: Label) -> Answer:
    choice = "cant_say" if label.cant_say else "yes" if label.score else "no"
    return Answer(choice, label.phase, label.reason)


def _judge_views(session: Session, response_ids: Sequence[int]) -> dict[int, list[JudgeView]]:
    """Return each judge's view of responses, by judge; asked for locked responses only."""
    if not response_ids:
        return {}
    rows = session.exec(
        select(Judgement)
        .join(Judge, standing())
        .where(col(Judgement.response_id).in_(response_ids))
        .order_by(col(Judgement.judge), col(Judgement.prompt_version), col(Judgement.judge_round))
    )
    views: dict[int, dict[tuple[str, str, int], JudgeView]] = {}
    for row in rows:
        key = (row.judge, row.prompt_version, row.judge_round)
        view = views.setdefault(row.response_id, {}).setdefault(key, JudgeView(*key, judgements={}))
        view.judgements[row.dimension] = JudgementView(row.score, row.status, row.rationale)
    return {response_id: list(by_judge.values()) for response_id, by_judge in views.items()}
