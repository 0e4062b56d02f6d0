"""A new sampling plan: the form, beside it what it would bring, and the button that freezes it."""

import streamlit as st

from core.config import settings
from core.db import reading, transaction
from core.judges import judges_here
from core.judging.freshness import scores_mark
from core.labels.plan_draws import Candidate, PlanWish
from core.labels.plan_frame import PlanChoices, candidates, plan_choices, responses_mark
from core.labels.plan_preview import Foreseen, foreseen
from core.labels.plans import LONGEST_NAME, check_wish, freeze_plan, suggested_name
from core.models import Person
from core.words import counted
from pages.components.plans.foreseen_view import foreseen_figures, foreseen_intervals, foreseen_people
from pages.components.plans.plan_form import AskedPlan, asked_plan
from pages.components.problems import user_errors_shown
from pages.components.stacked_columns import stacked_columns

# Large workspaces take seconds to draw from; people and their pace may be so much older.
_KEPT_S = 60.0


def new_plan(person: Person) -> None:
    """Draw the form and, beside it, what it would bring; freeze where that is pressed."""
    with reading() as session:
        mark = responses_mark(session)
    choices = _choices((settings().database_url, mark))
    if not choices.responses:
        _nothing_to_label()
        return
    with reading() as session:
        judges = judges_here(session)
    form, beside = stacked_columns([1, 1.35], key="new-plan")
    with form:
        asked = asked_plan(choices, judges)
    with beside:
        _beside(asked, mark, person)


def _nothing_to_label() -> None:
    st.info(
        "A plan draws from responses that experts can label: whole texts that answer a question with a norm. "
        "There are none yet. Collect a model's responses, or import some.",
        icon=":material/inbox:",
    )
    if st.button("Collect responses", type="primary", icon=":material/arrow_forward:"):
        st.switch_page("pages/judge.py", query_params={"part": "collect"})


def _beside(asked: AskedPlan, mark: str, person: Person) -> None:
    with user_errors_shown():
        check_wish(asked.wish)
        with reading() as session:
            names = sorted({name for name in (asked.judge, *asked.wish.differing) if name})
            scores = scores_mark(session, judges=names) if names else ""
        told_apart = (settings().database_url, mark, scores)
        found = _foreseen(told_apart, asked.wish, asked.judge, asked.seed, asked.experts_each, asked.overlap_share)
    if not found.responses:
        st.info("No response fits that can be labelled. Choose fewer conditions.", icon=":material/filter_alt_off:")
        return
    foreseen_figures(found)
    _freeze_part(asked, found, person)
    foreseen_people(found, experts_each=asked.experts_each if asked.overlap_share else 1)
    foreseen_intervals(found, judge=asked.judge)


def _freeze_part(asked: AskedPlan, found: Foreseen, person: Person) -> None:
    left, right = st.columns([1.4, 1], gap="small", vertical_alignment="bottom")
    with left:
        name = _name_field()
    pressed = right.button("Freeze the plan", type="primary", icon=":material/lock:", width="stretch")
    st.caption(
        f"Draws these {counted(found.responses, 'response')} for good. Experts then get them in their sessions; later "
        "imports and scores change nothing. A frozen plan can be ended, not changed."
    )
    if not pressed:
        return
    with user_errors_shown(), transaction() as session:
        plan = freeze_plan(
            session,
            wish=asked.wish,
            name=name,
            seed=asked.seed,
            author=person,
            experts_each=asked.experts_each,
            overlap_share=asked.overlap_share,
            retest_share=asked.retest_share,
        )
    st.query_params.from_dict({"plan": str(plan.id)})
    st.rerun()


def _name_field() -> str:
    with reading() as session:
        suggested = suggested_name(session)
    return st.text_input(
        "Name",
        suggested,
        max_chars=LONGEST_NAME,
        help="Experts see the number of a plan only: a name may tell a model, or what judges said.",
        key=f"plan-name-{suggested}",
    )


@st.cache_data(ttl=_KEPT_S, max_entries=4, show_spinner=False)
def _choices(told_apart: tuple[str, str]) -> PlanChoices:
    with reading() as session:
        return plan_choices(session)


@st.cache_data(ttl=_KEPT_S, max_entries=32, show_spinner="Drawing the sample")
def _foreseen(
    told_apart: tuple[str, str, str], wish: PlanWish, judge: str | None, seed: int, experts_each: int, overlap: float
) -> Foreseen:
    """The database and the marks of its responses and scores are there to tell one sample from another."""
    chosen = PlanWish(
        *(wish.models, wish.countries, wish.settings, wish.subsets, wish.splits, wish.rounds), differing=wish.differing
    )
    frame = _frame(told_apart, chosen, judge)
    with reading() as session:
        return foreseen(session, frame=frame, wish=wish, seed=seed, experts_each=experts_each, overlap=overlap)


# Not as data: that would be copied with every use, 80,000 responses of it.
@st.cache_resource(ttl=_KEPT_S, max_entries=2, show_spinner=False)
def _frame(told_apart: tuple[str, str, str], chosen: PlanWish, judge: str | None) -> list[Candidate]:
    with reading() as session:
        return candidates(session, chosen, judge=judge)
