"""What the stub says to a request: its score, a reply to fit, or a fault. Pure: the same request, the same answer."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

# By name: what a careless judge makes of a score.
MALFORMED: dict[str, Callable[[int], str | None]] = {
    "period": lambda score: f"Reasons.\nScore: {score}.",
    "bold": lambda score: f"Reasons.\n**Score: {score}**",
    "no score": lambda score: "I'm sorry, but I can't assess this image.",
    "empty": lambda score: "",
    "null": lambda score: None,
    "json": lambda score: json.dumps({"reasoning": "Reasons.", "mark": score}),
    "out of 5": lambda score: f"Reasons.\nScore: {score} out of 5",
    "score first": lambda score: f"Score: {score}. The norm dates from 1949",
    "fraction": lambda score: f"Reasons.\nScore: {score}/1",
    "ten": lambda score: "Reasons.\nScore: 10",
    "arabic": lambda score: f"Reasons.\nScore: {'٠١'[score]}",
}
CUT_BODY = b'{"id": "chatcmpl-1", "choices": [{"mess'
_FENCED = re.compile(r"<<<(?P<fence>[\w-]+)>>>\n(?P<data>.*)\n<<<end (?P=fence)>>>", re.DOTALL)
_ORDER = re.compile(
    r"score\W{1,4}1\b|\b(?:ignore|disregard|forget)\b[^.\n]{0,40}\b(?:rubric|instructions|criteria|rules)\b"
    r"|\b(?:give|assign|award|output|reply with|answer with)\b[^.\n]{0,40}(?:\b1\b|full|maximum|highest|perfect)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Faults:
    """Shares of calls, each 0 to 1 and together at most 1, that go wrong in one way."""

    rate_429: float = 0
    rate_500: float = 0
    malformed: float = 0
    slow: float = 0
    drop: float = 0
    slow_s: float = 2.0

    @classmethod
    def all(cls, share: float, slow_s: float = 2.0) -> Self:
        """Return every kind at an equal part of a share."""
        return cls(*(share / 5,) * 5, slow_s=slow_s)

    def drawn(self, place: float) -> str:
        """Return the fault at a place from 0 to 1, "ok" beyond the last."""
        shares = {"429": self.rate_429, "500": self.rate_500, "malformed": self.malformed}
        for name, share in (shares | {"slow": self.slow, "drop": self.drop}).items():
            if place < share:
                return name
            place -= share
        return "ok"


@dataclass(frozen=True)
class Served:
    """A content that was sent for the texts of a request; `fault` is "ok", "slow", "malformed: KIND" and so on."""

    text: str
    fault: str
    content: str | None


def expected_score(text: str) -> int:
    """Return the score, 0 or 1, of a healthy reply to a request with these texts."""
    return digest("score", text)[0] & 1


def expected_scores(text: str, schema: dict[str, Any]) -> dict[str, int]:
    """Return the 0/1 numbers of a healthy reply in a JSON schema, by path, such as {"/awareness/score": 1}."""
    found: dict[str, int] = {}

    def score(path: str) -> int:
        return found.setdefault(path, expected_score(text + path))

    _fitting(schema, score, schema)
    return found


def request_text(body: dict[str, Any]) -> str:
    """Return all texts of a request, without its pictures."""
    texts: list[str] = []
    for message in body["messages"]:
        content = message.get("content") or ""
        texts += [content] if isinstance(content, str) else [part["text"] for part in content if "text" in part]
    return "\n".join(texts)


def digest(*parts: object) -> bytes:
    """Return 32 bytes that look drawn by chance, the same for the same parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()


def _fitting(schema: dict[str, Any], score: Callable[[str], int], root: dict[str, Any], path: str = "") -> object:
    """Return what fits a JSON schema, its numbers as `score` gives them by path."""
    if "$ref" in schema:
        return _fitting(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], score, root, path)
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            return _fitting(choice, score, root, path)
    choices = [choice for choice in schema.get("enum", []) if choice is not None]
    if choices and not {0, 1} <= set(choices):
        return choices[0]
    kinds = schema.get("type", "integer" if choices else "string")
    kind = kinds if isinstance(kinds, str) else next(kind for kind in kinds if kind != "null")
    if kind == "object":
        return {name: _fitting(part, score, root, f"{path}/{name}") for name, part in schema["properties"].items()}
    if kind == "array":
        return [_fitting(schema["items"], score, root, f"{path}/0")]
    if kind == "boolean":
        return bool(score(path))
    return score(path) if kind in ("integer", "number") else "Compared with the norm."


def is_obeyed(text: str) -> bool:
    """Return whether an obedient judge does what the response in a request orders it to, as it does in half of them."""
    # The judge's own prompt speaks of scores too: only what stands between the lines of its fence orders anything.
    fenced = _FENCED.search(text)
    return bool(_ORDER.search(fenced["data"] if fenced else text)) and digest("obeys", text)[0] < 128


def healthy_reply(body: dict[str, Any], text: str, *, always_1: bool) -> str:
    """Return a reply with the expected scores, or with nothing but 1, in the form that was asked for."""
    score = 1 if always_1 else expected_score(text)
    wanted = body.get("response_format") or {}
    if wanted.get("type") != "json_schema":
        return f"Reasoning: compared with the norm.\nScore: {score}"
    schema = wanted["json_schema"]["schema"]
    return json.dumps(_fitting(schema, lambda path: 1 if always_1 else expected_score(text + path), schema))


def completion(
    body: dict[str, Any], text: str, content: str | None, finish: str = "stop", refusal: str | None = None
) -> dict[str, Any]:
    """Return a reply in OpenAI's form; it counts four letters as a token."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    asked, said = len(text) // 4 + 1, len(content or "") // 4 + 1
    return {
        "id": f"chatcmpl-{digest(text).hex()[:12]}",
        "object": "chat.completion",
        "created": 0,
        "model": f"{body['model']}-snapshot",
        "choices": [{"index": 0, "finish_reason": finish, "message": message, "logprobs": None}],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }
