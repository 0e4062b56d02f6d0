"""A judge run's database -> what its batches need to know: calls still missing, keys settled, tokens of a picture."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlmodel import col, select

from core.chat.ledger import Ledger
from core.chat.many import Call
from core.db import reading
from core.judging.asking import CallKey, MissingCalls, Notes, dimensions_asked
from core.judging.judge_run import MAX_SIDE, sampling_of, words_of
from core.judging.selection import Selection, chosen_responses
from core.models import Image, Item, Judge, JudgeCall, Judgement, JudgeRun, Response
from core.rubric import ASKED, Asked

_PAGE = 500
_NAMED: dict[str, Asked] = {name: name for name in ASKED}


class CallsLeft:
    """What one run still needs, asked again after every round of batches."""

    def __init__(self, run: JudgeRun) -> None:
        """Read what the run is."""
        with reading() as session:
            self._judge = session.get_one(Judge, run.judge_id)
            words = words_of(session, run.prompt_version)
            self._response_ids = chosen_responses(session, Selection.stored(run.selection))
        self._run = run
        self._missing = MissingCalls(
            run,
            self._judge,
            words,
            sampling=sampling_of(self._judge.parameters, self._judge.prompt),
            max_side=self._judge.parameters.get("max_side", MAX_SIDE),
            # Those that count were made when the run's calls were first gone through.
            notes=Notes(),
        )

    def calls(self) -> Iterator[Call[CallKey]]:
        """Yield the calls that have no settled judgement now."""
        return self._missing.calls(self._response_ids)

    def judged(self, keys: Iterable[CallKey]) -> set[CallKey]:
        """Return those of some keys that have a judgement, whatever it says."""
        found: set[CallKey] = set()
        waiting = iter(keys)
        while page := list(itertools.islice(waiting, _PAGE)):
            with reading() as session:
                rows = session.exec(
                    select(Judgement.response_id, Judgement.dimension, Judgement.judge_round).where(
                        col(Judgement.response_id).in_({key.response_id for key in page}),
                        Judgement.judge == self._judge.name,
                        Judgement.prompt_version == self._run.prompt_version,
                    )
                ).all()
            there = set(rows)
            found |= {
                key
                for key in page
                if any((key.response_id, dimension, key.round) in there for dimension in dimensions_asked(key.asked))
            }
        return found

    def learn_picture_tokens(self, ledger: Ledger) -> bool:
        """Raise the tokens a budget reckons with for a picture to those that the run's replies show.

        Returns:
            False where a budget in dollars has to be kept and no reply shows them yet.
        """
        if ledger.budget_usd is None or ledger.price is None:
            return True
        with reading() as session:
            found = session.exec(
                select(JudgeCall, Response, Item, Image)
                .join(Response, col(Response.id) == JudgeCall.response_id)
                .join(Item, col(Item.id) == Response.item_id)
                .join(Image, col(Image.sha256) == Item.image_sha256)
                .where(JudgeCall.run_id == self._run.id, JudgeCall.status != "failed")
                .order_by(col(JudgeCall.prompt_tokens).desc().nulls_last(), col(JudgeCall.id))
                .limit(1)
            ).first()
        if found is None:
            return False
        call, response, item, image = found
        request = self._missing.request(response, item, image, _NAMED[call.asked])
        if call.prompt_tokens is not None and request.has_picture:
            # The text may be next to nothing of it, and other pictures twice as large.
            seen = 2 * call.prompt_tokens if call.prompt_tokens > ledger.price.image_tokens else 0
            ledger.price = replace(ledger.price, image_tokens=max(ledger.price.image_tokens, seen))
        return True
