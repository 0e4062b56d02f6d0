"""Turn a judge's reply into scores. Pure: text in, scores out."""

import json
import re
from dataclasses import dataclass

from core.rubric import CROSS_EVAL_KEYS, DIMENSIONS, Asked, Dimension, PromptKind, score_from_cross_eval

# A reply that was cut or withheld may lack the digit that follows: "Score: 1" may have been "Score: 10".
_CUT_OFF = ("length", "max_tokens", "content_filter")
_LINE_END = re.compile(r"\r\n|\r|\n")
# re.ASCII: without it, ignoring case takes a long s for an s, and other scripts' digits for digits.
_SCORE_LINE = re.compile(r"[ \t]*score: ([01])[ \t]*", re.IGNORECASE | re.ASCII)
_LABEL_AT_END = re.compile(r"(?<![^\s.,;:!?()])score:[ \t]?([01])[ \t]*$", re.IGNORECASE | re.ASCII)
_LONE_DIGIT = re.compile(r"[ \t]*([01])[ \t]*")
# What may contradict the score is recognised leniently: bold, a list mark, any digits.
_ANOTHER_SCORE_LINE = re.compile(r"[\s*_#>-]*score[\s*_]*:[\s*_]*(\d+)[\s*_.]*", re.IGNORECASE)
_ANOTHER_LABEL = re.compile(r"score[\s*_]*:[\s*_]*(\d+)", re.IGNORECASE)
_REASONS_LABEL = re.compile(r"\s*reasoning:", re.IGNORECASE)
_JSON_FENCE = re.compile(r"\s*```json[ \t]*\r?\n(.*)\n[ \t]*```\s*", re.DOTALL)

_CROSS_EVAL_KEY: dict[Dimension, str] = {dimension: key for key, dimension in CROSS_EVAL_KEYS.items()}


@dataclass(frozen=True)
class Verdict:
    """A judge's score on one dimension; `raw_score` is the digit the judge gave, before it was turned round."""

    dimension: Dimension
    score: int
    raw_score: str
    rationale: str | None


def read_reply(
    kind: PromptKind, asked: Asked, text: str | None, finish_reason: str | None
) -> tuple[Verdict, ...] | None:
    """Return the verdicts a reply gives, one per dimension asked; None if it cannot be read strictly."""
    if not text or (finish_reason or "").lower() in _CUT_OFF:
        return None
    if kind == "one-call":
        return _verdicts_in_json(text) if asked == "all" else None
    if asked == "all":
        return None
    before, last = _parted(text)
    return _verdict_in_line(asked, before, last) if kind == "four-calls" else _official_verdict(asked, before, last)


def _parted(text: str) -> tuple[str, str]:
    """Return what stands before the last line that is not blank, as it stands, and that line."""
    end = len(text)
    for line_end in reversed(list(_LINE_END.finditer(text))):
        line = text[line_end.end() : end]
        if line.strip():
            return text[: line_end.start()], line
        end = line_end.start()
    return "", text[:end]


def _verdict_in_line(dimension: Dimension, before: str, last: str) -> tuple[Verdict, ...] | None:
    found = _SCORE_LINE.fullmatch(last)
    if found is None:
        return None
    digit = found[1]
    others = (_ANOTHER_SCORE_LINE.fullmatch(line) for line in before.splitlines())
    if any(other is not None and other[1] != digit for other in others):
        return None
    return (Verdict(dimension, int(digit), digit, _reasons(before)),)


def _official_verdict(dimension: Dimension, before: str, last: str) -> tuple[Verdict, ...] | None:
    found = _LONE_DIGIT.fullmatch(last) or _LABEL_AT_END.search(last)
    if found is None:
        return None
    digit, reasons = found[1], f"{before}\n{last[: found.start()]}"
    lone = (_LONE_DIGIT.fullmatch(line) for line in reasons.splitlines())
    others = [match[1] for match in lone if match is not None] + _ANOTHER_LABEL.findall(reasons)
    score = score_from_cross_eval(_CROSS_EVAL_KEY[dimension], int(digit))
    if score is None or any(other != digit for other in others):
        return None
    return (Verdict(dimension, score, digit, _reasons(reasons)),)


def _reasons(text: str) -> str | None:
    label = _REASONS_LABEL.match(text)
    return text[label.end() if label else 0 :].strip() or None


def _verdicts_in_json(text: str) -> tuple[Verdict, ...] | None:
    framed = _JSON_FENCE.fullmatch(text)
    try:
        reply = json.loads(
            framed[1] if framed else text,
            object_pairs_hook=_without_repeats,
            # The only numbers a reply may hold are scores: this refuses 1.0, -0, NaN and a million digits alike.
            parse_int=_digit,
            parse_float=_digit,
            parse_constant=_digit,
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(reply, dict) or reply.keys() != set(DIMENSIONS):
        return None
    verdicts = [_verdict_in_entry(dimension, reply[dimension]) for dimension in DIMENSIONS]
    readable = tuple(verdict for verdict in verdicts if verdict is not None)
    return readable if len(readable) == len(DIMENSIONS) else None


def _verdict_in_entry(dimension: Dimension, entry: object) -> Verdict | None:
    if not isinstance(entry, dict) or entry.keys() != {"rationale", "score"}:
        return None
    score, rationale = entry["score"], entry["rationale"]
    if type(score) is not int or not isinstance(rationale, str) or not _can_be_stored(rationale):
        return None
    return Verdict(dimension, score, str(score), rationale.strip() or None)


def _can_be_stored(text: str) -> bool:
    """Whether a text decoded from JSON escapes is text: no NUL, no half of a surrogate pair."""
    return re.search("[\0\ud800-\udfff]", text) is None


def _digit(literal: str) -> int:
    if literal not in ("0", "1"):
        raise ValueError("not a score")
    return int(literal)


def _without_repeats(members: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in members}) != len(members):
        raise ValueError("a name stands twice")
    return dict(members)
