"""Tell what is wrong with an item, and how it should read."""

import uuid

import streamlit as st

from core.benchmark.corrected import FIELDS, CorrectedItem
from core.benchmark.errata import propose_erratum
from core.benchmark.errata_checks import LONGEST_PROPOSAL, LONGEST_REASON
from core.benchmark.places import known_places
from core.db import reading, transaction
from core.models import Item, Person
from core.rubric import DOMAIN_TITLES, ERRATUM_TITLES, ErratumKind
from pages.components.errata.words import ASKS
from pages.components.plain import visible
from pages.components.problems import user_errors_shown


def propose_form(item: Item, now: CorrectedItem, person: Person) -> bool:
    """Draw the form for one item and return whether a correction was just proposed; a problem keeps what was typed."""
    kinds = [kind for kind in ERRATUM_TITLES if kind != "translation_bad" or item.query != item.query_english]
    kind = st.pills(
        "What is wrong?", kinds, format_func=ERRATUM_TITLES.__getitem__, key=_key(item, "kind"), default=None
    )
    if kind is None:
        return False
    proposed = _proposed(item, now, kind)
    reason = st.text_area(
        "Why? A sentence or two, for whoever agrees or disagrees",
        max_chars=LONGEST_REASON,
        height=90,
        key=_key(item, "reason"),
    )
    if not st.button("Propose this correction", type="primary", icon=":material/send:", key=_key(item, "send")):
        return False
    with user_errors_shown(), transaction() as session:
        propose_erratum(
            session,
            person=person,
            item_id=item.id,
            kind=kind,
            proposed=proposed,
            reason=reason,
            form_id=st.session_state.setdefault(_key(item, "form"), uuid.uuid4().hex),
        )
    start_anew(item.id)
    return True


def start_anew(item_id: str) -> None:
    """Forget what stands in the form of an item."""
    for name in [name for name in st.session_state if str(name).startswith(f"erratum-{item_id}-")]:
        del st.session_state[name]


def _key(item: Item, name: str) -> str:
    return f"erratum-{item.id}-{name}"


def _proposed(item: Item, now: CorrectedItem, kind: ErratumKind) -> str | None:
    if kind == "not_shown":
        return None
    if kind == "domain":
        domains = [name for name in DOMAIN_TITLES if name != now.domain]
        return st.pills(ASKS[kind], domains, format_func=DOMAIN_TITLES.__getitem__, key=_key(item, "domain"))
    if kind == "wrong_country":
        with reading() as session:
            places = [name for name in known_places(session) if name != now.country]
        return st.selectbox(ASKS[kind], places, index=None, format_func=visible, width=320, key=_key(item, "country"))
    return st.text_area(
        ASKS[kind], getattr(now, FIELDS[kind]) or "", max_chars=LONGEST_PROPOSAL, height=140, key=_key(item, kind)
    )
