"""The values of one label in a file -> an entry, or the reason why it cannot be one. Pure; files are hostile."""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, get_args

from core.benchmark.fields import has_no_text_characters, kind_of
from core.labels.entries import MAX_NOTE
from core.labels.exchange.shapes import Answer, LabelEntry, LabelRecord, Target
from core.rubric import CONFIDENCE, DIMENSIONS, Phase, Pool

LONGEST_RATER = 60
_LONGEST_NAME = 300
_LONGEST_WORD = 40
_WHOLE = re.compile(r"([0-9]{1,18})(\.0+)?")
_ANSWERS: Final[dict[str, Answer]] = {
    **dict.fromkeys(("1", "1.0", "yes", "true"), "yes"),
    **dict.fromkeys(("0", "0.0", "no", "false"), "no"),
    **dict.fromkeys(("cant_say", "can't say", "can’t say", "cannot say"), "cant_say"),
}
_DETAILS = (
    *("phase", "confidence", "reason", "language_shown", "translation_shown", "inclusion_probability"),
    *("opened_at", "submitted_at", "pool"),
)


class UnusableError(Exception):
    """The reason why something in a file is no label."""


def details(label: LabelRecord) -> dict[str, Any]:
    """Return what other tools have no place for, in the fields of the export format."""
    return {name: json_value(getattr(label, name)) for name in _DETAILS}


def json_value(value: Any) -> Any:  # noqa: ANN401 - a column's value
    """Return a stored value as JSON holds it."""
    return value.isoformat() if isinstance(value, datetime) else value


def parsed(text: str) -> Any:  # noqa: ANN401 - a parsed JSON value
    """Return the value of a JSON text.

    Raises:
        UnusableError: it is none.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise UnusableError("is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise UnusableError(f"is no JSON at line {error.lineno}, column {error.colno} ({error.msg})") from error
    except ValueError as error:
        raise UnusableError(f"is no usable JSON ({str(error).split(';')[0]})") from error


def same_text(one: object, other: object) -> bool:
    """Return whether both are the same text; deeply nested values are never compared, which could go too deep."""
    return isinstance(one, str) and isinstance(other, str) and one == other


def target_of(raw: Mapping[str, Any]) -> Target:
    """Return which response is meant.

    Raises:
        UnusableError: the file names none, or in a way that cannot be one.
    """
    written = raw.get("text")
    target = Target(
        response_id=_whole(raw, "response_id"),
        item_id=_name(raw, "item_id", _LONGEST_NAME),
        model=_name(raw, "response_model", _LONGEST_NAME),
        setting=_name(raw, "setting", _LONGEST_WORD),
        round=_whole(raw, "response_round"),
        text_sha256=text_sha256(written) if isinstance(written, str) and written else None,
    )
    if target.response_id is None and target.text_sha256 is None and not (target.item_id and target.model):
        raise UnusableError("names no response: give response_id, or item_id and response_model, or its text")
    return target


def text_sha256(text: str) -> bytes:
    """Return what a response's text is found by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def entry_of(row: int, raw: Mapping[str, Any], target: Target) -> LabelEntry:
    """Return one label, from values under the names of the export format.

    Raises:
        UnusableError: one of them cannot be what it should be.
    """
    submitted_at, opened_at = _moment(raw, "submitted_at"), _moment(raw, "opened_at")
    return LabelEntry(
        row=row,
        target=target,
        expert=_rater(raw),
        dimension=_word(raw, "dimension", DIMENSIONS),
        # What does not say that it was given blind was not.
        phase=_word(raw, "phase", get_args(Phase), otherwise="unblinded"),
        answer=_answer(raw),
        confidence=_confidence(raw),
        pool=_word(raw, "pool", get_args(Pool), otherwise="") or None,
        reason=_text(raw, "reason", MAX_NOTE),
        language_shown=_name(raw, "language_shown", _LONGEST_WORD),
        translation_shown=_flag(raw, "translation_shown"),
        inclusion_probability=_share(raw),
        opened_at=opened_at,
        submitted_at=submitted_at,
        superseded=_flag(raw, "superseded"),
    )


def _rater(raw: Mapping[str, Any]) -> str:
    rater = unicodedata.normalize("NFC", " ".join((_text(raw, "expert", _LONGEST_NAME) or "").split()))
    # Names of several scripts need the two joiners; other unseen characters would make two names look like one.
    if not rater or not rater.replace("\u200c", "").replace("\u200d", "").isprintable():
        raise UnusableError("does not say whose label it is: give an expert, without characters that cannot be seen")
    if len(rater) > LONGEST_RATER:
        raise UnusableError(f"its expert is longer than {LONGEST_RATER} characters")
    return rater


def _answer(raw: Mapping[str, Any]) -> Answer:
    if _flag(raw, "cant_say"):
        return "cant_say"
    held = raw.get("score")
    word = str(held).strip().casefold() if isinstance(held, str | bool) or held in (0, 1) else ""
    if word not in _ANSWERS:
        shown = f"{held[:50]!r}" if isinstance(held, str) else kind_of(held)
        raise UnusableError(f"its answer is {shown}; known are 1, 0, yes, no, cant_say")
    return _ANSWERS[word]


def _word(raw: Mapping[str, Any], field: str, known: tuple[str, ...], otherwise: str | None = None) -> str:
    word = _name(raw, field, _LONGEST_WORD)
    if word is None and otherwise is not None:
        return otherwise
    if word is None or word.casefold() not in known:
        raise UnusableError(f"its {field} is {word!r}; known are {', '.join(known)}")
    return word.casefold()


def _text(raw: Mapping[str, Any], field: str, longest: int) -> str | None:
    """Return a text; a whole number may be a name."""
    held = raw.get(field)
    if isinstance(held, int) and not isinstance(held, bool):
        held = str(held) if abs(held) < 10**18 else "9" * (longest + 1)
    if held is None:
        return None
    if not isinstance(held, str):
        raise UnusableError(f"its {field} is {kind_of(held)} where a text is expected")
    if len(held) > longest:
        raise UnusableError(f"its {field} is longer than {longest:,} characters")
    if has_no_text_characters(held):
        raise UnusableError(f"its {field} holds characters that are no text (half a surrogate pair or NUL)")
    return held if held.strip() else None


def _name(raw: Mapping[str, Any], field: str, longest: int) -> str | None:
    """Return a text without the blanks around it."""
    held = _text(raw, field, longest)
    return held.strip() if held else None


def _flag(raw: Mapping[str, Any], field: str) -> bool:
    held = raw.get(field)
    word = str(held).strip().casefold() if isinstance(held, str | bool) or held in (0, 1) else None
    if held is None or word in ("", "false", "0", "no"):
        return False
    if word in ("true", "1", "yes"):
        return True
    raise UnusableError(f"its {field} is neither true nor false")


def _whole(raw: Mapping[str, Any], field: str) -> int | None:
    held = raw.get(field)
    if held is None or held == "":
        return None
    # A spreadsheet turns 17 into 17.0.
    found = _WHOLE.fullmatch(str(held).strip()) if isinstance(held, str | float) else None
    if isinstance(held, int) and not isinstance(held, bool) and 0 <= held < 10**18:
        return held
    if found is None:
        raise UnusableError(f"its {field} is no whole number from 0 on")
    return int(found[1])


def _confidence(raw: Mapping[str, Any]) -> int | None:
    level = _whole(raw, "confidence")
    if level is not None and level not in CONFIDENCE:
        raise UnusableError("its confidence is none of 1 (unsure), 2 (fairly sure), 3 (sure)")
    return level


def _share(raw: Mapping[str, Any]) -> float | None:
    held = raw.get("inclusion_probability")
    if held is None or held == "":
        return None
    try:
        share = float(held) if isinstance(held, str | int | float) and not isinstance(held, bool) else math.nan
    except (ValueError, OverflowError):
        share = math.nan
    if not 0 < share <= 1:
        raise UnusableError("its inclusion_probability is no number above 0 and at most 1")
    return share


def _moment(raw: Mapping[str, Any], field: str) -> datetime | None:
    """Return a time; one without a zone is taken for UTC."""
    word = _name(raw, field, _LONGEST_WORD)
    if word is None:
        return None
    try:
        moment = datetime.fromisoformat(word)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnusableError(f"its {field} is {word!r}; write it as 2026-11-21T10:00:00+00:00") from error
    if moment > datetime.now(UTC):
        raise UnusableError(f"its {field} lies in the future")
    return moment


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
