"""Labelled responses -> tasks: the item, the response, its labels and the judges' scores, as other tools show them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, select

from core.benchmark.images import original_path
from core.config import settings
from core.judges import standing
from core.labels.chunks import in_chunks
from core.labels.exchange.shapes import JudgeScore, LabelRecord, Task
from core.models import Image, Item, Judge, Judgement, Response

_FIELDS: tuple[Any, ...] = (
    col(Response.id).label("response_id"),
    col(Response.item_id),
    col(Response.model).label("response_model"),
    col(Response.setting),
    col(Response.round).label("response_round"),
    col(Response.text),
    col(Item.country),
    col(Item.language),
    col(Item.query).label("question"),
    col(Item.norm),
    col(Image.sha256),
    col(Image.media_type),
)


def labelled_tasks(session: Session, labels: Sequence[LabelRecord], *, with_judge: bool = True) -> Iterator[Task]:
    """Yield a task for each response that is labelled, in the order of their ids."""
    by_response: dict[int, list[LabelRecord]] = defaultdict(list)
    for label in labels:
        by_response[label.response_id].append(label)
    for chunk in in_chunks(sorted(by_response)):
        scores = _judge_scores(session, chunk if with_judge else [])
        rows = session.execute(
            select(*_FIELDS)
            .join(Item, col(Item.id) == Response.item_id)
            .outerjoin(Image, col(Image.sha256) == Item.image_sha256)
            .where(col(Response.id).in_(chunk))
            .order_by(col(Response.id))
        )
        for row in rows.mappings():
            shown = dict(row)
            sha256, media_type = shown.pop("sha256"), shown.pop("media_type")
            image = _place(sha256, media_type) if sha256 else None
            labels = by_response[shown["response_id"]]
            yield Task(**shown, image=image, labels=labels, judge_scores=scores[shown["response_id"]])


@lru_cache(maxsize=4096)
def _place(sha256: str, media_type: str) -> str:
    """Return where a picture lies in the workspace's folder of pictures."""
    return original_path(sha256, media_type).relative_to(settings().images).as_posix()


def _judge_scores(session: Session, response_ids: Sequence[int]) -> defaultdict[int, list[JudgeScore]]:
    """Return what the judges say of each response today, by judge and round."""
    found: defaultdict[int, list[JudgeScore]] = defaultdict(list)
    rows = session.execute(
        select(  # type: ignore[call-overload]
            *(Judgement.response_id, Judgement.judge, Judgement.prompt_version, Judgement.judge_round),
            *(Judgement.dimension, Judgement.score),
        )
        .join(Judge, standing())
        .where(col(Judgement.response_id).in_(response_ids))
        .order_by(Judgement.judge, Judgement.judge_round, col(Judgement.id))
    )
    for response_id, judge, prompt_version, judge_round, dimension, score in rows:
        again = f" round {judge_round}" if judge_round > 1 else ""
        found[response_id].append(JudgeScore(f"{judge} {prompt_version}{again}", dimension, score))
    return found
