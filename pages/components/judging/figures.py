"""Figures of a run in words: money, pace, what was asked."""

from collections.abc import Mapping
from typing import Any

from core.judging.watching import WatchedRun
from core.rubric import SETTING_TITLES
from pages.components.job_progress import progress_line
from pages.components.plain import plain

_FIELDS = ("models", "settings", "wordings", "countries", "subsets", "splits")


def dollars(cost_usd: float | None) -> str:
    """Return an amount such as "$0.42", inert; small ones with more digits, an unknown one in words."""
    if cost_usd is None:
        return "cost unknown"
    if 0 < cost_usd < 0.0001:
        return r"below \$0.0001"
    return rf"\${cost_usd:,.4f}" if 0 < cost_usd < 0.1 else rf"\${cost_usd:,.2f}"


def spent(watched: WatchedRun) -> str:
    """Return what a run has cost, of its budget if it has one, inert."""
    budget = watched.run.budget_usd
    return dollars(watched.run.cost_usd) + (f" of {dollars(budget)}" if budget is not None else "")


def pace(answers_per_s: float | None) -> str:
    """Return answers a second."""
    if answers_per_s is None:
        return "–"
    return f"{answers_per_s:,.0f}" if answers_per_s >= 10 else f"{answers_per_s:.1f}"


def base_words(responses: int, families: int, unscored: int) -> str:
    """Return what a number rests on: "192 in 32 families, 4 unscored"."""
    words = f"{responses:,} in {families:,} {'family' if families == 1 else 'families'}"
    return words + (f", {unscored:,} unscored" if unscored else "")


def broken_well(words: str) -> str:
    """Return the words of a narrow cell, which break only before an interval, after "in", and after a comma."""
    unbroken = words.replace(" ", "\N{NO-BREAK SPACE}")
    for place in ("{}(", ",{}", "in{}"):
        unbroken = unbroken.replace(place.format("\N{NO-BREAK SPACE}"), place.format(" "))
    return unbroken


def asked(watched: WatchedRun) -> str:
    """Return what a run asks, inert: model, prompt version or setting, and the anchor set if it is for one."""
    run = watched.run
    if watched.judge is None:
        setting = str(run.selection.get("setting", ""))
        how = SETTING_TITLES.get(setting, setting)
    else:
        how = run.prompt_version  # type: ignore[union-attr]
    rounds = f" · {run.rounds} rounds" if run.rounds > 1 else ""
    anchors = f" · anchor set {watched.anchor_set}" if watched.anchor_set else ""
    same_name = watched.model == watched.name
    return plain(f"{'' if same_name else f'{watched.model} · '}{how}{rounds}{anchors}")


def how_far(watched: WatchedRun) -> str:
    """Return n of N and the time left, inert; for one that never began, that."""
    if watched.job.progress_total is None and not watched.is_alive:
        return "nothing asked yet"
    return progress_line(watched.job)


def chosen_text(selection: Mapping[str, Any]) -> str:
    """Return what a run was told to take, not yet inert; a field that is empty chooses all."""
    parts = [", ".join(map(str, held)) for name in _FIELDS if isinstance(held := selection.get(name), list) and held]
    if setting := selection.get("setting"):
        parts.insert(0, SETTING_TITLES.get(setting, setting))
    if selection.get("response_ids"):
        parts.append(f"{len(selection['response_ids']):,} responses, one by one")
    if limit := selection.get("limit"):
        parts.append(f"{limit:,} at most")
    return "; ".join(parts) or "all"
