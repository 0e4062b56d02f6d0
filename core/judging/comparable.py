"""All judgements that stand -> which judges can be compared, and on how many responses each two of them."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from core.judges import judges_here, standing, stands_for
from core.models import Judge, Judgement


def judges_with_scores(session: Session) -> list[Judge]:
    """Return the judges of whom at least one score stands, by name."""
    return [judge for judge in judges_here(session) if _has_scored(session, judge)]


def overlaps(session: Session) -> Mapping[frozenset[str], int]:
    """Return on how many scores, of the same response and dimension, each two judges can be compared."""
    scored = (
        select(col(Judge.id).label("judge_id"), col(Judge.name), col(Judgement.response_id), col(Judgement.dimension))
        .select_from(Judgement)
        .join(Judge, col(Judge.name) == Judgement.judge)
        .where(standing(), col(Judgement.score).is_not(None))
        .distinct()
        .cte()
    )
    other = aliased(scored)
    rows = session.exec(
        select(scored.c.name, other.c.name, func.count())
        .join(
            other,
            (other.c.response_id == scored.c.response_id)
            & (other.c.dimension == scored.c.dimension)
            & (other.c.judge_id > scored.c.judge_id),
        )
        .group_by(scored.c.name, other.c.name)
    )
    return {frozenset((first, second)): count for first, second, count in rows}


def closest_pair(names: Sequence[str], shared: Mapping[frozenset[str], int], *, first: str | None) -> tuple[str, str]:
    """Return the two judges that share the most scores, the earlier in the list first.

    Args:
        names: of the judges, two at least.
        shared: what `overlaps` returns.
        first: one that is chosen already, if any; it comes first, and the other is the one closest to it.
    """
    if first is None:
        pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    else:
        pairs = [(first, other) for other in names if other != first]
    return max(pairs, key=lambda pair: shared.get(frozenset(pair), 0))


def _has_scored(session: Session, judge: Judge) -> bool:
    query = select(Judgement.id).where(stands_for(judge), col(Judgement.score).is_not(None)).limit(1)
    return session.exec(query).first() is not None
