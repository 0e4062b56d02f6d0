"""The make-believe CROSS has the real one's counts."""

from sqlmodel import func, select

from core.db import reading
from core.models import Image, Item, Judgement, Response
from tests.full_cross import load_full_cross, write_full_cross


def test_full_scale_counts(workspace, tmp_path):
    load_full_cross(write_full_cross(tmp_path, pictures=3), models=1, rounds=1)
    with reading() as session:
        counts = [session.exec(select(func.count()).select_from(t)).one() for t in (Item, Response, Judgement, Image)]
        bases = session.exec(select(func.count(func.distinct(Item.base_item_id)))).one()
        splits = dict(session.exec(select(Item.split, func.count()).group_by(Item.split)).all())
    assert counts[:3] == [1284, 1284, 5136]
    assert bases == 321
    # With three pictures, nearly every item of the pool shares one with a held-out item.
    assert splits["held_out"] > 0
    assert splits["quarantined"] > 0
