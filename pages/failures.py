"""Failures: where models fail people, how sure that is, and the answers behind every number."""

from dataclasses import replace

import streamlit as st

from core.db import reading
from core.measures.agreement_base import picked_by_hand
from core.measures.scores import what_counts
from core.models import Person
from pages.components.address import given_in_address
from pages.components.failures.board_part import board_part
from pages.components.failures.breakdown_part import breakdown_part
from pages.components.failures.choice import Choice, choice_here, has_scored
from pages.components.failures.difference_part import compared_models, difference_part
from pages.components.failures.empty_states import nothing_fits, nothing_scored, rater_scored_nothing
from pages.components.failures.filters import filter_row, mixed_line
from pages.components.failures.methods import methods
from pages.components.failures.pattern_part import is_of_all_models, pattern_part
from pages.components.failures.report_button import report_button
from pages.components.failures.switch import switch
from pages.components.failures.time_part import time_part
from pages.components.failures.where_part import where_part
from pages.components.frame import page_frame
from pages.components.left_out import filter_in_address
from pages.components.problems import user_errors_shown

PARTS = {
    "where": ("By country", where_part),
    "models": ("All models", board_part),
    "patterns": ("How they fail", pattern_part),
    "difference": ("Two models", difference_part),
    "breakdown": ("By other things", breakdown_part),
    "time": ("Over time", time_part),
}


def numbers(choice: Choice, person: Person) -> None:
    """Draw what is mixed and the part looked at, or why there is none."""
    part = switch("part", {name: title for name, (title, _) in PARTS.items()}, label="What to look at")
    all_models = part == "models" or (part == "patterns" and is_of_all_models())
    models = compared_models(choice) if part == "difference" else choice.wanted.models
    wanted = choice.over_all if all_models else replace(choice.wanted, models=models)
    with user_errors_shown(), reading() as session:
        found = what_counts(session, person=person, wanted=wanted)
        by_hand = picked_by_hand(session, person=person, wanted=wanted) if wanted.experts else 0
        is_scored = bool(found.responses) or has_scored(session, person=person, wanted=choice.over_all)
    if not is_scored:
        rater_scored_nothing(choice)
    elif not found.responses:
        nothing_fits()
    else:
        mixed_line(found, choice, all_models=all_models, models=models, by_hand=by_hand)
        PARTS[part][1](choice, person)
        methods()
        report_button(choice.over_all, person)


person = page_frame("Failures", "Where models fail people, how sure that is, and the answers behind it", for_leads=True)
# The first number after a start reads all scores, which takes some seconds.
with user_errors_shown(), st.spinner("Reading the scores"), reading() as session:
    choice = choice_here(session, person=person, given=given_in_address())
if choice is None:
    nothing_scored()
else:
    filter_row(choice)
    filter_in_address(choice.left_out, choice.wanted)
    numbers(choice, person)
