"""Who works here: people, invitations and counts for the leads; one's own profile for everybody."""

import streamlit as st

from core.people import MAY_LEAD, person_here
from pages.components.address import part_in_address
from pages.components.frame import page_frame, start_once
from pages.components.people.counts_part import counts_part
from pages.components.people.invitations_part import invitations_part
from pages.components.people.people_part import people_part
from pages.components.people.profile_part import profile_part

PARTS = {"people": "People", "invitations": "Invitations", "counts": "Counts", "profile": "Your profile"}

start_once()
person = page_frame("People" if person_here().role in MAY_LEAD else "Your profile")
if person.role not in MAY_LEAD:
    profile_part(person)
    st.stop()
part = part_in_address(PARTS, key="people-part")
if part == "invitations":
    invitations_part(person)
elif part == "counts":
    counts_part(person)
elif part == "profile":
    profile_part(person)
else:
    people_part(person)
