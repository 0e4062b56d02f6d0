"""An anchor set, drawn or still to be drawn -> what scoring it anew uses and sends away, before that starts."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.estimates import Outlook
from core.judging.anchors import anchor_set_named, anchors_drawn, asked_of, due_anchor_sets
from core.judging.estimates import judge_outlook
from core.judging.judge_run import Bounds
from core.models import AnchorSet, utc_now


@dataclass(frozen=True)
class AnchorOutlook:
    """What a re-judging uses and sends away, and the bounds it keeps to."""

    outlook: Outlook
    bounds: Bounds


def anchor_outlook(session: Session, *, name: str, concurrency: int = 8) -> AnchorOutlook:
    """Return what scoring a set anew would use, and what it would send away.

    Raises:
        UserError: there is no such set.
    """
    return _outlook(session, anchor_set_named(session, name), concurrency)


def outlook_if_drawn(session: Session, *, judge: str, count: int, budget_usd: float | None = None) -> AnchorOutlook:
    """Return what each re-judging of a set that is still to be drawn would use and send away.

    Raises:
        UserError: it cannot be drawn, as for `create_anchor_set`.
    """
    return _outlook(session, anchors_drawn(session, judge=judge, count=count, budget_usd=budget_usd), 8)


def due_outlooks(session: Session, moment: datetime | None = None) -> dict[str, AnchorOutlook]:
    """Return what scoring anew all that is due would use and send away, by the names of the sets."""
    due = due_anchor_sets(session, moment or utc_now())
    return {anchors.name: _outlook(session, anchors, 8) for anchors in due}


def _outlook(session: Session, anchors: AnchorSet, concurrency: int) -> AnchorOutlook:
    asked = asked_of(session, anchors, concurrency)
    return AnchorOutlook(judge_outlook(session, **asked), asked["bounds"])
