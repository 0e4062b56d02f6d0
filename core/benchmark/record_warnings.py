"""What the fields of one record show that a person should know; raised only where it is true. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from core.benchmark.countries import language_code, names_country, other_countries_named
from core.benchmark.fields import text_in
from core.rubric import Subset, WarningCode

# Fields every record of a subset has in CROSS itself; `region_or_race` and `violated_aug_norm` may be null there.
_EXPECTED = {
    "casa": ("orig_query", "violated_norm", "item", "image_source", "file_name"),
    "safeworld": (
        *("topic", "root_norm", "scene", "violated_specific_norm", "country", "orig_query", "item"),
        *("image_source", "file_name"),
    ),
}
_EXPECTED_OF_OWN = ("violated_specific_norm", "country", "file_name")
_STOCK_SITE = re.compile(r"pexels|pixabay|unsplash", re.IGNORECASE)


def record_warnings(
    record: dict[str, Any], subset: Subset, query: str, country: str | None, label: str | None, file_name: str | None
) -> Iterator[tuple[WarningCode, str]]:
    """Yield the warnings of one record, as (code, detail).

    Args:
        record: as the file has it.
        subset: whose fields are expected.
        query: as a model sees it, in whatever language.
        country: the record's own; no warning about countries without one.
        label: the language as a multilingual file names it.
        file_name: of the picture, as the record has it.
    """
    expected = _EXPECTED.get(subset, _EXPECTED_OF_OWN) + (("language",) if "translated_query" in record else ())
    missing = [field for field in expected if text_in(record, field) is None]
    if missing:
        yield "field_missing", ", ".join(missing)
    item = record.get("item")
    if isinstance(item, str) and item.strip() and item != item.strip():
        yield "item_padded", "the item's name begins or ends with blanks"
    if label is not None and not language_code(label)[1]:
        code = language_code(label)[0]
        yield "language_alias", f"'{label}' is " + ("not a language we know" if code == "und" else f"read as {code}")
    if country and not names_country(query, country):
        others = other_countries_named(query, country)
        if others:
            yield "country_mismatch", f"the query names {', '.join(others)}, the record is of {country}"
        else:
            yield "country_not_named", f"the query does not name {country}"
    source = text_in(record, "image_source")
    if source and file_name and (claimed := _stock_photo(source)) and (held := _stock_photo(file_name)):
        if claimed[0] == held[0] and claimed[1] != held[1]:
            yield "image_source_mismatch", f"the source is photo {claimed[1]}, the file is photo {held[1]}"


def _stock_photo(address: str) -> tuple[str, str] | None:
    """Return site and number of the stock photo that an address or a file name speaks of."""
    site = _STOCK_SITE.search(address)
    if site is None:
        return None
    numbers = re.findall(r"[0-9]{5,}", address[site.end() :])
    return (site[0].casefold(), numbers[-1]) if numbers else None
