"""Write an item of one's own, or change one that was returned."""

from dataclasses import replace

import streamlit as st

from core.backgrounds import countries_known, reads
from core.benchmark.own_drafts import OWN_LANGUAGES, OwnDraft
from core.benchmark.own_items import change_own_item, propose_own_item
from core.benchmark.own_kept import forget_draft, keep_draft, kept_draft
from core.benchmark.own_lists import OwnView
from core.benchmark.own_pictures import kept_picture
from core.benchmark.places import known_places
from core.db import reading, transaction
from core.models import Person
from core.people import MAY_LEAD
from pages.components.address import put_in_address
from pages.components.own_items.own_form import form_id_of, is_begun, own_form, start_anew
from pages.components.own_items.while_typing import handed_over_while_typing
from pages.components.problems import user_errors_shown

# What is said on the list after something was sent.
SAID = "own-said"
# The form that began with what was typed before.
_AGAIN = "own-again"


def _first_draft(person: Person) -> tuple[OwnDraft, list[str]]:
    """Return an empty draft in the person's language, and the countries they may write about."""
    leads = person.role in MAY_LEAD
    with reading() as session:
        places = known_places(session) if leads else list(countries_known(session, person=person))
        languages = [code for code in sorted(reads(session, person=person)) if code in OWN_LANGUAGES and code != "en"]
    return OwnDraft(language=next(iter(languages), "en")), places


def write(person: Person) -> None:
    """Ask for a new item and propose it."""
    first, places = _first_draft(person)
    leave()
    if not places:
        st.info("You have named no country yet. Tell which ones you know, then write about one of them.")
        st.page_link("pages/people.py", label="Your profile", icon=":material/person:")
        return
    begun = _begun("new", first, person)
    with handed_over_while_typing():
        draft, content, sent = own_form("new", begun, places=places, any_place=person.role in MAY_LEAD, changes=False)
    if not sent:
        _keep("new", draft, begun, first, person)
        return
    with user_errors_shown(toast=True):
        picture = kept_picture(content)
        with transaction() as session:
            propose_own_item(session, person=person, draft=draft, picture=picture, form_id=form_id_of("new"))
            forget_draft(session, person=person, form="new")
    _done("new", "Thank you. A second person checks it before anything uses it.")


def change(view: OwnView, person: Person) -> None:
    """Ask for a returned item anew and send it again."""
    base = view.english.base_item_id
    _, places = _first_draft(person)
    leads = person.role in MAY_LEAD
    begun = _begun(base, view.draft, person)
    with handed_over_while_typing():
        draft, content, sent = own_form(base, begun, places=places, any_place=leads, changes=True)
    if not sent:
        _keep(base, draft, begun, view.draft, person)
        return
    with user_errors_shown(toast=True):
        picture = kept_picture(content) if content else None
        with transaction() as session:
            change_own_item(session, person=person, base_item_id=base, draft=draft, picture=picture)
            forget_draft(session, person=person, form=base)
    _done(base, "Sent again. A second person checks it.")


def _begun(form: str, first: OwnDraft, person: Person) -> OwnDraft:
    """Return what a form begins with: what was typed before a reload or in another window, else `first`."""
    with reading() as session:
        kept = kept_draft(session, person=person, form=form)
    if kept is None:
        return first
    form_id_of(form, kept.form_id)
    if not is_begun(form):
        st.session_state[_AGAIN] = form
    if st.session_state.get(_AGAIN) == form:
        _say_kept(form, person)
    return kept.draft


def _say_kept(form: str, person: Person) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("This is what you typed before and have not sent. Choose the picture again.", width="content")
        with st.popover("Throw it away", type="tertiary"):
            st.markdown("What you typed here cannot be brought back.")
            st.button("Throw it away", key="throw-away", on_click=_throw_away, args=(form, person))


def _throw_away(form: str, person: Person) -> None:
    with transaction() as session:
        forget_draft(session, person=person, form=form)
    st.session_state.pop(_AGAIN, None)
    start_anew(form)
    # Fields that stay on the screen would keep what the browser holds of them.
    put_in_address(new=None, item=None)


def _keep(form: str, draft: OwnDraft, begun: OwnDraft, first: OwnDraft, person: Person) -> None:
    """Keep what was typed since; `begun` is what is kept already, or `first`."""
    # Country and language are chosen by the form itself as it opens.
    is_untouched = begun == first == replace(draft, country=first.country, language=first.language)
    if draft != begun and not is_untouched:
        with transaction() as session:
            keep_draft(session, person=person, form=form, draft=draft, form_id=form_id_of(form))


def _done(form: str, words: str) -> None:
    start_anew(form)
    st.session_state.pop(_AGAIN, None)
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
