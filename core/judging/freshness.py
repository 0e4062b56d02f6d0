"""Judges, judgements and items -> a mark that changes whenever numbers made from them may have changed."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from core.models import Item, Judge, Judgement


def scores_mark(session: Session, *, judges: Sequence[str]) -> str:
    """Return the mark of these judges' scores; it costs a few milliseconds where the scores cost seconds."""
    own = col(Judgement.judge).in_(judges)
    # The newest id alone would not do: one that was deleted is given again.
    newest = session.exec(
        select(Judgement.id, Judgement.created_at).where(own).order_by(col(Judgement.id).desc()).limit(1)
    ).first()
    count = session.exec(select(func.count()).select_from(Judgement).where(own)).one()
    # Families may grow together with an import, and a judge may get a newer prompt.
    items = session.exec(select(func.count()).select_from(Item)).one()
    versions = session.exec(select(Judge.name, Judge.prompt_version).order_by(Judge.name)).all()
    return repr((newest and tuple(newest), count, items, [tuple(row) for row in versions]))
