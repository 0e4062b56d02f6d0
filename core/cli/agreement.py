"""The command that says the numbers of the Agreement page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from core.cli.filter_options import check_known_here, splits_named
from core.cli.outcome import AsJson, Outcome, outcome
from core.cli.scores import Several
from core.db import reading
from core.judges import judges_here
from core.measures.agreement import AgreementCell, Compared, PoolCell, agreement_cells, method_of, pool_cells
from core.measures.agreement_base import agreement_base
from core.measures.agreement_labels import POOLS
from core.measures.family_intervals import Statistic
from core.measures.score_filter import Errata, ScoreFilter
from core.measures.score_frame import Label
from core.people import person_here
from core.rubric import Pool
from core.words import counted

_STATISTICS = ("percent", "kappa", "alpha", "ac1")
_VERDICTS = {
    "less": "the judge agrees less often than experts do",
    "more": "the judge agrees more often than experts do",
    "no sign": "no sign that the judge agrees less often than experts do",
}


def agreement_command(
    by: Annotated[str, typer.Option(help="What to break the numbers down by, with commas.")] = "country,dimension",
    judge: Annotated[str | None, typer.Option(help="One judge; each judge for itself if none is named.")] = None,
    pool: Annotated[
        list[str] | None,
        typer.Option(help="Whose labels count: from, knows, outside. May be given again; from if none."),
    ] = None,
    pools: Annotated[bool, typer.Option("--pools", help="Tell too how far pools of experts agree.")] = False,
    model: Several = None,
    dimension: Several = None,
    country: Several = None,
    split: Several = None,
    setting: Annotated[
        list[str] | None, typer.Option(help="english, translation or text-only; the first two if none.")
    ] = None,
    without_errata: Annotated[
        bool, typer.Option("--without-errata", help="Leave out items with a correction that is open or accepted.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far each judge agrees with experts, and experts among themselves; blind labels only."""
    with outcome(as_json) as result:
        errata: Errata = "without" if without_errata else "with"
        wanted = ScoreFilter(
            models=tuple(model or ()),
            dimensions=tuple(dimension or ()),
            countries=tuple(country or ()),
            splits=splits_named(split),
            settings=tuple(setting or ()),
            errata=errata,
        )
        check_known_here(wanted, judge)
        keys = list(dict.fromkeys(part.strip() for part in by.split(",") if part.strip()))
        # Checked by `agreement_cells`, which names the one that is none.
        counting: Sequence[Pool] = pool or ["from"]  # type: ignore[assignment]
        _tell(result, _cells(wanted, judge, keys, counting))
        _tell_mixed(result, wanted, POOLS if pools else counting)
        if pools:
            _tell_pools(result, _pools(wanted, keys))


def _cells(wanted: ScoreFilter, judge: str | None, keys: list[str], pools: Sequence[Pool]) -> list[AgreementCell]:
    """Return the cells of each judge, or of the experts alone where there is no judge."""
    person = person_here()
    with reading() as session:
        names = [judge] if judge else [one.name for one in judges_here(session)]
        raters = [replace(wanted, judge=name) for name in names] or [replace(wanted, experts=True)]
        return [
            cell
            for rater in raters
            for cell in agreement_cells(session, person=person, wanted=rater, by=keys, pools=pools)
        ]


def _pools(wanted: ScoreFilter, keys: list[str]) -> list[PoolCell]:
    with reading() as session:
        return pool_cells(session, person=person_here(), wanted=replace(wanted, experts=True), by=keys)


def _tell(result: Outcome, found: list[AgreementCell]) -> None:
    result.fields["cells"] = [_fields(cell) for cell in found]
    for cell in found:
        judge = f"{cell.judge} {_words(cell.with_judge)}; " if cell.judge else ""
        verdict = _VERDICTS.get(cell.verdict, f"not tested: {cell.test.note}")
        result.say(f"{_keys(cell.keys)}: {judge}two experts {_words(cell.among_experts)}; {verdict}")
    if not found:
        result.say("No blind label yet that fits.")


def _tell_mixed(result: Outcome, wanted: ScoreFilter, pools: Sequence[Pool]) -> None:
    """Say which models, uses, settings and rounds stand together in the numbers, and which labels are left out."""
    with reading() as session:
        found = agreement_base(session, person=person_here(), wanted=replace(wanted, experts=True), pools=pools)
    mixed = found.mixed
    held = {"models": mixed.models, "splits": mixed.splits, "settings": mixed.settings, "rounds": mixed.rounds}
    result.fields["asked_for_left_out"] = found.asked_for
    result.fields["mixed"] = {**held, "with_errata": mixed.with_errata, "picked_by_hand": found.by_hand}
    several = [f"{len(entries)} {name}" for name, entries in held.items() if len(entries) > 1]
    several += [f"{mixed.with_errata} items with a correction"] if mixed.with_errata else []
    several += [f"{found.by_hand} responses picked by hand, each counted as one"] if found.by_hand else []
    if several:
        result.say(f"Mixed here: {', '.join(several)}.")
    if found.asked_for:
        result.say(f"Left out: {counted(found.asked_for, 'label')} asked for because experts differed.")


def _fields(cell: AgreementCell) -> dict[str, Any]:
    return {
        **cell.keys,
        "judge": cell.judge or None,
        **_compared_fields(cell.with_judge),
        "among_experts": _compared_fields(cell.among_experts),
        "test": {**asdict(cell.test), "q": cell.q, "verdict": cell.verdict},
        "unsaid": cell.unsaid,
        "given_back": cell.given_back,
        "worst": cell.worst,
        "best": cell.best,
    }


def _compared_fields(compared: Compared) -> dict[str, Any]:
    return {
        "n": compared.n,
        "labels": compared.labels,
        "experts": compared.experts,
        "families": compared.families,
        **{name: _statistic_fields(getattr(compared, name)) for name in _STATISTICS},
        "shares": compared.shares,
        "share_intervals": [[(one.low, one.high) for one in row] for row in compared.share_statistics()],
        "counts": compared.counts,
    }


def _statistic_fields(statistic: Statistic) -> dict[str, Any]:
    fields = {name: getattr(statistic, name) for name in ("value", "low", "high", "note")}
    return fields | {"method": method_of(statistic)}


def _tell_pools(result: Outcome, found: list[PoolCell]) -> None:
    result.fields["pools"] = [
        {**cell.keys, "first": cell.first, "second": cell.second, **_compared_fields(cell.compared)} for cell in found
    ]
    for cell in found:
        pair = f"{cell.first} among themselves" if cell.first == cell.second else f"{cell.first} with {cell.second}"
        result.say(f"{_keys(cell.keys)}, {pair}: {_words(cell.compared)}")


def _keys(keys: Mapping[str, Label]) -> str:
    return ", ".join("unknown" if label is None else str(label) for label in keys.values()) or "all"


def _words(compared: Compared) -> str:
    """Return one side's agreement in a line: its percentage, its interval, and what it rests on."""
    if compared.percent.value is None:
        return f"nothing to compare ({compared.percent.note})"
    low, high = compared.percent.low, compared.percent.high
    spread = compared.percent.note if low is None or high is None else f"{low:.1%} to {high:.1%}"
    base = f"{compared.n:,} responses of {compared.families:,} families"
    return f"{compared.percent.value:.1%} ({spread}), {base}, {_chance_words(compared)}"


def _chance_words(compared: Compared) -> str:
    """Return kappa, alpha and AC1, each as a number or with the reason why there is none."""
    statistics = {"kappa": compared.kappa, "alpha": compared.alpha, "AC1": compared.ac1}
    return ", ".join(
        f"{name} undefined ({one.note})" if one.value is None else f"{name} {one.value:.2f}"
        for name, one in statistics.items()
    )
