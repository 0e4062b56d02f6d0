"""What a person proposes for an item -> the text that is to stand there, or a word on why that cannot be."""

from collections.abc import Collection

from core.benchmark.corrected import FIELDS, CorrectedItem
from core.benchmark.fields import has_no_text_characters
from core.errors import UserError
from core.models import Item
from core.rubric import DOMAIN_TITLES, DOMAINS, ERRATUM_TITLES, ErratumKind

LONGEST_PROPOSAL = 4_000
LONGEST_REASON = 1_000
LONGEST_FORM_ID = 80
# A norm may not hold at all, and a picture is not replaced.
NEEDS_NO_TEXT: tuple[ErratumKind, ...] = ("norm_wrong", "not_shown")


def checked_proposal(
    kind: str, proposed: str | None, *, item: Item, now: CorrectedItem, countries: Collection[str]
) -> str | None:
    """Return the text that is to stand there; None where there is none.

    Args:
        kind: what is wrong.
        proposed: as it was typed or chosen.
        item: what it is about.
        now: the item with the errata that stand.
        countries: those that can be named.

    Raises:
        UserError: a text is missing, too long or no text, the country or domain is not known, or nothing would change.
    """
    if kind not in ERRATUM_TITLES:
        raise UserError(f"Choose what is wrong: {', '.join(ERRATUM_TITLES.values())}.")
    text = checked_passage(proposed or "", "proposed text", LONGEST_PROPOSAL) or None
    if kind == "not_shown":
        return None
    if text is None and kind not in NEEDS_NO_TEXT:
        raise UserError(f"{ERRATUM_TITLES[kind]}: say how it should read.")
    if kind == "translation_bad" and item.query == item.query_english:
        raise UserError("This wording is the original, not a translation. Open the translation of the item.")
    if kind == "wrong_country" and text not in countries:
        raise UserError(f"There is no country {(text or '')[:60]} in this workspace. Choose one of the list.")
    if kind == "domain" and text not in DOMAINS:
        raise UserError(f"There is no domain {(text or '')[:60]}. Choose one of {', '.join(DOMAIN_TITLES.values())}.")
    if text == getattr(now, FIELDS[kind]):
        raise UserError("This is how it reads now. Change the text, so that there is something to correct.")
    return text


def checked_passage(text: str, name: str, longest: int) -> str:
    """Return a text without the blanks around it.

    Raises:
        UserError: it is too long, or holds what no database stores; the message calls it by its name.
    """
    if len(text) > longest:
        raise UserError(f"The {name} may have up to {longest:,} characters; this one has {len(text):,}. Shorten it.")
    if has_no_text_characters(text):
        raise UserError(f"The {name} holds characters that are no text. Type it anew.")
    return text.strip()
