"""A response and its item -> the case that a judge is asked about."""

from core.judging.prompts import Case
from core.models import Item, Response


def case_of(response: Response, item: Item, *, has_picture: bool) -> Case:
    """Return the case; `has_picture` says whether the judge gets to see it."""
    return Case(
        country=item.country,
        region=item.region,
        norm=item.norm or "",
        background=item.norm_background,
        query=item.query,
        query_english=item.query_english,
        response=response.text,
        has_picture=has_picture,
    )
