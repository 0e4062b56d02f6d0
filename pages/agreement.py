"""Agreement: whether a judge is to be believed, held against experts, and experts against each other."""

from collections.abc import Callable

import streamlit as st

from core.db import reading
from core.models import Person
from pages.components.address import given_in_address
from pages.components.agreement.choice import AgreementChoice, choice_here
from pages.components.agreement.corrected_part import draw_corrected
from pages.components.agreement.filters import filter_row, judge_field
from pages.components.agreement.judge_part import judge_part
from pages.components.agreement.next_labels_part import draw_next_labels
from pages.components.agreement.second_looks_part import draw_second_looks
from pages.components.failures.switch import switch
from pages.components.frame import page_frame
from pages.components.left_out import filter_in_address
from pages.components.problems import user_errors_shown

PARTS: dict[str, tuple[str, Callable[[AgreementChoice, Person], None]]] = {
    "judge": ("Judge and experts", judge_part),
    "corrected": ("Corrected scores", lambda choice, person: draw_corrected(choice.wanted, person)),
    "next": ("What to label next", lambda choice, person: draw_next_labels(choice.wanted, person)),
    "second": ("Second looks", lambda choice, person: draw_second_looks(person, choice.wanted.judge or None)),
}
UNFILTERED = "second"

person = page_frame("Agreement", "Whether a judge is to be believed, held against the people who know", for_leads=True)
with user_errors_shown(), st.spinner("Reading scores and labels"), reading() as session:
    choice = choice_here(session, person=person, given=given_in_address())
part = switch("part", {name: title for name, (title, _) in PARTS.items()}, label="Part")
if part != UNFILTERED:
    filter_row(choice)
else:
    judge_field(choice)
filter_in_address(choice.left_out, choice.wanted)
PARTS[part][1](choice, person)
