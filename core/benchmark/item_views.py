"""Show items: as cards of a gallery, and one item with all that is known about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session, col, func, select

from core.errors import NotFoundError
from core.judges import stands_for
from core.models import Erratum, Image, Item, ItemWarning, Judge, Judgement, Person, Response
from core.passed import is_passed
from core.people import open_responses
from core.rubric import DIMENSIONS, Tally


@dataclass(frozen=True)
class ItemCard:
    """An item in a gallery; `marks` are tallies of one judge's scores this person may see, by dimension."""

    item_id: str
    country: str | None
    language: str
    domain: str | None
    wording: str
    query: str
    split: str
    image_sha256: str | None
    image_status: str
    image_alt: str | None
    warnings: tuple[str, ...] = ()
    marks: dict[str, Tally] = field(default_factory=dict)
    marks_by: str = ""


@dataclass(frozen=True)
class ItemDetails:
    """All that is known about one item; `siblings` are its other wordings and its translation."""

    item: Item
    image: Image | None
    warnings: tuple[ItemWarning, ...]
    siblings: tuple[Item, ...]
    family_size: int
    errata: tuple[Erratum, ...] = ()
    is_passed: bool = True


def item_cards(
    session: Session,
    *,
    item_ids: Sequence[str],
    person: Person,
    models: Sequence[str] = (),
    judge: Judge | None = None,
) -> list[ItemCard]:
    """Return the cards of items, in the order given; an unknown id is left out.

    Args:
        session: to look with.
        item_ids: a page of them.
        person: who looks; only scores open to them are tallied.
        models: tally the responses of these only; all if none is named.
        judge: whose scores are tallied; without one the cards bear no marks.
    """
    # No raw record, norm or background here: they are the bulk of a row.
    columns = (
        *(Item.id, Item.country, Item.language, Item.domain, Item.wording, Item.query, Item.split),
        *(Item.image_sha256, Item.image_status, Item.image_alt),
    )
    found = session.exec(select(*columns).where(col(Item.id).in_(item_ids)))  # type: ignore[call-overload]
    rows: dict[str, tuple[Any, ...]] = {row[0]: tuple(row) for row in found}
    warned: dict[str, list[str]] = {}
    for item_id, code in session.exec(
        select(ItemWarning.item_id, ItemWarning.code)
        .where(col(ItemWarning.item_id).in_(item_ids))
        .order_by(ItemWarning.code)
    ):
        warned.setdefault(item_id, []).append(code)
    marks = _marks(session, item_ids, person, models, judge) if judge else {}
    return [
        replace(
            ItemCard(*rows[item_id]),
            warnings=tuple(warned.get(item_id, ())),
            marks=marks.get(item_id, {}),
            marks_by=judge.name if judge and item_id in marks else "",
        )
        for item_id in item_ids
        if item_id in rows
    ]


def _marks(
    session: Session, item_ids: Sequence[str], person: Person, models: Sequence[str], judge: Judge
) -> dict[str, dict[str, Tally]]:
    # What a model says without the picture is another question's answer.
    responses = select(Response.id).where(col(Response.item_id).in_(item_ids), Response.setting != "text-only")
    if models:
        responses = responses.where(col(Response.model).in_(models))
    visible = open_responses(session, person=person, response_ids=list(session.exec(responses)))
    if not visible:
        return {}
    counted = (func.coalesce(func.sum(Judgement.score), 0), func.count(col(Judgement.score)), func.count())
    rows = session.exec(
        select(Response.item_id, Judgement.dimension, *counted)  # type: ignore[call-overload]
        .join(Judgement, col(Judgement.response_id) == Response.id)
        .where(col(Response.id).in_(visible), stands_for(judge))
        .group_by(Response.item_id, Judgement.dimension)
    )
    found: dict[str, dict[str, Tally]] = {}
    for item_id, dimension, yes, scored, held in rows:
        found.setdefault(item_id, {})[dimension] = Tally(yes, scored, held - scored)
    return {item_id: {name: by.get(name, Tally()) for name in DIMENSIONS} for item_id, by in found.items()}


def item_details(session: Session, *, item_id: str) -> ItemDetails:
    """Return all that is known about one item.

    Raises:
        NotFoundError: there is no such item.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFoundError(f"There is no item {item_id[:80]} in this workspace. It may belong to another one.")
    siblings = session.exec(
        select(Item).where(Item.base_item_id == item.base_item_id, Item.id != item.id).order_by(Item.wording)
    ).all()
    warnings = session.exec(select(ItemWarning).where(ItemWarning.item_id == item_id).order_by(ItemWarning.code)).all()
    family = session.exec(select(func.count()).select_from(Item).where(Item.family_id == item.family_id)).one()
    image = session.get(Image, item.image_sha256) if item.image_sha256 else None
    errata = session.exec(select(Erratum).where(Erratum.item_id == item_id).order_by(col(Erratum.id))).all()
    passed = is_passed(session, item_id=item_id)
    return ItemDetails(item, image, tuple(warnings), tuple(siblings), family, tuple(errata), passed)
