"""The row of filters of agreement, and what its numbers rest on and mix, said in a line."""

import streamlit as st

from core.measures.agreement_base import AgreementBase
from core.measures.mixed import by_hand_words, mixed_words
from core.words import counted
from pages.components.address import put_in_address
from pages.components.agreement.choice import AgreementChoice
from pages.components.failures.filter_fields import chips, fields_of_items, mixed_sentence, one_of
from pages.components.plain import plain


def filter_row(choice: AgreementChoice) -> None:
    """Draw which judge, model and items count."""
    wanted = choice.wanted
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        judge_field(choice)
        models, model = ("", *choice.models), next(iter(wanted.models), "")
        one_of("Answers by", models, model, _model_title, lambda one: put_in_address(model=one), width=195)
        fields_of_items(wanted, choice.settings, choice.splits)
    chips(wanted)


def judge_field(choice: AgreementChoice) -> None:
    """Draw which judge counts; nothing where there is none."""
    if choice.judges:
        one_of("Judge", choice.judges, choice.wanted.judge, str, lambda one: put_in_address(judge=one), width=195)


def mixed_line(base: AgreementBase, choice: AgreementChoice, *, who: str = "from the country") -> None:
    """Say how many labels by whom these numbers rest on, and what is mixed in them."""
    labels = f"{counted(base.labels, 'blind label')} by {counted(base.experts, 'expert')} {who}"
    responses = f"{counted(base.responses, 'answer')} to {counted(base.mixed.items, 'item')}"
    judge = f"; {plain(choice.wanted.judge)} scored {base.judged:,} of these answers" if choice.wanted.judge else ""
    models = [f"{len(base.mixed.models)} models"] if len(base.mixed.models) > 1 else []
    mixed = mixed_sentence([*models, *mixed_words(base.mixed), *by_hand_words(base.by_hand)])
    st.caption(f"{labels}, on {responses}{judge}. {mixed} {_asked_for_words(base.asked_for)}")


def _asked_for_words(labels: int) -> str:
    if not labels:
        return ""
    asked_for = f"{counted(labels, 'label')}, asked for because experts differed,"
    return f"{asked_for} {'is' if labels == 1 else 'are'} left out of these numbers."


def _model_title(model: str) -> str:
    return model or "All models"
