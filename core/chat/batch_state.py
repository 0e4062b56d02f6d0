"""What a Batch API answers -> batches as this project sees them. Pure: JSON in, states out."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.chat.exchange import CallFailure, FailureKind

MARKER = "cross_review"
_ENDED = ("completed", "failed", "expired", "cancelled")
_STATUSES = (*_ENDED, "validating", "in_progress", "finalizing", "cancelling")
# What an endpoint names is part of an address later on.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
_KINDS: dict[str, FailureKind] = {
    # Too much waits in the endpoint's queue: the same file may be taken later.
    "token_limit_exceeded": "rate limit",
    "insufficient_quota": "quota used up",
    "billing_hard_limit_reached": "quota used up",
    "billing_not_active": "quota used up",
    "model_not_found": "model not found",
}


@dataclass(frozen=True)
class BatchState:
    """A batch as its endpoint describes it.

    `problem` is why it failed as a whole; `completed` counts the calls that were, None where the endpoint does not say.
    """

    id: str
    status: str
    marker: str | None
    output_file_id: str | None
    error_file_id: str | None
    completed: int | None
    problem: CallFailure | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _ENDED


def batch_state_in(answer: dict[str, Any], cleaned: Callable[[str], str]) -> BatchState:
    """Return the batch an answer describes: strict where it matters, else what is of the right form.

    Args:
        answer: of the endpoint.
        cleaned: makes a text of the endpoint fit to be stored.

    Raises:
        ValueError: it, or a file it brought, has no id that can be used.
    """
    counts, metadata, status = answer.get("request_counts"), answer.get("metadata"), answer.get("status")
    completed = counts.get("completed") if isinstance(counts, dict) else None
    output, errors = answer.get("output_file_id"), answer.get("error_file_id")
    return BatchState(
        id=id_in(answer),
        status=str(status) if status in _STATUSES else "unknown",
        marker=metadata.get(MARKER) if isinstance(metadata, dict) else None,
        output_file_id=_checked_id(output) if output else None,
        error_file_id=_checked_id(errors) if errors else None,
        completed=completed if isinstance(completed, int) and completed >= 0 else None,
        problem=_problem_in(answer.get("errors"), cleaned) if status == "failed" else None,
    )


def object_in(content: bytes) -> dict[str, Any]:
    """Return the JSON object in an answer.

    Raises:
        ValueError: there is none.
    """
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def id_in(answer: dict[str, Any]) -> str:
    """Return the id in an answer.

    Raises:
        ValueError: there is none that can be part of an address.
    """
    return _checked_id(answer.get("id"))


def _checked_id(found: object) -> str:
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise ValueError("not an id")
    return found


def _problem_in(errors: object, cleaned: Callable[[str], str]) -> CallFailure:
    listed = errors.get("data") if isinstance(errors, dict) else None
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    said = first.get("message")
    message = cleaned(said) if isinstance(said, str) else "the endpoint failed the batch"
    return CallFailure(_KINDS.get(str(first.get("code")), "server error"), message)
