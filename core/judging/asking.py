"""Chosen responses -> the calls that are missing, a page of the database at a time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, func, select

from core.benchmark.injection import Mark, injection_marks
from core.benchmark.sent_pictures import picture_url
from core.chat.exchange import Request, Sampling
from core.chat.many import Call
from core.db import reading
from core.judging.cases import case_of
from core.judging.fence import fence_delimiter
from core.judging.prompts import JudgeWords, response_format, user_text
from core.judging.selection import settled_states
from core.models import Image, Item, Judge, JudgeCall, Judgement, JudgeRun, Response, ResponseFlag
from core.rubric import ASKED, DIMENSIONS, Asked, Dimension

_PAGE = 200
_UNREADABLE = "unreadable"


@dataclass(frozen=True)
class CallKey:
    """What one call asks: a response, a dimension or all, a round."""

    response_id: int
    asked: Asked
    round: int


@dataclass
class Notes:
    """What was learned while calls were made ready, for whoever stores their outcome.

    `stale`: keys with judgements of an earlier try, which the new ones replace. `marks`: suspicious text by response,
    until it is stored.
    """

    stale: set[CallKey] = field(default_factory=set)
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict)


def dimensions_asked(asked: Asked) -> tuple[Dimension, ...]:
    """Return the dimensions a call scores."""
    return DIMENSIONS if asked == "all" else (asked,)


class MissingCalls:
    """Makes the calls of a run that have no settled judgement yet."""

    def __init__(
        self, run: JudgeRun, judge: Judge, words: JudgeWords, *, sampling: Sampling, max_side: int, notes: Notes
    ) -> None:
        """Prepare; nothing is read before the calls are asked for."""
        self._run, self._judge, self._words, self._notes = run, judge, words, notes
        self._sampling, self._max_side = sampling, max_side
        self._format = response_format(words)

    def calls(self, response_ids: Sequence[int]) -> Iterator[Call[CallKey]]:
        """Yield the missing calls of these responses, in their order."""
        for start in range(0, len(response_ids), _PAGE):
            yield from self._of_page(list(response_ids[start : start + _PAGE]))

    def _of_page(self, response_ids: list[int]) -> Iterator[Call[CallKey]]:
        with reading() as session:
            rows = session.exec(
                select(Response, Item, Image)
                .join(Item, col(Item.id) == Response.item_id)
                .outerjoin(Image, col(Image.sha256) == Item.image_sha256)
                .where(col(Response.id).in_(response_ids))
            ).all()
            states = self._states(session, response_ids)
            attempts = self._attempts(session, response_ids)
            flagged = set(
                session.exec(select(ResponseFlag.response_id).where(col(ResponseFlag.response_id).in_(response_ids)))
            )
        found = {response.id: (response, item, image) for response, item, image in rows}
        for response_id in response_ids:
            if response_id not in found:
                continue
            response, item, image = found[response_id]
            if response_id not in flagged and (marks := injection_marks(response.text)):
                self._notes.marks[response_id] = marks
            for key in self._missing(response_id, states[response_id]):
                attempt = min(attempts.get(key, 0) + 1, 3)
                yield Call(key, self.request(response, item, image, key.asked), attempt)

    def _missing(self, response_id: int, states: Mapping[tuple[str, int], str]) -> Iterator[CallKey]:
        settled = settled_states(ask_unreadable_again=self._run.ask_unreadable_again)
        for number in range(self._run.first_round, self._run.first_round + self._run.rounds):
            for asked in self._words.asked:
                held = [states.get((dimension, number)) for dimension in dimensions_asked(asked)]
                if all(state in settled for state in held):
                    continue
                key = CallKey(response_id, asked, number)
                if any(held):
                    self._notes.stale.add(key)
                yield key

    def request(self, response: Response, item: Item, image: Image | None, asked: Asked) -> Request:
        """Return what the judge is asked about a response."""
        url = picture_url(image, max_side=self._max_side) if image is not None else None
        case = case_of(response, item, has_picture=url is not None)
        delimiter = fence_delimiter(self._run.secret, response.id, asked)
        content: list[dict[str, Any]] = [{"type": "text", "text": user_text(self._words, asked, case, delimiter)}]
        if url is not None:
            # CROSS's own judge gets the text first; ours sees the picture before it reads about it.
            place = 1 if self._words.kind == "cross-official" else 0
            content.insert(place, {"type": "image_url", "image_url": {"url": url}})
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": self._words.system},
            {"role": "user", "content": content},
        ]
        return Request(messages, self._sampling, self._format)

    def _states(self, session: Session, response_ids: list[int]) -> Mapping[int, dict[tuple[str, int], str]]:
        states: dict[int, dict[tuple[str, int], str]] = defaultdict(dict)
        rows = session.exec(
            select(Judgement.response_id, Judgement.dimension, Judgement.judge_round, Judgement.status).where(
                col(Judgement.response_id).in_(response_ids),
                Judgement.judge == self._judge.name,
                Judgement.prompt_version == self._run.prompt_version,
            )
        )
        for response_id, dimension, number, status in rows:
            states[response_id][dimension, number] = status
        return states

    def _attempts(self, session: Session, response_ids: list[int]) -> dict[CallKey, int]:
        """Return how many replies to a key this run has that could not be read."""
        rows = session.exec(
            select(col(JudgeCall.response_id), col(JudgeCall.asked), col(JudgeCall.judge_round), func.count())
            .where(
                JudgeCall.run_id == self._run.id,
                col(JudgeCall.response_id).in_(response_ids),
                JudgeCall.status == _UNREADABLE,
            )
            .group_by(col(JudgeCall.response_id), col(JudgeCall.asked), col(JudgeCall.judge_round))
        )
        named: dict[str, Asked] = {name: name for name in ASKED}
        return {CallKey(response_id, named[asked], number): count for response_id, asked, number, count in rows}
