"""Everybody who works here, for the leads: by name, never in an order that would rank people."""

import streamlit as st

from core.backgrounds import ToldCountry, save_routing
from core.consent import CONSENT_TITLES, ConsentState
from core.db import reading, transaction
from core.models import CountryKnown, Person
from core.people import LONGEST_NAME, ROLE_TITLES, add_person, change_role, needs_admin_for, needs_lead
from core.people_shown import PersonShown, people_shown, person_shown
from core.rubric import Role
from core.words import counted
from pages.components.address import put_in_address
from pages.components.pages import page_count, page_in_address, page_switch
from pages.components.people.background_fields import countries_fields, language_field, language_name
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_ON_A_PAGE = 20
_COLOURS: dict[ConsentState, str] = {"given": "green", "older": "yellow", "none": "yellow", "withdrawn": "gray"}


def people_part(person: Person) -> None:
    """Draw everybody, or the one person the address names."""
    if pseudonym := st.query_params.get("person"):
        with user_errors_shown(), reading() as session:
            shown = person_shown(session, author=person, pseudonym=pseudonym)
        _one(shown, person)
        return
    with user_errors_shown(), reading() as session:
        everybody = people_shown(session, author=person)
    _begin(is_alone=len(everybody) == 1)
    st.caption(
        "Names are for leads only. Until sign-in is built, whoever uses this computer can work under any name: "
        "the names tell people apart and protect nothing."
    )
    pages = page_count(len(everybody), _ON_A_PAGE)
    first = (page_in_address(pages) - 1) * _ON_A_PAGE
    for shown in everybody[first : first + _ON_A_PAGE]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            _row(shown)
    page_switch(pages)
    _add_by_hand(person)


def _begin(*, is_alone: bool) -> None:
    st.button(
        "Invite somebody",
        type="primary",
        icon=":material/add_link:",
        key="to-invitations",
        on_click=put_in_address,
        kwargs={"part": "invitations"},
    )
    if is_alone:
        st.info(
            "You are alone here. Make a link and send it to an expert: whoever opens it says where "
            "they are from and what they read, and can begin at once.",
            icon=":material/group_add:",
        )


def _country_words(known: CountryKnown) -> str:
    """Return such as "Iran (from there, 20 years)"; years nobody said are left out. Not yet inert."""
    how = "from there" if known.is_from else "knows it"
    years = "" if known.years_lived is None else f", {counted(known.years_lived, 'year')}"
    return f"{known.country} ({how}{years})"


def _row(shown: PersonShown) -> None:
    person = shown.person
    st.markdown(
        f"**{plain(person.name)}**  \n:small[:gray[{plain(person.pseudonym)} · {plain(person.role)}]]", width=230
    )
    countries = ", ".join(_country_words(known) for known in shown.countries) or "no country yet"
    languages = ", ".join(language_name(code) for code in shown.languages) or "no language yet"
    st.markdown(f"{plain(countries)}  \n:small[:gray[reads {plain(languages)}]]", width="stretch")
    with st.container(width=200, gap="xxsmall"):
        st.badge(CONSENT_TITLES[shown.consent], color=_COLOURS[shown.consent])  # type: ignore[arg-type]
        st.caption(f"{counted(shown.labelled, 'response')} labelled")
    st.button("Open", key=f"open-{person.pseudonym}", on_click=put_in_address, kwargs={"person": person.pseudonym})


def _one(shown: PersonShown, author: Person) -> None:
    person = shown.person
    st.button(
        "All people", type="tertiary", icon=":material/arrow_back:", on_click=put_in_address, kwargs={"person": None}
    )
    st.subheader(plain(person.name), anchor=False)
    st.caption(
        f"{plain(person.pseudonym)} · {CONSENT_TITLES[shown.consent]} · {counted(shown.labelled, 'response')} labelled"
    )
    if shown.conflicts:
        st.markdown(f"**Conflicts of interest**  \n{plain(shown.conflicts)}")
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        _role_form(person, author)
    with right:
        _routing_form(shown, author)


def role_field(held: str, *, key: str, author: Person) -> Role:
    """Ask for a role; admin is offered to admins only."""
    offered = [role for role in ROLE_TITLES if role != "admin" or "admin" in (author.role, held)]
    place = next((place for place, role in enumerate(offered) if role == held), 0)
    return st.selectbox("Role", offered, index=place, format_func=ROLE_TITLES.__getitem__, key=key)


def _role_form(person: Person, author: Person) -> None:
    with st.form(f"role-{person.pseudonym}", border=False):
        role = role_field(person.role, key=f"role-of-{person.pseudonym}", author=author)
        pressed = st.form_submit_button("Save role")
    if pressed:
        with user_errors_shown(), transaction() as session:
            change_role(session, author=author, person_id=person.id, role=role)
        st.rerun()


def _routing_form(shown: PersonShown, author: Person) -> None:
    if shown.consent == "withdrawn":
        st.info("This person has withdrawn. What they told of themselves is deleted.")
        return
    st.markdown("**What decides which responses they get**  \n:small[:gray[Region and faith are theirs alone to see.]]")
    key = f"routing-{shown.person.pseudonym}"
    held = [ToldCountry(known.country, known.is_from, known.years_lived) for known in shown.countries]
    countries = countries_fields(held, key=key, who="they")
    languages = language_field(shown.languages, key=key, title="Languages they read well")
    if st.button("Save", key=f"save-{key}"):
        with user_errors_shown(), transaction() as session:
            save_routing(session, author=author, person=shown.person, countries=countries, languages=languages)
        st.toast("Saved", icon=":material/check:")


def _add_by_hand(author: Person) -> None:
    with st.expander("Add somebody without a link", icon=":material/person_add:"), st.form("add", border=False):
        st.caption("They work on this computer under their name, and are asked to agree when they open Your profile.")
        name = st.text_input("Name", max_chars=LONGEST_NAME, key="add-name")
        role = role_field("expert", key="add-role", author=author)
        if st.form_submit_button("Add"):
            with user_errors_shown(), transaction() as session:
                needs_lead(author, "add people")
                needs_admin_for(author, role)
                added = add_person(session, name=name, role=role)
            put_in_address(person=added.pseudonym)
            st.rerun()
