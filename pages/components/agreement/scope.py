"""Whether corrected scores are of all countries or of each, and of which model: asked for, kept in the address."""

from dataclasses import replace

import streamlit as st

from core.db import reading
from core.measures.agreement_base import picked_by_hand
from core.measures.score_filter import ScoreFilter
from core.measures.scores import what_counts
from core.models import Person
from core.rubric import DIMENSIONS, RUBRIC
from pages.components.address import keep_in_address, put_in_address
from pages.components.failures.choice import Choice
from pages.components.failures.filters import mixed_line
from pages.components.failures.switch import switch
from pages.components.left_out import left_out_line
from pages.components.plain import visible
from pages.components.problems import user_errors_shown

_SCOPES = {"all": "All countries together", "country": "By country"}
_MODEL = "of-model"


def has_judge(wanted: ScoreFilter) -> bool:
    """Return whether there is a judge; say what to do where none is."""
    if wanted.judge and not wanted.experts:
        return True
    st.info(
        "No judge has scored anything yet. These numbers correct a judge's scores by what experts said.",
        icon=":material/gavel:",
    )
    if st.button("Let a judge score answers", key="agreement-go-judge"):
        st.switch_page("pages/judge.py")
    return False


def say_what_is_mixed(wanted: ScoreFilter, person: Person) -> None:
    """Say which of the judge's scores count, and what is mixed in them."""
    with user_errors_shown(), reading() as session:
        found = what_counts(session, person=person, wanted=wanted)
        by_hand = picked_by_hand(session, person=person, wanted=wanted)
    model = wanted.models[0] if len(wanted.models) == 1 else None
    mixed_line(found, Choice(wanted, model, found.models, (), (), ()), all_models=model is None, by_hand=by_hand)


def by_country() -> bool:
    """Ask whether numbers are of all countries together or of each."""
    return switch("scope", _SCOPES, label="Countries") == "country"


def of_one_dimension(wanted: ScoreFilter) -> ScoreFilter:
    """Ask for a dimension, of those wanted, and return the filter narrowed to it."""
    known: tuple[str, ...] = wanted.dimensions or DIMENSIONS
    titles = {str(name): words.title for name, words in RUBRIC.items() if name in known}
    return replace(wanted, dimensions=(switch("shown", titles, label="Dimension"),))


def of_one_model(wanted: ScoreFilter, person: Person) -> ScoreFilter:
    """Ask for a model, of those the judge has scored, and return the filter narrowed to it."""
    with user_errors_shown(), reading() as session:
        models = what_counts(session, person=person, wanted=wanted).models
    named = st.query_params.get(_MODEL, "")
    gone = [named] if named and named not in models else []
    left_out_line({"model": gone} if gone else {}, {"model": [("model", name) for name in models[:1]]})
    if len(models) < 2:
        return wanted
    place = models.index(named) if named in models else 0
    keep_in_address({_MODEL: models[place]})
    # By place: a name from data may read as one of our own words does.
    st.session_state[_MODEL] = place
    place = st.selectbox(
        "Model",
        list(range(len(models))),
        format_func=lambda place: visible(models[place]),
        key=_MODEL,
        on_change=lambda: put_in_address(**{_MODEL: models[st.session_state[_MODEL]]}),
        width=260,
    )
    return replace(wanted, models=(models[place],))
