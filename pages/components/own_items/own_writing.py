"""Write an item of one's own, or change one that was returned."""

import streamlit as st

from core.backgrounds import countries_known, reads
from core.benchmark.own_drafts import OWN_LANGUAGES, OwnDraft
from core.benchmark.own_items import change_own_item, propose_own_item
from core.benchmark.own_lists import OwnView
from core.benchmark.own_pictures import kept_picture
from core.benchmark.places import known_places
from core.db import reading, transaction
from core.models import Person
from core.people import MAY_LEAD
from pages.components.address import put_in_address
from pages.components.own_items.own_form import form_id_of, own_form, start_anew
from pages.components.problems import user_errors_shown

# What is said on the list after something was sent.
SAID = "own-said"


def _first_draft(person: Person) -> tuple[OwnDraft, list[str]]:
    """Return an empty draft in the person's language, and the countries they may write about."""
    leads = person.role in MAY_LEAD
    with reading() as session:
        places = known_places(session) if leads else list(countries_known(session, person=person))
        languages = [code for code in sorted(reads(session, person=person)) if code in OWN_LANGUAGES and code != "en"]
    return OwnDraft(language=next(iter(languages), "en")), places


def write(person: Person) -> None:
    """Ask for a new item and propose it."""
    draft, places = _first_draft(person)
    leave()
    if not places:
        st.info("You have named no country yet. Tell which ones you know, then write about one of them.")
        st.page_link("pages/people.py", label="Your profile", icon=":material/person:")
        return
    draft, content, sent = own_form("new", draft, places=places, any_place=person.role in MAY_LEAD, changes=False)
    if not sent:
        return
    with user_errors_shown(toast=True):
        picture = kept_picture(content)
        with transaction() as session:
            propose_own_item(session, person=person, draft=draft, picture=picture, form_id=form_id_of("new"))
    _done("new", "Thank you. A second person checks it before anything uses it.")


def change(view: OwnView, person: Person) -> None:
    """Ask for a returned item anew and send it again."""
    base = view.english.base_item_id
    _, places = _first_draft(person)
    leads = person.role in MAY_LEAD
    draft, content, sent = own_form(base, view.draft, places=places, any_place=leads, changes=True)
    if not sent:
        return
    with user_errors_shown(toast=True):
        picture = kept_picture(content) if content else None
        with transaction() as session:
            change_own_item(session, person=person, base_item_id=base, draft=draft, picture=picture)
    _done(base, "Sent again. A second person checks it.")


def _done(form: str, words: str) -> None:
    start_anew(form)
    st.session_state[SAID] = words
    put_in_address(new=None, item=None)
    st.rerun()


def leave() -> None:
    """Draw the way back to the list."""
    away = {"new": None, "item": None}
    st.button(
        "All own items",
        type="tertiary",
        icon=":material/arrow_back:",
        key="all",
        on_click=put_in_address,
        kwargs=away,
    )
