"""What a person types for an item of their own -> records shaped like CROSS's. Pure: texts in, records out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.benchmark.countries import LANGUAGE_NAMES, known_country
from core.benchmark.errata_checks import checked_passage
from core.benchmark.reader import FileMeaning, ItemRecord, Refusal, item_records
from core.errors import UserError
from core.people import checked_text
from core.rubric import DOMAINS

LONGEST_TEXT = 4_000
LONGEST_LINE = 300
OWN_LANGUAGES: dict[str, str] = dict(
    sorted(((code, name) for code, name in LANGUAGE_NAMES.items() if code != "und"), key=lambda entry: entry[1])
)


@dataclass(frozen=True)
class OwnDraft:
    """An item as its author wrote it; `query` is in `language`, and empty where that is English."""

    country: str = ""
    language: str = "en"
    query: str = ""
    query_english: str = ""
    norm: str = ""
    norm_background: str = ""
    domain: str | None = None
    region: str = ""
    image_alt: str = ""
    licence: str = ""
    may_share: bool = False


def checked_draft(draft: OwnDraft) -> OwnDraft:
    """Return a draft as it is stored.

    Raises:
        UserError: something is missing, too long or no text; the message names it.
    """
    texts = {
        name: checked_passage(getattr(draft, name), words, LONGEST_TEXT)
        for name, words in (
            *(("query", "question"), ("query_english", "English question"), ("norm", "norm")),
            *(("norm_background", "background"), ("image_alt", "description of the picture")),
        )
    }
    country = known_country(checked_text(draft.country, what="The country", longest=60))
    if not any(letter.isalpha() for letter in country):
        raise UserError("Choose the country that the item is from.")
    if draft.language not in OWN_LANGUAGES:
        raise UserError("Choose the language of the question.")
    if draft.domain is not None and draft.domain not in DOMAINS:
        raise UserError("Choose a domain of the list, or none.")
    if draft.language == "en":
        texts["query"] = ""
    elif not texts["query"]:
        raise UserError(f"Write the question in {OWN_LANGUAGES[draft.language]}, as somebody there would ask it.")
    if not texts["query_english"]:
        raise UserError("Write the question in English, too: it is what most models are asked.")
    if not texts["norm"]:
        raise UserError("Write the norm: what one does or avoids there. Without it nothing can be judged.")
    if not draft.may_share:
        raise UserError("Tick that you took the picture or may share it. Without that it cannot be used.")
    licence = checked_text(draft.licence, what="The licence", longest=LONGEST_LINE)
    if not licence:
        raise UserError("Say under which licence the picture may be used, such as CC BY 4.0.")
    region = checked_text(draft.region, what="The region", longest=LONGEST_LINE)
    return replace(draft, country=country, licence=licence, region=region, **texts)  # type: ignore[arg-type]


def records_of(draft: OwnDraft, *, index: str, picture: str) -> list[ItemRecord]:
    """Return the English wording of a checked draft and, where it is in another language, its translation.

    Args:
        draft: as `checked_draft` gave it.
        index: the item's own, unique among our own items.
        picture: its place, as a record names it.

    Raises:
        UserError: the reader of benchmark files refuses it.
    """
    settings = ("english",) if draft.language == "en" else ("english", "multilingual")
    records = []
    for setting in settings:
        raw = _raw(draft, index, picture, translated=setting == "multilingual")
        [(_, record)] = item_records([raw], FileMeaning("items", "own", setting))  # type: ignore[arg-type]
        if isinstance(record, Refusal):
            raise UserError(f"This item cannot be kept: {record.reason}.")
        records.append(record if setting == "english" else _in_language(record, draft.language))
    return records


def draft_of(rows: Mapping[str, dict[str, Any]], *, language: str) -> OwnDraft:
    """Return the draft that raw records, by wording, were made of."""
    raw = rows["1"]
    return OwnDraft(
        country=raw["country"],
        language=language,
        query=rows["translation"]["translated_query"] if "translation" in rows else "",
        query_english=raw["query"],
        norm=raw["violated_specific_norm"],
        norm_background=raw.get("root_norm", ""),
        domain=raw.get("domain"),
        region=raw.get("region_or_race", ""),
        image_alt=raw.get("image_alt", ""),
        licence=raw["licence"],
        may_share=True,
    )


def _raw(draft: OwnDraft, index: str, picture: str, *, translated: bool) -> dict[str, Any]:
    raw = {
        "index": index,
        "country": draft.country,
        "region_or_race": draft.region,
        "query": draft.query_english,
        "violated_specific_norm": draft.norm,
        "root_norm": draft.norm_background,
        "domain": draft.domain,
        "file_name": picture,
        "image_alt": draft.image_alt,
        "image_source": "The author took it or may share it",
        "licence": draft.licence,
    }
    if translated:
        raw |= {"translated_query": draft.query, "language": OWN_LANGUAGES[draft.language]}
    return {name: held for name, held in raw.items() if held}


def _in_language(record: ItemRecord, language: str) -> ItemRecord:
    """Return a record in the language that was chosen: the reader knows those of CROSS only."""
    warnings = tuple(warning for warning in record.warnings if warning[0] != "language_alias")
    return replace(record, language=language, warnings=warnings)
