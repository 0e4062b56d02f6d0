"""One frozen plan: how far it is, what was wished, what it drew, its table, and its end."""

from functools import partial

import pandas as pd
import streamlit as st

from core.db import reading, transaction
from core.labels.plan_draws import PlanWish, Stratum
from core.labels.plan_progress import CountryProgress, PlanState
from core.labels.plan_rows import closed_count, open_planned, planned_rows, strata_of
from core.labels.plans import end_plan
from core.models import Person, SamplingPlan
from core.rubric import RUBRIC, SETTING_TITLES, SPLIT_TITLES
from core.words import counted
from pages.components.csv_table import csv_button, csv_text
from pages.components.facts import fact_box
from pages.components.item_words import SUBSET_TITLES
from pages.components.moment import moment_text
from pages.components.plain import plain
from pages.components.plans.plan_list import progress_bar
from pages.components.problems import user_errors_shown
from pages.components.stacked_columns import stacked_columns

_PROGRESS = ["Country", "Responses", "Answers", "Labelled", "Settled", "Left"]
_ELSEWHERE = "From elsewhere"
_STRATA = ["Group", "There are", "Drawn", "Chance of being drawn"]
_SHOWN_STRATA = 200


def plan_view(state: PlanState, person: Person) -> None:
    """Draw the plan and what can be done with it."""
    plan = state.plan
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(plan.name), anchor=False, width="content")
        if plan.ended_at:
            st.badge(f"ended {moment_text(plan.ended_at)}", icon=":material/event_busy:", color="gray")
        st.space("stretch")
        _table_buttons(plan, person)
        if not plan.ended_at and st.button("End the plan", icon=":material/event_busy:"):
            ask_to_end(plan, person)
    left, right = stacked_columns([1.5, 1], key="plan")
    with left:
        progress_bar(state.total)
        _progress_table(state)
    with right:
        fact_box("As it was frozen", _definition(plan))
    _strata(plan)


def rows_csv(plan: SamplingPlan, person: Person) -> str:
    """Return the plan's responses as CSV; of closed ones at most the item."""
    header = ["item", "response", "stratum", "inclusion_probability", "experts", "state"]
    with reading() as session:
        rows = planned_rows(session, plan=plan, person=person)
    return csv_text(
        header,
        [
            (
                *(row.item_id, row.response_id, row.stratum, row.inclusion_probability, row.experts),
                "open" if row.is_open else "closed to you",
            )
            for row in rows
        ],
    )


def _table_buttons(plan: SamplingPlan, person: Person) -> None:
    with reading() as session:
        closed = closed_count(session, plan=plan, person=person)
    if closed and st.button("Open all to me", icon=":material/visibility:", type="tertiary"):
        ask_to_open(plan, closed, person)
    csv_button("Responses as CSV", partial(rows_csv, plan, person), file_name=f"plan-{plan.id}.csv", key="plan-csv")


@st.dialog("Open all responses of this plan to you?")
def ask_to_open(plan: SamplingPlan, closed: int, person: Person) -> None:
    """Say what opening means, and open all responses of the plan where that is pressed."""
    st.markdown(
        f"The table names which response was drawn, and so tells its model and may tell what judges said. "
        f"{counted(closed, 'response')} of this plan {'is' if closed == 1 else 'are'} still closed to you. Labels "
        "you give to them after opening count as not blind and enter no headline number. If you label yourself, leave "
        "them closed: the CSV then names only their items."
    )
    if st.button("Open them", type="primary", icon=":material/visibility:"):
        with user_errors_shown(), transaction() as session:
            open_planned(session, plan=plan, person=person)
        st.rerun()


@st.dialog("End this plan?")
def ask_to_end(plan: SamplingPlan, person: Person) -> None:
    """Say what ending means, and end the plan where that is pressed."""
    st.markdown(
        f"Experts get no new responses from **{plain(plan.name)}**. Sessions under way go on, and what was labelled "
        "stays. It cannot be taken up again."
    )
    if st.button("End it", type="primary", icon=":material/event_busy:"):
        with user_errors_shown(), transaction() as session:
            end_plan(session, plan_id=plan.id, author=person)
        st.rerun()


def _progress_table(state: PlanState) -> None:
    table = pd.DataFrame([_progress_row(row) for row in state.countries], columns=_PROGRESS)
    words = (
        "Labelled: as many experts as wanted have answered. Settled: and nothing that they differ on waits for a "
        "ruling."
    )
    if state.total.from_elsewhere:
        table[_ELSEWHERE] = [f"{row.from_elsewhere:,}" for row in state.countries]
        words += f" {_ELSEWHERE}: answers of people from elsewhere, kept apart; they count towards nothing else here."
    st.table(table, hide_index=True, border="horizontal")
    st.caption(words)


def _progress_row(row: CountryProgress) -> list[str]:
    answers = f"{row.given:,} of {row.labels:,}"
    name = plain(row.country or "no country named")
    return [name, f"{row.responses:,}", answers, f"{row.labelled:,}", f"{row.settled:,}", f"{row.left:,}"]


def _strata(plan: SamplingPlan) -> None:
    with reading() as session:
        strata = strata_of(session, plan_id=plan.id)
    with st.expander(f"{counted(len(strata), 'group')} drawn from", icon=":material/stacks:"):
        rows = [_stratum_row(stratum) for stratum in strata[:_SHOWN_STRATA]]
        st.table(pd.DataFrame(rows, columns=_STRATA), hide_index=True, border="horizontal")
        if len(strata) > _SHOWN_STRATA:
            st.caption(f"The first {_SHOWN_STRATA}. All of them stand in the CSV.")
        st.caption("Every number made from the labels weighs a response by the inverse of its chance.")


def _stratum_row(stratum: Stratum) -> list[str]:
    share = stratum.sample / stratum.size
    return [plain(stratum.name), f"{stratum.size:,}", f"{stratum.sample:,}", f"{share:.1%}".replace("%", " %")]


def _definition(plan: SamplingPlan) -> dict[str, object]:
    """Return what was wished, in words; texts from data among it go through `plain()` when drawn."""
    wish = PlanWish.stored(plan.wish)
    facts: dict[str, object] = {
        "Which responses": "; ".join(_chosen(wish)) or "all that can be labelled",
        "How many": _amount(wish),
    }
    if wish.balance:
        dimensions = ", ".join(words.title.lower() for words in RUBRIC.values() if words.name in wish.balance)
        facts["More of what a judge said no to"] = (
            f"at least {wish.least_failing:,} in each country on {dimensions}, by {_judge(plan, wish.judge or '')}"
        )
    if wish.differing:
        facts["For certain"] = "every response on which these judges differ: " + " and ".join(
            _judge(plan, name) for name in wish.differing
        )
    several = f"{plan.experts_each} experts"
    shared = several if plan.overlap_share == 1 else f"{_percent(plan.overlap_share)} to {several}, the others to one"
    return facts | {
        "Each response goes to": shared if plan.experts_each > 1 and plan.overlap_share else "one expert",
        "Comes back to the same expert": f"{_percent(plan.retest_share)}, after a week",
        "Drawn": f"with seed {plan.seed}, {moment_text(plan.created_at)}",
    }


def _chosen(wish: PlanWish) -> list[str]:
    rounds = [f"round {number}" for number in wish.rounds]
    settings = [SETTING_TITLES.get(name, name) for name in wish.settings]
    subsets = [SUBSET_TITLES.get(name, name) for name in wish.subsets]
    splits = [SPLIT_TITLES.get(name, name) for name in wish.splits]
    return [", ".join(named) for named in (wish.models, wish.countries, settings, subsets, splits, rounds) if named]


def _amount(wish: PlanWish) -> str:
    within = ["country"] + ["model"] * wish.by_model + ["language"] * wish.by_language
    many = _percent(wish.share) if wish.share is not None else counted(wish.count or 0, "response")
    least = f", but at least {wish.least:,} of each country" if wish.least else ""
    return f"{many} of each {', '.join(within)}{least}"


def _judge(plan: SamplingPlan, name: str) -> str:
    version = plan.wish.get("judge_versions", {}).get(name)
    return f"{name} ({version})" if version else name


def _percent(share: float) -> str:
    return f"{share * 100:g} %"
