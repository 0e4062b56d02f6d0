"""What every page starts with: title, styles, who is here, and the word that a sample workspace is one."""

import gc

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.db import migrate, reading
from core.models import Person
from core.people import MAY_LEAD, ask_browser, person_here
from core.sample_workspace import sample_is_loaded
from pages.components.address import forget_kept
from pages.components.people.remember import browser_says
from pages.components.people.who_is_here import ask_who_it_is, who_is_here

# Constant styles; no data goes in here.
_STYLE = """<style>
[data-testid="stMainBlockContainer"] {max-width: 1240px; padding-left: 1.75rem; padding-right: 1.75rem;}
[data-testid="stMainBlockContainer"] h1 {padding: 0.1rem 0 0.2rem; letter-spacing: -0.01em;}
[data-testid="stMetric"] label p, [data-testid="stCaptionContainer"] p {font-size: 0.8125rem;}
[data-testid="stCaptionContainer"] {opacity: 0.75;}
button kbd {opacity: 0.85 !important;}
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"] > style) {display: none;}
[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input {unicode-bidi: plaintext; text-align: start;}
.st-key-who-is-here {position: fixed; top: 0.6rem; right: 3.25rem; z-index: 1000000; width: auto;}
@media (max-width: 1080px) {.st-key-who-is-here {top: 3.4rem; right: 1rem;}}
@media (max-width: 900px) {
 [data-testid="stMainBlockContainer"] {padding-left: 1rem; padding-right: 1rem;}
}
</style>"""
# Streamlit writes white on the primary colour whatever it is; on the dark theme's light one that cannot be read.
_DARK_STYLE = """<style>
[data-testid="stBaseButton-primary"]:enabled, [data-testid="stBaseButton-primary"]:enabled * {color: #10262E;}
[data-testid="stBaseButton-primaryFormSubmit"], [data-testid="stBaseButton-primaryFormSubmit"] * {color: #10262E;}
[data-testid="stMultiSelect"]:not(:has(input:disabled)) [data-tag],
[data-testid="stMultiSelect"]:not(:has(input:disabled)) [data-tag] * {color: #10262E;}
</style>"""

# Our own picture as the icon of the tab: for the symbol of a page Streamlit would ask a server of fonts.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#1D4F63" stroke-width="4">'
    '<circle cx="12" cy="16" r="9"/><circle cx="20" cy="16" r="9"/></svg>'
)
# The same with the product's name; the colour stands out from both themes.
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 168 32" fill="none" stroke="{colour}" stroke-width="3">'
    '<circle cx="11" cy="16" r="8"/><circle cx="19" cy="16" r="8"/><text x="36" y="21" fill="{colour}" stroke="none" '
    'font-family="Source Sans, sans-serif" font-size="16" font-weight="650">CROSS Review</text></svg>'
)

ask_browser(browser_says)

SAMPLE_NOTICE = "sample workspace: written for illustration, not measurements"


@st.cache_resource
def start_once() -> None:
    """Bring the database up to date, then set aside what the imports left in memory.

    A whole collection of garbage goes through every object there is, those of the imports too, which never go: about
    50 ms each time, in which no page answers. Frozen, they are passed over.
    """
    migrate()
    gc.collect()
    gc.freeze()


def page_frame(title: str, line: str = "", *, for_leads: bool = False, is_guest: bool = False) -> Person:
    """Draw the head of a page and return who is here.

    Every page calls this, or `page_with_actions`, first: a page may be opened by its address before `app.py` ever ran.

    Args:
        title: our own words.
        line: one grey line under the title; texts from data in it must have gone through `plain()`.
        for_leads: whether experts are sent away; a menu without the page is no protection, its address can be typed.
        is_guest: whether whoever opens the page may be nobody yet: then nothing is said or asked of who is here.
    """
    person = _begin(title, is_guest)
    st.title(title, anchor=False)
    if line:
        st.caption(line)
    _let_in(person, for_leads)
    return person


def page_with_actions(title: str, *, for_leads: bool = False) -> tuple[Person, DeltaGenerator]:
    """Draw the head of a page; return who is here, and the place for buttons at the right of the title."""
    person = _begin(title)
    left, right = st.columns([1.2, 1], vertical_alignment="bottom")
    left.title(title, anchor=False)
    _let_in(person, for_leads)
    return person, right.container(horizontal=True, horizontal_alignment="right", gap="small")


def _begin(title: str, is_guest: bool = False) -> Person:
    dark = st.context.theme.type == "dark"
    st.set_page_config(page_title=f"{title} · CROSS Review", page_icon=ICON, layout="wide", initial_sidebar_state=232)
    start_once()
    st.html(_STYLE + (_DARK_STYLE if dark else ""))
    st.logo(LOGO.format(colour="#8CC3D6" if dark else "#1D4F63"), size="large")
    forget_kept()
    person = person_here()
    if not is_guest:
        if person.id is None:
            ask_who_it_is()
            st.stop()
        who_is_here(person)
    with reading() as session:
        sample = sample_is_loaded(session)
    if sample:
        st.badge(SAMPLE_NOTICE, icon=":material/info:", color="yellow")
    return person


def _let_in(person: Person, for_leads: bool) -> None:
    if for_leads and person.role not in MAY_LEAD:
        st.info("This page is for the leads of this project. Your work is under Review.", icon=":material/lock:")
        st.stop()
