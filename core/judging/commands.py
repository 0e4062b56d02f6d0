"""Settings of a run -> the command line that does the same, ready for a shell. Pure."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.call_runs import RunBounds
from core.judging.judge_run import Bounds, JudgeSettings, settings_of
from core.judging.selection import Selection
from core.models import Judge, JudgeRun, ResponseRun
from core.responses.collecting import (
    MAX_SIDE,
    MAX_TOKENS,
    CollectBounds,
    CollectSettings,
    ItemChoice,
)

Entry = str | float | Sequence[str] | None
# Where nobody knows any more which folder it was; the words themselves are stored with the run.
_CHECKOUT = "YOUR_CROSS_CHECKOUT"


def judge_command_for(
    settings: JudgeSettings,
    chosen: Selection,
    bounds: Bounds,
    *,
    checkout: str | None = None,
    has_moved: bool = False,
) -> str:
    """Return the command that starts, or goes on with, the same judge run."""
    options: dict[str, Entry] = {
        "judge": settings.name,
        "base-url": settings.base_url,
        "model": settings.model,
        "api-key-env": settings.api_key_env,
        "prompt": settings.prompt,
        "checkout": (checkout or _CHECKOUT) if settings.prompt == "cross-official" else None,
        # The command takes 0 by itself, and none for a model that thinks.
        "temperature": settings.temperature or None,
        "reasoning-effort": settings.reasoning_effort,
        "max-tokens": settings.max_tokens,
        "seed": settings.seed,
        "max-side": settings.parameters.get("max_side"),
        "response-model": chosen.models,
        "country": chosen.countries,
        "setting": chosen.settings,
        "split": chosen.splits,
        "limit": chosen.limit,
        **_bounds(bounds),
    }
    switches = {
        "batch": bounds.mode == "batch",
        "ask-unreadable-again": bounds.ask_unreadable_again,
        "moved": has_moved,
    }
    return _command("judge", options, [name for name, is_on in switches.items() if is_on])


def collect_command_for(
    settings: CollectSettings, chosen: ItemChoice, bounds: CollectBounds, *, has_moved: bool = False
) -> str:
    """Return the command that starts, or goes on with, the same collection of responses."""
    options: dict[str, Entry] = {
        "base-url": settings.base_url,
        "model": settings.model,
        "api-key-env": settings.api_key_env,
        "name": settings.stored_as if settings.name != settings.model else None,
        "setting": chosen.setting,
        "wording": chosen.wordings,
        "country": chosen.countries,
        "subset": chosen.subsets,
        "split": chosen.splits,
        "limit": chosen.limit,
        "temperature": settings.temperature,
        "top-p": settings.top_p,
        "max-tokens": settings.max_tokens if settings.max_tokens != MAX_TOKENS else None,
        "seed": settings.seed,
        "reasoning-effort": settings.reasoning_effort,
        "system-prompt": settings.system_prompt or None,
        "max-side": settings.max_side if settings.max_side != MAX_SIDE else None,
        **_bounds(bounds),
    }
    return _command("respond", options, ["moved"] if has_moved else [])


def judge_run_command(run: JudgeRun, judge: Judge) -> str | None:
    """Return the command that does the same as a run; None where responses were chosen one by one."""
    chosen = Selection.stored(run.selection)
    if chosen.response_ids or judge.prompt is None:
        return None
    bounds = Bounds(
        rounds=run.rounds,
        concurrency=run.concurrency,
        budget_usd=run.budget_usd,
        budget_calls=run.budget_calls,
        mode="batch" if run.mode == "batch" else "live",
        ask_unreadable_again=run.ask_unreadable_again,
    )
    settings = replace(settings_of(judge), base_url=run.base_url, api_key_env=run.api_key_env)
    return judge_command_for(settings, chosen, bounds)


def response_run_command(run: ResponseRun) -> str:
    """Return the command that does the same as a run that collects responses."""
    settings = CollectSettings(
        base_url=run.base_url,
        model=run.model,
        stored_as=run.stored_as,
        api_key_env=run.api_key_env,
        **run.parameters,
    )
    bounds = CollectBounds(run.rounds, run.concurrency, run.budget_usd, run.budget_calls)
    return collect_command_for(settings, ItemChoice.stored(run.selection), bounds)


def _bounds(bounds: RunBounds) -> dict[str, Entry]:
    return {
        "rounds": bounds.rounds,
        "concurrency": bounds.concurrency,
        "budget-usd": bounds.budget_usd,
        "budget-calls": bounds.budget_calls,
    }


def _command(name: str, options: Mapping[str, Entry], switches: Sequence[str]) -> str:
    words = ["cross-review", name]
    for option, held in options.items():
        entries = [held] if isinstance(held, str | int | float) else list(held or ())
        for entry in entries:
            text = f"{entry:g}" if isinstance(entry, float) else str(entry)
            # With "=" a text that begins with a dash stays a text.
            words += [f"--{option}={text}"] if text.startswith("-") else [f"--{option}", text]
    return shlex.join([*words, *(f"--{switch}" for switch in switches)])
