"""Assignments of a review session -> what the screen shows of each; the judge once all four are locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core.benchmark.corrected import corrected
from core.benchmark.errata import errata_of
from core.judges import standing
from core.labels.card_parts import Answer, Card, JudgementView, JudgeView, Phrase, Question, Revealed, Written
from core.labels.phrases import phrases_of
from core.labels.places import handle_of
from core.labels.retests import standing_retests
from core.labels.skipping import put_aside_of
from core.labels.standing import standing_labels
from core.models import (
    Assignment,
    Erratum,
    Item,
    Judge,
    Judgement,
    Label,
    LockedResponse,
    MarkedPhrase,
    Note,
    Person,
    Response,
    RetestLabel,
    ReviewSession,
)
from core.rubric import DIMENSIONS


@dataclass(frozen=True)
class _Answered:
    """What is stored beside the responses of some cards, by response; errata by item.

    What a retest asks anew is in `retested`: its first answers are not shown.
    """

    answers: Mapping[int, dict[str, Answer]]
    notes: Mapping[int, list[Written]]
    phrases: Mapping[int, list[Phrase]]
    errata: Mapping[str, list[str]]
    put_aside: Collection[int]
    locked: Collection[int]
    retested: Mapping[int, dict[str, Answer]]
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
    answered = _answered(session, review=review, person=person, rows=rows)
    translations = _translations(session, [item.base_item_id for _, _, item in rows if item.wording != "translation"])
    shown = {item.id for _, _, item in rows} | {item.id for item in translations.values()}
    accepted = errata_of(session, item_ids=shown, status="accepted")
    return [_card(place, response, item, translations, accepted, answered) for place, response, item in rows]


def _card(
    place: Assignment,
    response: Response,
    item: Item,
    translations: Mapping[str, Item],
    accepted: Sequence[Erratum],
    answered: _Answered,
) -> Card:
    answers = (answered.retested if place.is_retest else answered.answers).get(response.id, {})
    locked = len(answers) == len(DIMENSIONS) if place.is_retest else response.id in answered.locked
    read, question = corrected(item, accepted), _question(item, accepted)
    other = _other_question(item, translations.get(item.base_item_id), accepted)
    notes = answered.notes.get(response.id, [])
    return Card(
        position=place.position,
        handle=handle_of(place.session_id, place.position),
        country=item.country,
        region=item.region,
        norm=read.norm or "",
        norm_came=(item.norm or "") if "norm" in read.errata else None,
        background=item.norm_background,
        question=question,
        other_question=other if other and other.text.strip() != question.text.strip() else None,
        image_sha256=item.image_sha256 if item.image_status == "ok" else None,
        image_alt=item.image_alt or f"Picture for the question: {item.query}",
        image_note=item.image_note,
        text=response.text,
        answers=answers,
        note=notes[-1].text if notes else "",
        notes=notes,
        phrases=answered.phrases.get(response.id, []),
        errata=answered.errata.get(item.id, []),
        put_aside=response.id in answered.put_aside,
        locked=locked,
        revealed=Revealed(response.setting, response.round, answered.judges.get(response.id, [])) if locked else None,
    )


def _question(item: Item, accepted: Sequence[Erratum]) -> Question:
    translation, read = item.wording == "translation", corrected(item, accepted)
    came = item.query if "query" in read.errata else None
    # CROSS's translations were made by a machine, and so were those of the sample; only own items say nothing of it.
    machine = translation and item.subset != "own" and came is None
    return Question(read.query, item.language, translation, machine, came)


def _other_question(item: Item, translation: Item | None, accepted: Sequence[Erratum]) -> Question | None:
    if item.wording == "translation":
        return Question(item.query_english, "en", False, False) if item.query_english else None
    return _question(translation, accepted) if translation else None


def _translations(session: Session, base_item_ids: Sequence[str]) -> dict[str, Item]:
    """Return the translation of each base item that has one."""
    if not base_item_ids:
        return {}
    rows = session.exec(
        select(Item).where(col(Item.base_item_id).in_(set(base_item_ids)), Item.wording == "translation")
    )
    return {item.base_item_id: item for item in rows}


def _answered(
    session: Session, *, review: ReviewSession, person: Person, rows: Sequence[tuple[Assignment, Response, Item]]
) -> _Answered:
    ids = [response.id for _, response, _ in rows]
    came_back = {response.id for place, response, _ in rows if place.is_retest}
    again = standing_retests(session, review=review, response_ids=ids) if came_back else []
    locked = session.exec(
        select(LockedResponse.response_id).where(
            LockedResponse.person_id == person.id, col(LockedResponse.response_id).in_(ids)
        )
    ).all()
    phrases: dict[int, list[Phrase]] = {}
    for mark in phrases_of(session, person=person, response_ids=ids):
        if _is_shown(mark, came_back, review):
            phrases.setdefault(mark.response_id, []).append(Phrase(mark.form_id, mark.begins, mark.ends))
    written = select(Note).where(Note.person_id == person.id, col(Note.response_id).in_(ids)).order_by(col(Note.id))
    notes: dict[int, list[Written]] = {}
    for note in session.exec(written):
        if _is_shown(note, came_back, review):
            notes.setdefault(note.response_id, []).append(Written(note.form_id, note.text))
    return _Answered(
        answers=_answers(standing_labels(session, person=person, response_ids=ids)),
        notes=notes,
        phrases=phrases,
        errata=_errata_kinds(session, person, {item.id for _, _, item in rows}),
        put_aside=put_aside_of(session, person=person, response_ids=ids),
        locked=set(locked),
        retested=_answers(again),
        judges=_judge_views(session, locked),
    )


def _errata_kinds(session: Session, person: Person, item_ids: Collection[str]) -> dict[str, list[str]]:
    """Return what the person has said is wrong with items, oldest first."""
    kinds: dict[str, list[str]] = {}
    query = select(Erratum.item_id, Erratum.kind).where(
        Erratum.person_id == person.id, col(Erratum.item_id).in_(item_ids)
    )
    for item_id, kind in session.exec(query.order_by(col(Erratum.id))):
        kinds.setdefault(item_id, []).append(kind)
    return kinds


def _is_shown(written: Note | MarkedPhrase, came_back: Collection[int], review: ReviewSession) -> bool:
    """Whether what was written beside a response is shown: of a retest only what this session brought."""
    return written.response_id not in came_back or written.created_at >= review.created_at


def _answers(labels: Iterable[Label | RetestLabel]) -> dict[int, dict[str, Answer]]:
    """Return answers by response and dimension; those given anew count as blind and have no reason."""
    found: dict[int, dict[str, Answer]] = {}
    for label in labels:
        choice = "cant_say" if label.cant_say else "yes" if label.score else "no"
        phase, reason = (label.phase, label.reason) if isinstance(label, Label) else ("blind", None)
        answer = Answer(choice, phase, reason, label.form_id, label.confidence)
        found.setdefault(label.response_id, {})[label.dimension] = answer
    return found


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
