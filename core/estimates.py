"""What is to be asked, and what earlier calls took -> what a run will use."""

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal, TypeVar

from sqlalchemy import BigInteger, ColumnElement, cast
from sqlalchemy.sql.expression import SQLColumnExpression
from sqlmodel import Session, col, select

from core.chat.address import checked_base_url
from core.chat.ledger import Price
from core.config import PROJECT
from core.departure import Departure
from core.models import CallRun, JudgeCall, Response

Basis = Literal["measured", "tokenizer", "rough"]
Run = TypeVar("Run", bound=CallRun)
# Fewer earlier calls than this tell nothing; more than this are not read.
ENOUGH_CALLS, MOST_CALLS = 20, 2000
# So many responses or items are counted for all.
SAMPLE = 40
# English prose is about four bytes a token. In other scripts old tokenizers make a token of two to three bytes, newer
# ones of four to seven: three is on the dear side for those that are in use.
_BYTES_OF_ASCII, _BYTES_OF_OTHERS = 4, 3
_COUNTING_TIMEOUT_S = 60.0
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
# Copies on the hub of the vocabularies that OpenAI publishes (o200k_base, cl100k_base), by model.
_VOCABULARIES = (
    (re.compile(r"(chat)?gpt-(4o|4\.1|4\.5|5)\b.*|o[134]\b.*"), "Xenova/gpt-4o"),
    (re.compile(r"gpt-(4|3\.5)\b.*"), "Xenova/gpt-4"),
)
# Multiples of the golden ratio of a prime spread evenly below it, however many are taken.
_PRIME = 2**31 - 1
_STEP = 1_327_217_885


@dataclass(frozen=True)
class TokenCounts:
    """Mean tokens a call; a prompt's include its picture's."""

    prompt: float
    completion: float
    basis: Basis
    explained: str


@dataclass(frozen=True)
class RunEstimate:
    """What a run will use; `cost_usd` is None where no price is known, `duration_s` where no latency is."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    duration_s: float | None
    basis: Basis
    explained: str


@dataclass(frozen=True)
class EarlierCall:
    """What one call took that has been made."""

    prompt_tokens: int
    completion_tokens: int
    latency_s: float | None


@dataclass(frozen=True)
class Prompt:
    """What a call will ask: all its text, and whether a picture goes along."""

    text: str
    has_picture: bool


@dataclass(frozen=True)
class Assumed:
    """What is taken for true as long as nothing was measured; pictures count as the most they can be."""

    completion_tokens: int
    latency_s: float
    image_tokens: int


@dataclass(frozen=True)
class Outlook:
    """What a person is told before a run starts: what it will use, and what leaves this machine."""

    estimate: RunEstimate
    departure: Departure


def run_estimate(
    *, calls: int, tokens: TokenCounts, price: Price | None, latency_s: float | None, concurrency: int
) -> RunEstimate:
    """Return what so many calls use, made so many at a time."""
    prompt_tokens, completion_tokens = round(calls * tokens.prompt), round(calls * tokens.completion)
    return RunEstimate(
        calls=calls,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        cost_usd=price.cost_usd(prompt_tokens, completion_tokens) if price is not None else None,
        duration_s=math.ceil(calls / max(1, concurrency)) * latency_s if latency_s is not None else None,
        basis=tokens.basis,
        explained=tokens.explained,
    )


def tokens_a_call(
    *,
    alike: Sequence[EarlierCall],
    timed: Sequence[Sequence[EarlierCall]],
    prompts: Callable[[], Sequence[Prompt]],
    assumed: Assumed,
    tokenizer: str | None,
) -> tuple[TokenCounts, float]:
    """Return mean tokens and seconds a call: measured if enough calls were made, else counted, else roughly so.

    Args:
        alike: earlier calls of this model that asked in the same way, wherever it answered.
        timed: earlier calls of this model at the same address, in lists: the first that is long enough tells the time.
        prompts: makes some of the prompts to come; called only if they are needed.
        assumed: what stands in for what was not measured.
        tokenizer: a folder or a hub name to count with; None counts roughly.
    """
    latencies = next((found for found in map(_latencies, timed) if len(found) >= ENOUGH_CALLS), [])
    latency_s = median(latencies) if latencies else assumed.latency_s
    time = f"a call took {latency_s:.3g} s at this address"
    if not latencies:
        time = f"a call is taken to take {latency_s:.3g} s, since too few were timed at this address"
    if len(alike) >= ENOUGH_CALLS:
        prompt, completion = (
            fmean(call.prompt_tokens for call in alike),
            fmean(call.completion_tokens for call in alike),
        )
        explained = f"Measured on {len(alike):,} earlier calls of this model that asked in the same way; {time}."
        return TokenCounts(prompt, completion, "measured", explained), latency_s
    return _counted(prompts(), assumed, tokenizer, time), latency_s


def at_address(runs: Sequence[Run], base_url: str) -> list[Run]:
    """Return those runs that asked there: the same model may answer much faster elsewhere.

    Raises:
        UserError: it is no address of an endpoint.
    """
    address = checked_base_url(base_url)
    return [run for run in runs if run.base_url == address]


def earlier_calls(
    session: Session,
    calls: type[JudgeCall] | type[Response],
    *,
    runs: Sequence[CallRun],
    spread_over: SQLColumnExpression[int],
) -> list[EarlierCall]:
    """Return calls of these runs whose tokens are known; of very many, some spread evenly over those ids."""
    rows = session.exec(
        select(calls.prompt_tokens, calls.completion_tokens, calls.latency_s).where(
            col(calls.run_id).in_([run.id for run in runs]),
            in_sample(spread_over, total=sum(run.calls for run in runs)),
            col(calls.prompt_tokens).is_not(None),
            col(calls.completion_tokens).is_not(None),
        )
    )
    return [EarlierCall(prompt or 0, completion or 0, latency) for prompt, completion, latency in rows]


def _latencies(calls: Sequence[EarlierCall]) -> list[float]:
    return [call.latency_s for call in calls if call.latency_s is not None]


def _counted(prompts: Sequence[Prompt], assumed: Assumed, tokenizer: str | None, time: str) -> TokenCounts:
    texts = [prompt.text for prompt in prompts]
    exact = tokens_in(texts, tokenizer=tokenizer) if tokenizer is not None and texts else None
    counts: Sequence[float] = exact if exact is not None else [rough_tokens(text) for text in texts]
    pictures = sum(prompt.has_picture for prompt in prompts)
    prompt = (sum(counts) + pictures * assumed.image_tokens) / max(1, len(prompts))
    how = f"Counted with the tokenizer {tokenizer}"
    if exact is None:
        missing = f"The tokenizer {tokenizer} cannot be had. " if tokenizer is not None and texts else ""
        rough = f"a token for {_BYTES_OF_ASCII} bytes of plain Latin and for {_BYTES_OF_OTHERS} of other scripts"
        how = f"{missing}Rough: {rough}"
    seen = f", pictures at most {assumed.image_tokens:,} tokens each" if pictures else ""
    reply = f"a reply is taken to be {assumed.completion_tokens:,} tokens, thinking apart"
    explained = f"{how}, on {len(prompts)} of these prompts{seen}; {reply}; {time}."
    return TokenCounts(prompt, assumed.completion_tokens, "rough" if exact is None else "tokenizer", explained)


def rough_tokens(text: str) -> float:
    """Return about how many tokens a text is, from its bytes."""
    whole, ascii_only = len(text.encode("utf-8", "replace")), len(text.encode("ascii", "ignore"))
    return ascii_only / _BYTES_OF_ASCII + (whole - ascii_only) / _BYTES_OF_OTHERS


def known_tokenizer(model: str) -> str | None:
    """Return the hub name of the tokenizer of a model, by the model's own name; None where it tells nothing."""
    bare = model.strip().removeprefix("openai/")
    for pattern, tokenizer in _VOCABULARIES:
        if pattern.fullmatch(bare):
            return tokenizer
    # Servers of open weights name a model as the hub does.
    return model.strip() if _HUB_NAME.fullmatch(model.strip()) else None


def tokens_in(texts: Sequence[str], *, tokenizer: str) -> list[int] | None:
    """Return how many tokens each text is, counted in a process of its own; None if the tokenizer cannot be had.

    `tokenizer` is a folder on this machine or a hub name; HF_HUB_OFFLINE keeps it from being fetched.
    """
    name = tokenizer.strip()
    if not 0 < len(name) <= 500 or name.startswith("-") or not name.isprintable():
        return None
    folder = os.path.expanduser(name)
    name = os.path.abspath(folder) if os.path.isdir(folder) else name
    try:
        counting = subprocess.run(
            [sys.executable, "-m", "core.training.worker.count_tokens", name],
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
            timeout=_COUNTING_TIMEOUT_S,
            cwd=PROJECT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return json.loads(counting.stdout) if counting.returncode == 0 else None


def spread(ids: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Return what to order rows by so that the first few lie evenly among all their ids; the same each time."""
    return cast(ids, BigInteger) * _STEP % _PRIME


def in_sample(ids: SQLColumnExpression[int], *, total: int) -> ColumnElement[bool]:
    """Return the condition for about `MOST_CALLS` rows of so many, evenly among all their ids."""
    return spread(ids) < round(_PRIME * min(1.0, MOST_CALLS / max(1, total)))
