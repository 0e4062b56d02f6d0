"""Responses as a file names them -> those that are here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select

from core.labels.chunks import in_chunks
from core.labels.exchange.checks import text_sha256
from core.labels.exchange.shapes import Target
from core.models import Item, Response

# By the number alone nothing speaks against it, but nothing else speaks for it either.
How = Literal["number", "number alone", "name", "text"]
_READABLE = ("ok", "cut_off")


@dataclass(frozen=True)
class FoundResponse:
    """A response of this workspace, and by what it was found."""

    id: int
    country: str | None
    language: str
    how: How


@dataclass(frozen=True)
class _Here:
    """What a response is known by."""

    id: int
    item_id: str
    model: str
    setting: str
    round: int
    status: str
    text_sha256: bytes
    country: str | None
    language: str

    def agrees(self, target: Target) -> bool:
        """Return whether nothing that the file says speaks against this response, its number aside."""
        pairs = (
            (target.item_id, self.item_id),
            (target.model, self.model),
            (target.setting, self.setting),
            (target.round, self.round),
            (target.text_sha256, self.text_sha256),
        )
        return all(wanted is None or wanted == held for wanted, held in pairs)


def found_responses(session: Session, targets: Iterable[Target]) -> dict[Target, FoundResponse | str]:
    """Return for each target the one response that it means, or the reason why there is none.

    A number counts only where nothing else that the file says speaks against it: numbers differ between workspaces.
    """
    wanted = set(targets)
    by_id = {row.id: row for row in _rows(session, "id", {target.response_id for target in wanted})}
    found: dict[Target, FoundResponse | str] = {}
    for target in wanted:
        here = by_id.get(target.response_id) if target.response_id is not None else None
        if here is not None and here.agrees(target):
            is_told = target.text_sha256 is not None or (target.item_id is not None and target.model is not None)
            found[target] = _found(here, "number" if is_told else "number alone")
    by_item: dict[str, list[_Here]] = defaultdict(list)
    for row in _rows(session, "item_id", {target.item_id for target in wanted - found.keys()}):
        by_item[row.item_id].append(row)
    for target in wanted - found.keys():
        if target.item_id and (target.model or target.text_sha256):
            fitting = [row for row in by_item[target.item_id] if row.agrees(target)]
            if fitting:
                found[target] = _one_of(fitting, "name" if target.model else "text")
    nameless = {target.text_sha256 for target in wanted - found.keys() if target.item_id is None} - {None}
    by_text: dict[bytes, list[_Here]] = defaultdict(list)
    for row in _rows(session, None, set()) if nameless else ():
        if row.text_sha256 in nameless:
            by_text[row.text_sha256].append(row)
    for target in wanted - found.keys():
        fitting = [row for row in by_text.get(target.text_sha256 or b"", ()) if row.agrees(target)]
        found[target] = _one_of(fitting, "text") if fitting else _missing(target, by_id)
    return found


def _one_of(fitting: Sequence[_Here], how: How) -> FoundResponse | str:
    if len(fitting) > 1:
        return f"fits {len(fitting)} responses here: name its item, model, setting and round"
    return _found(fitting[0], how)


def _found(row: _Here, how: How) -> FoundResponse | str:
    if row.status not in _READABLE:
        return "its response holds no text to label here"
    return FoundResponse(row.id, row.country, row.language, how)


def _missing(target: Target, by_id: dict[int, _Here]) -> str:
    if target.response_id in by_id:
        return f"response {target.response_id} here is another one: its item, model, setting, round or text differs"
    named = f" to {target.item_id[:100]}" if target.item_id else " with this text" if target.text_sha256 else ""
    number = f" {target.response_id}" if target.response_id is not None and not named else ""
    return f"there is no response{number}{named} here that fits: import the items and responses first"


def _rows(session: Session, by: Literal["id", "item_id"] | None, values: Iterable[int | str | None]) -> Iterator[_Here]:
    """Yield responses with one of the values, or all of them."""
    fields = (Response.id, Response.item_id, Response.model, Response.setting, Response.round, Response.status)
    query = select(*fields, Response.text, Item.country, Item.language)  # type: ignore[call-overload]
    query = query.join(Item, col(Item.id) == Response.item_id)
    held = sorted(value for value in values if value is not None)
    column = col(Response.item_id if by == "item_id" else Response.id)
    for chunk in in_chunks(held) if by else [None]:
        asked = query if chunk is None else query.where(column.in_(chunk))
        rows = session.execute(asked.order_by(col(Response.id)).execution_options(yield_per=1000))
        for row in rows.mappings():
            known = dict(row)
            yield _Here(text_sha256=text_sha256(known.pop("text")), **known)
