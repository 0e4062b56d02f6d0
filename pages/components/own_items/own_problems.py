"""What an author typed for an item -> all that is wrong with it, told at once."""

from dataclasses import replace

from core.benchmark.own_drafts import OwnDraft, checked_draft
from core.errors import UserError

_WHOLE = OwnDraft(country="Chad", query_english="What?", norm="One waits.", licence="CC0 1.0", may_share=True)
# Each is checked with the rest whole, so that its own problem is the one that is raised.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    *(("country",), ("language", "query"), ("query_english",), ("norm",), ("norm_background",), ("domain",)),
    *(("region",), ("image_alt",), ("licence",), ("may_share",)),
)


def problems_of(draft: OwnDraft, picture: bytes | None, changes: bool) -> list[str]:
    """Return what is to be mended before an item can be sent, in the order of the form.

    Args:
        draft: what was typed.
        picture: the file, if a usable one was chosen.
        changes: whether a stored item is changed: it has its picture.
    """
    missing = [] if picture or changes else ["Add a picture: a JPEG, PNG, WebP, GIF or BMP file."]
    found = [_problem(replace(_WHOLE, **{name: getattr(draft, name) for name in names})) for names in _TOGETHER]
    return missing + [problem for problem in found if problem]


def _problem(draft: OwnDraft) -> str:
    try:
        checked_draft(draft)
    except UserError as error:
        return str(error)
    return ""
