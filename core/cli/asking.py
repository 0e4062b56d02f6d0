"""Commands that ask models: collect responses, run a judge."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from core.cli.filter_options import splits_named
from core.cli.outcome import AsJson, Detach, outcome
from core.cli.runs import is_worked_off, tell_outlook, used
from core.db import reading, transaction
from core.errors import UserError
from core.judges import known_judge
from core.judging.estimates import judge_outlook
from core.judging.judge_run import Bounds, JudgeSettings, settings_of, start_judge_run, words_of
from core.judging.official import official_words
from core.judging.prompts import JudgeWords, current_words
from core.judging.selection import Selection
from core.people import current_person
from core.responses.collecting import (
    MAX_SIDE,
    MAX_TOKENS,
    CollectBounds,
    CollectSettings,
    ItemChoice,
    collect_extent,
    start_response_run,
)
from core.responses.estimates import collect_outlook
from core.rubric import PromptKind, ResponseSetting

BaseUrl = Annotated[str, typer.Option("--base-url", help="Such as https://api.openai.com/v1")]
KeyName = Annotated[str | None, typer.Option("--api-key-env", help="Name of the variable that holds the key.")]
Rounds = Annotated[int, typer.Option(help="How often each is asked.")]
Concurrency = Annotated[int, typer.Option(help="Calls at once, at most.")]
BudgetUsd = Annotated[float | None, typer.Option(help="Dollars that are never passed; needs a known price.")]
BudgetCalls = Annotated[int | None, typer.Option(help="Calls that are never passed.")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="Only this country; may be given again.")]
Splits = Annotated[list[str] | None, typer.Option("--split", help="Only this split; may be given again.")]
Moved = Annotated[bool, typer.Option("--moved", help="It is the same model at a new address.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most so many.")]


def respond_command(
    model: Annotated[str, typer.Option(help="The model, as its endpoint knows it.")],
    base_url: BaseUrl,
    api_key_env: KeyName = None,
    name: Annotated[str, typer.Option(help="Name the responses are stored under; the model's if none.")] = "",
    setting: Annotated[ResponseSetting, typer.Option(help="text-only leaves the picture out.")] = "english",
    wording: Annotated[list[str] | None, typer.Option(help="1, 2, 3 or translation; may be given again.")] = None,
    country: Countries = None,
    subset: Annotated[list[str] | None, typer.Option(help="Only this subset; may be given again.")] = None,
    split: Splits = None,
    limit: Limit = None,
    rounds: Rounds = 1,
    concurrency: Concurrency = 8,
    budget_usd: BudgetUsd = None,
    budget_calls: BudgetCalls = None,
    temperature: Annotated[float | None, typer.Option(help="Left to the endpoint if not given.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Left to the endpoint if not given.")] = None,
    max_tokens: Annotated[int, typer.Option(help="Longest response.")] = MAX_TOKENS,
    seed: Annotated[int | None, typer.Option(help="Left to the endpoint if not given.")] = None,
    reasoning_effort: Annotated[str | None, typer.Option(help="minimal, low, medium or high.")] = None,
    system_prompt: Annotated[str, typer.Option(help="Sent before the query, if given.")] = "",
    max_side: Annotated[int, typer.Option(help="Longest side of the picture sent, in pixels.")] = MAX_SIDE,
    moved: Moved = False,
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Collect a model's responses; the same again goes on with what is missing.

    With --json, `calls` and `cost_usd` are those of the whole run; `this_command` holds what this command made of them.
    """
    settings = CollectSettings(
        base_url=base_url,
        model=model,
        stored_as=name,
        api_key_env=api_key_env,
        system_prompt=system_prompt,
        temperature=temperature,
        top_p=top_p,
        max_tokens=max_tokens,
        seed=seed,
        reasoning_effort=reasoning_effort,
        max_side=max_side,
    )
    bounds = CollectBounds(rounds, concurrency, budget_usd, budget_calls)
    # Before the clock starts: the client's library alone takes most of a second to import.
    from core.responses.collect_job import run_result

    with outcome(as_json) as result:
        chosen = ItemChoice(
            setting=setting,
            wordings=tuple(wording or ()),
            countries=tuple(country or ()),
            subsets=tuple(subset or ()),
            splits=splits_named(split),
            limit=limit,
        )
        with transaction() as session:
            author = current_person(session)
            run = start_response_run(
                session, settings=settings, chosen=chosen, bounds=bounds, author=author, has_moved=moved
            )
        with reading() as session:
            extent = collect_extent(session, chosen=chosen, stored_as=run.stored_as, rounds=rounds)
            outlook = collect_outlook(session, settings=settings, chosen=chosen, bounds=bounds)
        tell_outlook(result, outlook, bounds, used=run)
        result.fields |= {"model": run.stored_as, "without_picture": extent.without_picture}
        if is_worked_off(result, run, run_result, detached=detached):
            brought = run_result(run.id)
            statuses = [f"{count:,} {status}" for status, count in sorted(brought.statuses.items())]
            counts = ", ".join(statuses) or "nothing was missing"
            result.say(f"{brought.responses:,} responses of {run.stored_as}: {counts}. {used(run, brought)}")
            if extent.without_picture:
                result.say(f"{extent.without_picture:,} questions without a picture here were left out.")


def judge_command(
    judge: Annotated[str, typer.Option(help="Name of the judge; one that is known needs no more.")],
    base_url: Annotated[str | None, typer.Option("--base-url", help="Such as https://api.openai.com/v1")] = None,
    model: Annotated[str | None, typer.Option(help="The model, as its endpoint knows it.")] = None,
    api_key_env: KeyName = None,
    prompt: Annotated[PromptKind | None, typer.Option(help="four-calls for a new judge, if not given.")] = None,
    checkout: Annotated[Path | None, typer.Option(help="Your CROSS checkout, for cross-official.")] = None,
    rounds: Rounds = 1,
    concurrency: Concurrency = 8,
    budget_usd: BudgetUsd = None,
    budget_calls: BudgetCalls = None,
    batch: Annotated[bool, typer.Option("--batch", help="Through the endpoint's Batch API.")] = False,
    response_model: Annotated[
        list[str] | None, typer.Option("--response-model", help="Only responses of this model; may be given again.")
    ] = None,
    country: Countries = None,
    setting: Annotated[list[str] | None, typer.Option(help="Only this setting; may be given again.")] = None,
    split: Splits = None,
    limit: Limit = None,
    temperature: Annotated[float | None, typer.Option(help="0 if not given.")] = None,
    reasoning_effort: Annotated[
        str | None, typer.Option(help="For a reasoning model, which takes no temperature.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(help="Longest reply.")] = None,
    seed: Annotated[int | None, typer.Option(help="Left to the endpoint if not given.")] = None,
    max_side: Annotated[int | None, typer.Option(help="Longest side of the picture sent, in pixels.")] = None,
    ask_unreadable_again: Annotated[
        bool, typer.Option("--ask-unreadable-again", help="Also ask again what could not be read.")
    ] = False,
    moved: Moved = False,
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Let a judge score responses; the same again goes on with what is missing.

    With --json, `calls` and `cost_usd` are those of the whole run; `this_command` holds what this command made of them.
    """
    given = {
        "base_url": base_url,
        "model": model,
        "api_key_env": api_key_env,
        "prompt": prompt,
        "temperature": temperature,
        "reasoning_effort": reasoning_effort,
        "max_tokens": max_tokens,
        "seed": seed,
        "max_side": max_side,
    }
    bounds = Bounds(
        rounds=rounds,
        concurrency=concurrency,
        budget_usd=budget_usd,
        budget_calls=budget_calls,
        mode="batch" if batch else "live",
        ask_unreadable_again=ask_unreadable_again,
    )
    # Before the clock starts: the client's library alone takes most of a second to import.
    from core.judging.judge_job import run_result

    with outcome(as_json) as result:
        chosen = Selection(
            models=tuple(response_model or ()),
            countries=tuple(country or ()),
            settings=tuple(setting or ()),
            splits=splits_named(split),
            limit=limit,
        )
        settings = _judge_settings(judge, given)
        words = _words(settings, checkout)
        with transaction() as session:
            author = current_person(session)
            run = start_judge_run(
                session,
                settings=settings,
                words=words,
                chosen=chosen,
                bounds=bounds,
                author=author,
                has_moved=moved,
            )
        with reading() as session:
            outlook = judge_outlook(session, settings=settings, words=words, chosen=chosen, bounds=bounds)
        tell_outlook(result, outlook, bounds, used=run)
        result.fields["judge"] = judge
        if is_worked_off(result, run, run_result, detached=detached):
            brought = run_result(run.id)
            counts = f"{brought.scored:,} scored, {brought.unscored:,} not"
            result.say(f"{judge}: {counts}, {brought.responses:,} responses. {used(run, brought)}")


def _judge_settings(name: str, given: dict[str, Any]) -> JudgeSettings:
    """Return what the judge is: as it is known, changed by what is given; a new one needs endpoint and model."""
    changes = {option: entry for option, entry in given.items() if entry is not None}
    with reading() as session:
        known = known_judge(session, name)
    if known is not None and known.origin != "run":
        raise UserError(f"The judge {name} was imported and cannot be asked. A new judge needs another name.")
    if known is not None:
        return replace(settings_of(known), **changes)
    if not changes.get("base_url") or not changes.get("model"):
        raise UserError(f"There is no judge named {name} yet. A new one needs --base-url and --model.")
    # Reasoning models refuse a temperature.
    held: dict[str, Any] = {"prompt": "four-calls", "temperature": None if "reasoning_effort" in changes else 0.0}
    return JudgeSettings(name=name, **held | changes)


def _words(settings: JudgeSettings, checkout: Path | None) -> JudgeWords:
    """Return what the judge is asked; an official one that is known needs its checkout no more."""
    if settings.prompt != "cross-official":
        return current_words(settings.prompt)
    if checkout is not None:
        return official_words(checkout)
    with reading() as session:
        known = known_judge(session, settings.name)
        if known is None or known.prompt != "cross-official":
            raise UserError("The official prompts are read from your own CROSS checkout: name it with --checkout.")
        return words_of(session, known.prompt_version)
