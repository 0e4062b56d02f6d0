"""Calls -> the lines of a batch's file, and its lines that came back -> replies. Pure: lines in, lines out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from core.chat.exchange import QUOTA_CODES, CallFailure, FailureKind, Reply, reply_in
from core.rubric import ASKED, Asked

LONGEST_LINE = 4 * 2**20
_NAME = re.compile(r"([0-9a-f]{8})\.([1-9][0-9]{0,17})\.([a-z]+)\.([1-9][0-9]{0,8})\.([1-9])", re.ASCII)
_NAMED: dict[str, Asked] = {name: name for name in ASKED}
_KINDS: dict[int, FailureKind] = {
    401: "wrong key",
    402: "quota used up",
    403: "wrong key",
    404: "model not found",
    408: "timeout",
    409: "server error",
    429: "rate limit",
}


@dataclass(frozen=True)
class CallName:
    """What a line asks; as text it is the line's `custom_id`, such as "9f3b0c1d.17.compliance.1.2".

    `run` is the end of the run's id: an endpoint that mixes up two files must not mix up two judges.
    """

    run: str
    response_id: int
    asked: Asked
    round: int
    attempt: int

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{self.run}.{self.response_id}.{self.asked}.{self.round}.{self.attempt}"


def call_named(custom_id: str) -> CallName | None:
    """Return what a `custom_id` of ours asks; None for any other text."""
    found = _NAME.fullmatch(custom_id)
    if found is None or found[3] not in _NAMED:
        return None
    return CallName(found[1], int(found[2]), _NAMED[found[3]], int(found[4]), int(found[5]))


def request_line(name: CallName, url: str, body: dict[str, Any]) -> bytes:
    """Return the line that asks for one reply."""
    line = {"custom_id": str(name), "method": "POST", "url": url, "body": body}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


@dataclass
class RequestFile:
    """A file on its way to an endpoint; `most_usd` is the most that its calls can cost."""

    content: BinaryIO
    most_lines: int
    most_bytes: int
    custom_ids: list[str] = field(default_factory=list)
    size: int = 0
    most_usd: float = 0.0

    def has_room_for(self, line: bytes) -> bool:
        """Return whether a line still fits; the first one always does."""
        fits = len(self.custom_ids) < self.most_lines and self.size + len(line) <= self.most_bytes
        return fits or not self.custom_ids

    def add(self, name: CallName, line: bytes, most_usd: float) -> None:
        """Write one line."""
        self.content.write(line)
        self.custom_ids.append(str(name))
        self.size += len(line)
        self.most_usd += most_usd


@dataclass(frozen=True)
class AnsweredLine:
    """What a line that came back says, in the endpoint's words."""

    custom_id: str
    outcome: Reply | CallFailure


def lines_of(content: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not blank; of one that is too long, only its beginning, which no reader can read."""
    while line := content.readline(LONGEST_LINE):
        if line.strip():
            yield line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = content.readline(LONGEST_LINE)


def read_line(line: bytes) -> AnsweredLine | None:
    """Return what a line says; None if it is none of a batch. It never raises."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    custom_id = found.get("custom_id") if isinstance(found, dict) else None
    if not isinstance(custom_id, str):
        return None
    response, error = _part(found, "response"), _part(found, "error")
    status = response.get("status_code")
    if error or (response and status != 200):
        return AnsweredLine(custom_id, _failure(status, error or _part(_part(response, "body"), "error")))
    if not response:
        return None
    request_id = response.get("request_id")
    known = request_id if isinstance(request_id, str) and request_id.isprintable() and request_id else None
    return AnsweredLine(custom_id, reply_in(response.get("body"), latency_s=None, request_id=known))


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _failure(status: object, error: dict[str, Any]) -> CallFailure:
    code, said = error.get("code") or error.get("type"), error.get("message")
    message = said if isinstance(said, str) else "the endpoint gave no reason"
    number = status if isinstance(status, int) else 0
    kind: FailureKind = "request refused" if 400 <= number < 500 else "server error"
    kind = _KINDS.get(number, kind)
    if code in QUOTA_CODES:
        kind = "quota used up"
    elif code == "batch_expired":
        kind = "timeout"
    return CallFailure(kind, f"{number}: {message}" if number else message)
