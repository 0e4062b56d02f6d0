"""Turn files shaped like CROSS's into records, or refusals with reasons. Pure: bytes in, records out."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from core.benchmark.countries import (
    KNOWN_COUNTRIES,
    known_country,
    language_code,
)
from core.benchmark.fields import has_no_text_characters, kind_of, text_in, texts_of, verbatim_in
from core.benchmark.record_warnings import record_warnings
from core.errors import BenchmarkFormatError
from core.rubric import DOMAINS, SUBSETS, Subset, WarningCode, Wording

MAX_FILE_BYTES = 200 * 1024 * 1024
FileKind = Literal["items", "responses", "judgements"]
FileSetting = Literal["english", "multilingual"]

FAILED_CALL = "ERROR:"  # CROSS's generator writes "ERROR: The API call failed." where a response should be.
_RESULTS_NAME = re.compile(r"results_(?P<model>.+)_r(?P<round>[0-9]{1,3})\.json")
_INDEX = re.compile(r"(?P<country>.+)_[0-9]+")
# Beyond these a record is broken, and no screen could show it; every search reads all queries and norms.
_LONGEST_TEXT = 20_000
_TEXTS = ("query", "translated_query", "violated_specific_norm", "violated_norm", "root_norm", "image_alt")
_LONGEST = {
    **{"index": 300, "country": 200, "region_or_race": 300, "language": 200, "domain": 200},
    **dict.fromkeys(_TEXTS, _LONGEST_TEXT),
}


@dataclass(frozen=True)
class FileMeaning:
    """What a file holds. `model` and `round` are set for results of CROSS's generator and judge."""

    kind: FileKind
    subset: Subset
    setting: FileSetting
    model: str | None = None
    round: int = 1


@dataclass(frozen=True)
class ItemRecord:
    """One record of a benchmark file, understood; `warnings` are those that the record alone shows."""

    item_id: str
    base_item_id: str
    subset: Subset
    source_index: str
    wording: Wording
    country: str | None
    region: str | None
    language: str
    language_label: str | None
    domain: str | None
    query: str
    query_english: str
    norm: str | None
    norm_background: str | None
    image_path: str | None
    image_problem: str | None
    image_alt: str | None
    content_hash: str
    warnings: tuple[tuple[WarningCode, str], ...]
    raw: dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """A record that does not enter, and why; `record` names it for people."""

    record: str
    reason: str


def read_records(content: bytes, name: str) -> list[Any]:
    """Return the records of a JSON file.

    Raises:
        BenchmarkFormatError: the file is too large, no valid UTF-8, no valid JSON, or no list.
    """
    if len(content) > MAX_FILE_BYTES:
        raise BenchmarkFormatError(f"{name}: larger than {MAX_FILE_BYTES // 2**20} MB. Split it and import the parts.")
    if content.startswith(b"PK\x03\x04"):
        raise BenchmarkFormatError(f"{name}: is a zip archive. Unpack it and import the folder.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BenchmarkFormatError(
            f"{name}: not valid UTF-8 at byte {error.start}. Save it as UTF-8 and import again; nothing was imported."
        ) from error
    try:
        records = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BenchmarkFormatError(
            f"{name}: line {error.lineno}, column {error.colno}: {error.msg}. "
            "The file may be cut off: fetch it again; nothing of it was imported."
        ) from error
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error).split(";")[0]
        raise BenchmarkFormatError(f"{name}: no usable JSON ({reason}). Nothing of it was imported.") from error
    if not isinstance(records, list):
        raise BenchmarkFormatError(
            f"{name}: holds {kind_of(records)} where a list of records is expected. "
            "Give a file such as CROSS's data/casa/english.json; nothing of it was imported."
        )
    return records


def meaning_of(path: PurePath, records: list[Any]) -> FileMeaning:
    """Return what a file holds, from its place in a CROSS checkout or, in a flat folder, from its fields.

    Raises:
        BenchmarkFormatError: subset, setting or model cannot be told, or the subset is none we know.
    """
    parts, fields = path.parts, _fields_in_use(records)
    if len(parts) >= 4 and parts[-4] in ("generation_results", "evaluation_results"):
        kind: FileKind = "responses" if parts[-4] == "generation_results" else "judgements"
        setting, subset = parts[-3], parts[-2]
    elif len(parts) >= 3 and parts[-3] == "data":
        kind, subset, setting = "items", parts[-2], path.stem
    else:
        kind = "judgements" if "evaluation" in fields else "responses" if "model_response" in fields else "items"
        setting = "multilingual" if "translated_query" in fields or "language" in fields else "english"
        subset = _subset_from(fields, records, path.name)
    if subset not in SUBSETS:
        raise BenchmarkFormatError(
            f"{path.name}: the subset '{subset}' is not known. Known are {', '.join(SUBSETS)}: "
            "rename the folder or give the file alone; nothing of it was imported."
        )
    if setting not in ("english", "multilingual"):
        raise BenchmarkFormatError(
            f"{path.name}: the setting '{setting}' is not known. Known are english and multilingual; "
            "nothing of it was imported."
        )
    if kind == "items":
        return FileMeaning(kind, subset, setting)  # type: ignore[arg-type]
    found = _RESULTS_NAME.fullmatch(path.name)
    if found is None:
        raise BenchmarkFormatError(
            f"{path.name}: a file of results must be named results_<model>_r<round>.json, so that the model is known. "
            "Rename it and import again."
        )
    return FileMeaning(kind, subset, setting, found["model"], int(found["round"]))  # type: ignore[arg-type]


def item_records(records: list[Any], meaning: FileMeaning) -> Iterator[tuple[Any, ItemRecord | Refusal]]:
    """Yield each record with its item or its refusal, in the order of the file.

    The n-th occurrence of an index in an English file is wording n; in a multilingual file there is one.
    """
    seen: Counter[str] = Counter()
    limit = 1 if meaning.setting == "multilingual" else 3
    for number, record in enumerate(records, start=1):
        index = (text_in(record, "index") if isinstance(record, dict) else None) or ""
        # A refused record keeps its place: once mended, its neighbours must not be taken for changed ones.
        seen[index] += 1
        refusal = _refusal(record, number, meaning)
        if refusal is None and seen[index] > limit:
            reason = f"the index occurs more than {'once' if limit == 1 else 'three times'} in this file"
            refusal = Refusal(f"record {number} ({index})", reason)
        if refusal is not None:
            yield record, refusal
            continue
        wording: Wording = "translation" if limit == 1 else str(seen[index])  # type: ignore[assignment]
        yield record, _item(record, meaning.subset, wording)


def item_address(subset: str, index: str, wording: str) -> str:
    """Return the ASCII id of an item; letters outside ASCII are written as their UTF-8 bytes."""
    return f"{subset}/{_ascii(index)}/{wording}"


def normalised_path(file_name: str) -> tuple[str | None, str | None]:
    """Return where a picture lies inside its source, or why it cannot lie there.

    Args:
        file_name: an address such as https://.../main/images/casa/x.jpg, a local path of whoever made the file, or
            a path inside the checkout.

    Returns:
        (path, None), such as ("images/casa/x.jpg", None), or (None, reason).
    """
    name = file_name.strip()
    if "://" in name:
        try:
            name = unquote(urlsplit(name).path, errors="strict")
        except ValueError:
            return None, "its address cannot be read"
        name = name.split("/main/", 1)[-1].lstrip("/")
    if "\0" in name or "\\" in name or re.match(r"[A-Za-z]:", name):
        return None, "its path leaves the folder"
    parts = PurePath(name).parts
    if ".." in parts:
        return None, "its path leaves the folder"
    if "images" in parts:
        parts = parts[len(parts) - 1 - parts[::-1].index("images") :]
    elif name.startswith(("/", "~")):
        return None, "its path leaves the folder"
    return ("/".join(parts), None) if parts else (None, "its name is empty")


def normalised_norm(norm: str) -> str:
    """Return a norm without case, punctuation and spacing: equal norms, equal text."""
    folded = unicodedata.normalize("NFKC", norm).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


def is_failed_call(text: str) -> bool:
    """Return whether a generator's text says that the call failed, so that there is no response."""
    return text.strip().startswith(FAILED_CALL)


def _item(record: dict[str, Any], subset: Subset, wording: Wording) -> ItemRecord:
    index = text_in(record, "index") or ""
    translated = wording == "translation"
    query = verbatim_in(record, "translated_query" if translated else "query") or ""
    norms = (
        ("violated_norm", "violated_specific_norm") if subset == "casa" else ("violated_specific_norm", "violated_norm")
    )
    norm = next((text for key in norms if (text := verbatim_in(record, key))), None)
    found = _INDEX.fullmatch(index)
    country = text_in(record, "country") or (found["country"] if found else None)
    country = known_country(country) if country else None
    label = verbatim_in(record, "language") if translated else None
    language = (language_code(label)[0] if label else "und") if translated else "en"
    file_name = text_in(record, "file_name")
    path, problem = normalised_path(file_name) if file_name else (None, None)
    domain = text_in(record, "domain")
    content = "\x1f".join((query, norm or "", path or file_name or "", "translation" if translated else "english"))
    return ItemRecord(
        item_id=item_address(subset, index, wording),
        base_item_id=f"{subset}/{_ascii(index)}",
        subset=subset,
        source_index=index,
        wording=wording,
        country=country,
        region=text_in(record, "region_or_race"),
        language=language,
        language_label=label,
        domain=domain if domain in DOMAINS else None,
        query=query,
        query_english=verbatim_in(record, "query") or query,
        norm=norm,
        norm_background=verbatim_in(record, "root_norm"),
        image_path=path,
        image_problem=problem,
        image_alt=verbatim_in(record, "image_alt"),
        content_hash=hashlib.sha256(content.encode()).hexdigest()[:32],
        warnings=tuple(record_warnings(record, subset, query, country, label, file_name)),
        raw=record,
    )


def _refusal(record: Any, number: int, meaning: FileMeaning) -> Refusal | None:  # noqa: ANN401 - a parsed JSON value
    if not isinstance(record, dict):
        return Refusal(f"record {number}", f"holds {kind_of(record)} where fields are expected")
    index = text_in(record, "index")
    name = f"record {number}" + (f" ({index})" if index else "")
    if index is None:
        return Refusal(name, "has no index")
    field = "translated_query" if meaning.setting == "multilingual" else "query"
    if text_in(record, field) is None:
        return Refusal(name, f"has no {field}")
    for field, limit in _LONGEST.items():
        if len(str(record.get(field) or "")) > limit:
            return Refusal(f"record {number}", f"its {field} is longer than {limit:,} characters")
    if any(has_no_text_characters(text) for text in texts_of(record)):
        return Refusal(f"record {number}", "holds characters that are no text (half a surrogate pair or NUL)")
    return None


def _ascii(text: str) -> str:
    return "".join(
        letter
        if letter.isascii() and (letter.isalnum() or letter in "_.-")
        else "".join(f"%{b:02X}" for b in letter.encode())
        for letter in text
    )


def _fields_in_use(records: list[Any]) -> set[str]:
    return {field for record in records if isinstance(record, dict) for field in record}


def _subset_from(fields: set[str], records: list[Any], name: str) -> str:
    if "violated_specific_norm" in fields:
        return "safeworld"
    if "violated_norm" in fields:
        return "casa"
    # No record has a norm: an index such as Japan_1 beside a query is casa's, unless safeworld's own fields stand by.
    if any(_is_of_casa(record) for record in records):
        return "safeworld" if fields & {"topic", "root_norm", "scene", "country"} else "casa"
    raise BenchmarkFormatError(
        f"{name}: the subset cannot be told: no record has violated_norm (casa) or violated_specific_norm (safeworld). "
        "Put the file in data/<subset>/ or add the field; nothing of it was imported."
    )


def _is_of_casa(record: Any) -> bool:  # noqa: ANN401 - a parsed JSON value
    if not isinstance(record, dict) or text_in(record, "query") is None:
        return False
    found = _INDEX.fullmatch(text_in(record, "index") or "")
    return found is not None and known_country(found["country"]) in KNOWN_COUNTRIES


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
