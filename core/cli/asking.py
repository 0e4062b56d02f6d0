"""Commands that ask models: collect responses, run a judge, enter what a model costs."""

from pathlib import Path
from typing import Annotated, Any

import typer

from core.cli.outcome import AsJson, Detach, Outcome, detach, outcome, progress_bar
from core.db import reading, transaction
from core.errors import UserError
from core.job_process import run_here
from core.judges import judge_named
from core.judging.judge_run import Bounds, JudgeSettings, Mode, start_judge_run
from core.judging.official import official_words
from core.judging.prompts import JudgeWords, current_words
from core.judging.selection import Selection
from core.models import Job
from core.people import current_person
from core.prices import IMAGE_TOKENS, PriceEntry, prices, set_price
from core.responses.collecting import (
    MAX_SIDE,
    MAX_TOKENS,
    CollectBounds,
    CollectSettings,
    ItemChoice,
    start_response_run,
)
from core.rubric import PROMPT_KINDS, PromptKind, ResponseSetting

BaseUrl = Annotated[str, typer.Option("--base-url", help="Such as https://api.openai.com/v1")]
KeyName = Annotated[str | None, typer.Option("--api-key-env", help="Name of the variable that holds the key.")]
Rounds = Annotated[int, typer.Option(help="How often each is asked.")]
Concurrency = Annotated[int, typer.Option(help="Calls at once, at most.")]
BudgetUsd = Annotated[float | None, typer.Option(help="Dollars that are never passed; needs a known price.")]
BudgetCalls = Annotated[int | None, typer.Option(help="Calls that are never passed.")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="Only this country; may be given again.")]
Splits = Annotated[list[str] | None, typer.Option("--split", help="Only this split; may be given again.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most so many.")]


def respond_command(
    model: Annotated[str, typer.Option(help="The model, as its endpoint knows it.")],
    base_url: BaseUrl,
    api_key_env: KeyName = None,
    name: Annotated[str, typer.Option(help="Name the responses are stored under; the model's if none.")] = "",
    setting: Annotated[str, typer.Option(help="english, translation or text-only (without the picture).")] = "english",
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
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Collect a model's responses; the same again goes on with what is missing."""
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
    if setting not in ("english", "translation", "text-only"):
        raise typer.BadParameter("english, translation or text-only", param_hint="--setting")
    named: ResponseSetting = setting  # type: ignore[assignment]
    chosen = ItemChoice(
        setting=named,
        wordings=tuple(wording or ()),
        countries=tuple(country or ()),
        subsets=tuple(subset or ()),
        splits=tuple(split or ()),
        limit=limit,
    )
    bounds = CollectBounds(rounds, concurrency, budget_usd, budget_calls)
    # Before the clock starts: the client's library alone takes most of a second to import.
    from core.responses.collect_job import run_result

    with outcome(as_json) as result:
        with transaction() as session:
            author = current_person(session)
            run = start_response_run(session, settings=settings, chosen=chosen, bounds=bounds, author=author)
            job = session.get_one(Job, run.job_id)
        result.fields = {"run_id": run.id}
        if detached:
            detach(result, job)
            return
        _work(job, as_json)
        result.fields |= run_result(run.id)
        counts = ", ".join(f"{count:,} {status}" for status, count in sorted(result.fields["statuses"].items()))
        result.say(f"{result.fields['responses']:,} responses of {run.stored_as}: {counts}. {_used(run.id, result)}")


def judge_command(
    judge: Annotated[str, typer.Option(help="Name of the judge; one that is known needs no more.")],
    base_url: Annotated[str | None, typer.Option("--base-url", help="Such as https://api.openai.com/v1")] = None,
    model: Annotated[str | None, typer.Option(help="The model, as its endpoint knows it.")] = None,
    api_key_env: KeyName = None,
    prompt: Annotated[str | None, typer.Option(help="four-calls, one-call or cross-official.")] = None,
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
    ask_unreadable_again: Annotated[
        bool, typer.Option("--ask-unreadable-again", help="Also ask again what could not be read.")
    ] = False,
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Let a judge score responses; the same again goes on with what is missing."""
    bounds = Bounds(
        rounds=rounds,
        concurrency=concurrency,
        budget_usd=budget_usd,
        budget_calls=budget_calls,
        mode=_mode(batch),
        ask_unreadable_again=ask_unreadable_again,
    )
    chosen = Selection(
        models=tuple(response_model or ()),
        countries=tuple(country or ()),
        settings=tuple(setting or ()),
        splits=tuple(split or ()),
        limit=limit,
    )
    # Before the clock starts: the client's library alone takes most of a second to import.
    from core.judging.judge_job import run_result

    with outcome(as_json) as result:
        given: dict[str, Any] = {"base_url": base_url, "model": model, "api_key_env": api_key_env, "prompt": prompt}
        given |= {"temperature": temperature, "reasoning_effort": reasoning_effort, "max_tokens": max_tokens}
        settings = _judge_settings(judge, given)
        words = _words(settings.prompt, checkout)
        with transaction() as session:
            author = current_person(session)
            run = start_judge_run(session, settings=settings, words=words, chosen=chosen, bounds=bounds, author=author)
            job = session.get_one(Job, run.job_id)
        result.fields = {"judge": judge, "run_id": run.id}
        if detached:
            detach(result, job)
            return
        _work(job, as_json)
        result.fields |= run_result(run.id)
        counts = f"{result.fields['scored']:,} scored, {result.fields['unscored']:,} not"
        result.say(f"{judge}: {counts}, {result.fields['responses']:,} responses. {_used(run.id, result)}")


def price_command(
    model: Annotated[str | None, typer.Argument(help="The model, as its endpoint knows it; all if none.")] = None,
    input_usd: Annotated[float | None, typer.Option(help="Dollars per million tokens sent.")] = None,
    output_usd: Annotated[float | None, typer.Option(help="Dollars per million tokens received.")] = None,
    image_tokens: Annotated[int, typer.Option(help="The most tokens one picture can be.")] = IMAGE_TOKENS,
    batch_share: Annotated[float, typer.Option(help="Share of the price that a batch costs.")] = 1.0,
    source: Annotated[str, typer.Option(help="Where the price stands.")] = "",
    as_json: AsJson = False,
) -> None:
    """Enter what a model costs, or list what is known."""
    with outcome(as_json) as result:
        if model is not None:
            if input_usd is None or output_usd is None:
                raise UserError("A price needs --input-usd and --output-usd, in dollars per million tokens.")
            entry = PriceEntry(model, input_usd, output_usd, image_tokens, batch_share, source)
            with transaction() as session:
                set_price(session, entry=entry, author=current_person(session))
        with reading() as session:
            rows = prices(session)
        result.fields = {"prices": [row.model_dump(exclude={"changed_by", "changed_at"}) for row in rows]}
        for row in rows:
            result.say(f"{row.model}: {row.input_usd:g} in, {row.output_usd:g} out, per million tokens")
        if not rows:
            result.say("No prices are known. Enter one: cross-review price MODEL --input-usd X --output-usd Y")


def _mode(batch: bool) -> Mode:
    return "batch" if batch else "live"


def _judge_settings(name: str, given: dict[str, Any]) -> JudgeSettings:
    """Return what the judge is: as it is known, changed by what is given; a new one needs endpoint and model."""
    with reading() as session:
        try:
            known = judge_named(session, name)
        except UserError:
            known = None
    held: dict[str, Any] = {"prompt": "four-calls", "temperature": 0.0}
    if known is not None and known.origin == "run":
        held = dict(known.parameters) | {"temperature": known.parameters.get("temperature")}
        held |= {"base_url": known.base_url, "model": known.model, "prompt": known.prompt}
        held |= {"api_key_env": known.api_key_env}
    elif given["reasoning_effort"] is not None:
        # Reasoning models refuse a temperature.
        held["temperature"] = None
    settled = held | {key: entry for key, entry in given.items() if entry is not None}
    if not settled.get("base_url") or not settled.get("model"):
        raise UserError(f"There is no judge named {name} yet. A new one needs --base-url and --model.")
    if settled["prompt"] not in PROMPT_KINDS:
        raise UserError(f"--prompt is one of {', '.join(PROMPT_KINDS)}.")
    return JudgeSettings(name=name, **settled)


def _words(prompt: PromptKind, checkout: Path | None) -> JudgeWords:
    if prompt != "cross-official":
        return current_words(prompt)
    if checkout is None:
        raise UserError("The official prompts are read from your own CROSS checkout: name it with --checkout.")
    return official_words(checkout)


def _work(job: Job, as_json: bool) -> None:
    with progress_bar(not as_json) as show:
        ended = run_here(job.id, lambda job: show(job.progress_done, job.progress_total, job.progress_note))
    if ended.state == "stopped":
        raise UserError("Stopped. What was finished is kept; run the same again to go on.")


def _used(run_id: str, result: Outcome) -> str:
    cost = result.fields["cost_usd"]
    money = "cost unknown (no price)" if cost is None else f"{cost:.4f} dollars"
    return f"{result.fields['calls']:,} calls, {result.fields['retries']:,} of them again, {money}. Run {run_id}."
