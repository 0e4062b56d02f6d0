"""Turn pairs and their items into the rows of a training set. Pure: pairs in, rows and reasons out.

A row is written in one form for the whole set, as TRL's vision trainers want it: lists of messages whose content is a
list of typed blocks. No block has a key "image": Arrow would fill it with None and TRL would count no placeholder.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.benchmark.corrected import CorrectedField, CorrectedItem
from core.models import Item, Pair
from core.rubric import SPLIT_TITLES, TrainingSetKind

Part = Literal["train", "validation"]
Picture = Literal["ok", "none", "missing", "damaged"]


@dataclass(frozen=True)
class Candidate:
    """An accepted pair that wants to go in; `picture` says whether the item's picture is there.

    `read` is the item as accepted corrections have it; None where it is taken as it came.
    """

    pair: Pair
    item: Item
    picture: Picture
    read: CorrectedItem | None = None


@dataclass(frozen=True)
class Refusal:
    """A pair that stays out, and why."""

    pair_id: int
    reason: str


@dataclass(frozen=True)
class TrainingRow:
    """One example (SFT: chosen only) or pair (DPO) of a training set."""

    pair_id: int
    item_id: str
    family_id: str
    country: str | None
    language: str
    negative_type: str | None
    query: str
    chosen: str
    rejected: str | None
    image_sha256: str | None
    part: Part = "train"


@dataclass(frozen=True)
class Correction:
    """An item of a set that is not read as it came, and the accepted errata that say how, by what they correct."""

    item_id: str
    errata: Mapping[CorrectedField, int]


@dataclass(frozen=True)
class Selection:
    """What a training set would hold, sorted by pair, and what stays out.

    `merged` are pairs whose example is in already, word for word (SFT only). `corrected` are the items among the rows
    that are read as corrected; None where all are taken as they came.
    """

    kind: TrainingSetKind
    rows: tuple[TrainingRow, ...]
    refused: tuple[Refusal, ...]
    merged: tuple[int, ...]
    corrected: tuple[Correction, ...] | None = None


def select_rows(
    kind: TrainingSetKind,
    candidates: Iterable[Candidate],
    *,
    validation_share: float = 0.1,
    allow_missing_pictures: bool = False,
    is_corrected: bool = False,
) -> Selection:
    """Return the rows of a training set and the refused pairs, whatever the order of the candidates.

    Args:
        kind: sft keeps the chosen answer only.
        candidates: pairs with their items.
        validation_share: 0 to 1 of the families go to the validation part; the training part is never left empty.
        allow_missing_pictures: let a query in without the picture it speaks of.
        is_corrected: whether the candidates say how their items read corrected.
    """
    rows: dict[tuple[object, ...], TrainingRow] = {}
    refused, merged = [], []
    read: dict[str, CorrectedItem] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.pair.id):
        pair = candidate.pair
        if reason := reason_to_refuse(candidate, allow_missing_pictures=allow_missing_pictures):
            refused.append(Refusal(pair.id, reason))
            continue
        if candidate.read:
            read[pair.item_id] = candidate.read
        key = (pair.item_id, pair.chosen) if kind == "sft" else (pair.id,)
        if key in rows:
            merged.append(pair.id)
        else:
            rows[key] = _row(kind, candidate)
    parted = _parted(list(rows.values()), validation_share)
    corrected = tuple(Correction(item_id, read[item_id].errata) for item_id in sorted(read)) if is_corrected else None
    return Selection(kind, tuple(parted), tuple(refused), tuple(merged), corrected)


def reason_to_refuse(candidate: Candidate, *, allow_missing_pictures: bool = False) -> str | None:
    """Return why a pair must stay out of every training set, None if it may go in."""
    pair, item = candidate.pair, candidate.item
    if pair.status != "accepted":
        return f"It is {pair.status}, not accepted. Accept it under Pairs first."
    if item.split != "training_pool":
        meaning = SPLIT_TITLES.get(item.split, item.split)
        return f"Its item {item.id} is {meaning}; only items of the training pool are trained on."
    if not pair.chosen.strip() or not pair.rejected.strip():
        return "One of its two answers is empty. Write it under Pairs."
    if pair.chosen.strip() == pair.rejected.strip():
        return "Chosen and rejected are the same text. Change one of them under Pairs."
    if not item.query.strip():
        return f"Its item {item.id} has no query."
    if candidate.read and not candidate.read.holds:
        return f"The norm of its item {item.id} does not hold, as an accepted correction says."
    if candidate.picture == "damaged":
        return f"The stored picture of {item.id} is damaged. Import the pictures again."
    if candidate.picture == "missing" and not allow_missing_pictures:
        return f"The picture of {item.id} is missing. Import it, or allow queries without their picture."
    return None


def _row(kind: TrainingSetKind, candidate: Candidate) -> TrainingRow:
    pair, item, read = candidate.pair, candidate.item, candidate.read
    return TrainingRow(
        pair_id=pair.id,
        item_id=item.id,
        family_id=item.family_id,
        country=read.country if read else item.country,
        language=item.language,
        negative_type=pair.negative_type,
        query=read.query if read else item.query,
        chosen=pair.chosen,
        rejected=pair.rejected if kind == "dpo" else None,
        image_sha256=item.image_sha256 if candidate.picture == "ok" else None,
    )


def in_validation(family_id: str, share: float) -> bool:
    """Return whether a family is used to watch the training instead of for it; depends on nothing but its id."""
    digest = hashlib.blake2b(f"validation/{family_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) < share * 2**64


def _parted(rows: Sequence[TrainingRow], share: float) -> list[TrainingRow]:
    watching = {row.family_id for row in rows if in_validation(row.family_id, share)}
    if watching == {row.family_id for row in rows}:
        watching = set()
    return [replace(row, part="validation" if row.family_id in watching else "train") for row in rows]


def record(kind: TrainingSetKind, row: TrainingRow) -> dict[str, Any]:
    """Return a row in the columns of the Parquet files; `images` holds SHA-256 sums where the files hold pictures."""
    picture = [{"type": "image", "text": None}] if row.image_sha256 else []
    prompt = [{"role": "user", "content": [*picture, {"type": "text", "text": row.query}]}]
    answers = {"chosen": row.chosen, "rejected": row.rejected} if kind == "dpo" else {"completion": row.chosen}
    return {
        "prompt": prompt,
        **{name: [_answer(text or "")] for name, text in answers.items()},
        "images": [row.image_sha256] if row.image_sha256 else [],
        "pair_id": row.pair_id,
        "item_id": row.item_id,
        "family_id": row.family_id,
        "country": row.country,
        "language": row.language,
        "negative_type": row.negative_type,
    }


def _answer(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}


def canonical_line(part: Part, columns: Mapping[str, Any]) -> str:
    """Return one row as the line the checksum is made of: JSON, sorted keys, no null in blocks, `images` as sums."""
    spoken = {
        name: [{**message, "content": [_bare(block) for block in message["content"]]} for message in columns[name]]
        for name in ("prompt", "chosen", "rejected", "completion")
        if name in columns
    }
    return json.dumps({**columns, **spoken, "split": part}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _bare(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: held for key, held in block.items() if held is not None}


def canonical_sha256(lines: Iterable[tuple[int, str]]) -> str:
    """Return the checksum of a training set's canonical lines, given with their pair id in any order."""
    digest = hashlib.sha256()
    for _, line in sorted(lines):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def selection_sha256(selection: Selection) -> str:
    """Return the checksum a selection will have once it is frozen."""
    kind = selection.kind
    return canonical_sha256((row.pair_id, canonical_line(row.part, record(kind, row))) for row in selection.rows)


def counts(
    rows: Iterable[TrainingRow], column: Literal["country", "language", "negative_type", "part"]
) -> dict[str, int]:
    """Return how many rows there are by one column, most first; rows without an entry count as "not given"."""
    counted = Counter(str(getattr(row, column) or "not given") for row in rows)
    return dict(sorted(counted.items(), key=lambda entry: (-entry[1], entry[0])))


def coverage(rows: Iterable[TrainingRow]) -> dict[str, dict[str, int]]:
    """Return how many rows there are by country and type of negative, countries by name."""
    counted: dict[str, Counter[str]] = {}
    for row in rows:
        counted.setdefault(row.country or "not given", Counter())[row.negative_type or "not given"] += 1
    return {country: dict(counted[country]) for country in sorted(counted)}
