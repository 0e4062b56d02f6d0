"""What goes to a chat endpoint and what comes back, in this project's terms. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

FailureKind = Literal[
    "rate limit",
    "server error",
    "timeout",
    "connection",
    "unreadable answer",
    "request refused",
    "wrong key",
    "quota used up",
    "model not found",
]
# After one of these every further call would fail as well.
FATAL: tuple[FailureKind, ...] = ("wrong key", "quota used up", "model not found")
LONGEST_NAME = 300
# How endpoints name a quota that is used up.
QUOTA_CODES = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
# How a run says that it ended for its budget; what a person can do then differs from where something failed.
BUDGET_USED_UP = "The budget is used up. Raise it and go on, or leave it at that."
NO_BATCH_API = "This endpoint has no Batch API. Give this run up and start it live."
# These may pass if the same is asked again.
PASSING: tuple[FailureKind, ...] = ("rate limit", "server error", "timeout", "connection", "unreadable answer")
# The server may have worked on these before the answer was lost: they may have cost something.
MAY_HAVE_COST: tuple[FailureKind, ...] = ("timeout", "connection", "unreadable answer")


@dataclass(frozen=True)
class ChatModel:
    """A model at an endpoint; `api_key_env` names the variable that holds the key, None where none is needed."""

    base_url: str
    model: str
    api_key_env: str | None = None


@dataclass(frozen=True)
class Sampling:
    """How a model is to answer; None leaves it to the endpoint. `max_tokens` bounds the reply, thinking included."""

    max_tokens: int
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    reasoning_effort: str | None = None


@dataclass(frozen=True)
class Request:
    """What is asked: messages in OpenAI's form, and the JSON schema the reply has to fit, if any."""

    messages: list[dict[str, Any]]
    sampling: Sampling
    response_format: dict[str, Any] | None = None

    @property
    def most_prompt_tokens(self) -> int:
        """The most tokens the texts can be: a token is at least one byte. Pictures are not among them."""
        texts = json.dumps(self.response_format) if self.response_format else ""
        return len(texts) + sum(_text_bytes(message["content"]) + 16 for message in self.messages)

    @property
    def has_picture(self) -> bool:
        """Whether a picture goes along."""
        return any(
            part.get("type") == "image_url"
            for message in self.messages
            if isinstance(message["content"], list)
            for part in message["content"]
        )


@dataclass(frozen=True)
class Reply:
    """What came back. `text` is None where the model sent none; tokens are None where the endpoint does not say."""

    text: str | None
    refusal: str | None
    finish_reason: str | None
    model: str | None
    request_id: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    latency_s: float | None

    @property
    def is_refused(self) -> bool:
        """Whether the model or its service refused."""
        return self.refusal is not None or self.finish_reason == "content_filter"


@dataclass(frozen=True)
class CallFailure:
    """Why there is no reply; `wait_s` is what the endpoint asked for."""

    kind: FailureKind
    message: str
    wait_s: float | None = None


def body_of(model: ChatModel, request: Request) -> dict[str, Any]:
    """Return the body of a request to /chat/completions; what is None is left out."""
    sampling = request.sampling
    body: dict[str, Any] = {"model": model.model, "messages": request.messages}
    # Reasoning models know only the longer name, servers of open weights often only the shorter one.
    longer = sampling.reasoning_effort is not None or "openai.com" in model.base_url
    body["max_completion_tokens" if longer else "max_tokens"] = sampling.max_tokens
    for name in ("temperature", "top_p", "seed", "reasoning_effort"):
        if (given := getattr(sampling, name)) is not None:
            body[name] = given
    if request.response_format is not None:
        body["response_format"] = request.response_format
    return body


def reply_in(answer: object, *, latency_s: float | None, request_id: str | None) -> Reply | CallFailure:
    """Return the reply in an endpoint's answer; what is not of the right form is no reply."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if isinstance(answer, dict) and isinstance(error := answer.get("error"), dict) and message is None:
        return _failure_in(error)
    if not isinstance(answer, dict) or not isinstance(first, dict) or not isinstance(message, dict):
        return CallFailure("unreadable answer", "the answer holds no message")
    given = answer.get("usage")
    usage = given if isinstance(given, dict) else {}
    return Reply(
        text=_text(message.get("content")),
        refusal=_text(message.get("refusal")),
        finish_reason=_short(_text(first.get("finish_reason"))),
        model=_short(_text(answer.get("model"))),
        request_id=_short(request_id or _text(answer.get("id"))),
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        latency_s=latency_s,
    )


def _failure_in(error: Mapping[str, Any]) -> CallFailure:
    """Return what an error means that came in an answer of status 200."""
    code, said = str(error.get("code")), _short(_text(error.get("message"))) or "no reason given"
    if code in QUOTA_CODES or error.get("type") in QUOTA_CODES:
        return CallFailure("quota used up", said)
    return CallFailure("wrong key" if code == "invalid_api_key" else "server error", said)


def _short(text: str | None) -> str | None:
    """Return a name or a reason as one line of a bearable length."""
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_NAME] if text is not None else None


def _text_bytes(content: object) -> int:
    if isinstance(content, str):
        return len(content.encode("utf-8", "surrogatepass"))
    parts = content if isinstance(content, list) else []
    return sum(_text_bytes(part.get("text", "")) for part in parts if isinstance(part, dict))


def _text(found: object) -> str | None:
    # What a database cannot hold: NUL, and half a surrogate pair.
    return found.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(found, str) else None


def _count(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31 else None
