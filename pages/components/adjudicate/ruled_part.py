"""What comes once all is ruled: the judge and the model, a correction of the item, and the way on."""

import streamlit as st

from core.benchmark.errata import errata_of, open_errata, propose_erratum
from core.db import reading, transaction
from core.labels.disagreements import name_of
from core.labels.disputed import Disputed, RulingView
from core.labels.rulings import take_back_ruling
from core.models import Person, Ruling
from core.rubric import ERRATUM_TITLES, RUBRIC, ErratumKind
from pages.components.address import put_in_address
from pages.components.errata.words import ASKS
from pages.components.judging.open_closed import open_closed_button
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_KINDS: dict[str, ErratumKind] = {"norm_wrong": "norm_wrong", "not_shown": "not_shown"}


def ruled_part(found: Disputed, person: Person) -> None:
    """Draw what follows the last ruling of a response."""
    with st.container(border=True, gap="small"):
        _revealed(found, person)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Next",
                type="primary",
                icon=":material/arrow_forward:",
                shortcut="n",
                key=f"next-{name_of(found.about.response_id)}",
                on_click=put_in_address,
                kwargs={"response": None},
            )
            for name, view in found.rulings.items():
                if view.ruling.ruled_by != person.id:
                    _take_back_button(view, name, person)


def corrections_part(found: Disputed, person: Person) -> None:
    """Offer a correction of the item for each kind of fault that was ruled."""
    for ruling in _about_the_item(found):
        _correction(found, ruling, person)


def _revealed(found: Disputed, person: Person) -> None:
    others = sorted({plain(view.ruled_by) for view in found.rulings.values() if view.ruling.ruled_by != person.id})
    if others:
        st.markdown(f"Ruled by {' and '.join(others)}.")
    if not found.is_open:
        open_closed_button("the judge and the model", [found.about.response_id], person, key="open-judge")
        return
    st.markdown(f":green[:material/check_circle:] **Settled.** Written by {plain(found.model)}. {_compared(found)}")


def _compared(found: Disputed) -> str:
    """Return how the judges stand to the rulings that give a score."""
    if not found.judges:
        return "No judge has scored it."
    settled = {name: view.ruling.score for name, view in found.rulings.items() if view.ruling.score is not None}
    differing = [
        RUBRIC[name].title
        for name in RUBRIC
        if name in settled and any(word.scores.get(name) not in (None, settled[name]) for word in found.judges)
    ]
    if differing:
        return f"A judge differs from the ruling on: {', '.join(differing)}."
    return "Where you ruled, no judge differs." if settled else ""


def _take_back_button(view: RulingView, dimension: str, person: Person) -> None:
    title = next(words.title for name, words in RUBRIC.items() if name == dimension)
    with st.popover(f"Take back: {title}", type="tertiary", icon=":material/undo:"):
        st.markdown(f"This is the ruling of **{plain(view.ruled_by)}**, not yours.")
        st.caption("It stays on record as taken back.")
        if st.button("Take it back", key=f"take-back-{dimension}"):
            with user_errors_shown(), transaction() as session:
                take_back_ruling(session, person=person, ruling_id=view.ruling.id)
            st.rerun()


def _about_the_item(found: Disputed) -> list[Ruling]:
    """Return one ruling of each kind that faults the item."""
    rulings = [view.ruling for view in found.rulings.values()]
    return list({ruling.outcome: ruling for ruling in reversed(rulings) if ruling.outcome in _KINDS}.values())


def _is_proposed(item_id: str, kind: ErratumKind) -> bool:
    with reading() as session:
        proposed = open_errata(session, item_ids=[item_id])
        accepted = errata_of(session, item_ids=[item_id], status="accepted")
    return any(erratum.kind == kind for erratum in (*proposed, *accepted))


def _correction(found: Disputed, ruling: Ruling, person: Person) -> None:
    kind = _KINDS[ruling.outcome]
    with st.container(border=True, gap="small"):
        if _is_proposed(found.item.id, kind):
            st.markdown(f":material/edit_note: **{ERRATUM_TITLES[kind]}:** a correction of this item is proposed.")
            return
        st.markdown(
            f":material/edit_note: **{ERRATUM_TITLES[kind]}.** Propose a correction of the item, so that nobody is "
            "measured by it as it is. Others agree or disagree; the record itself stays."
        )
        wording = reason = ""
        if kind == "norm_wrong":
            wording = st.text_area(ASKS[kind], key="correction") or ""
        reason = st.text_input("What is wrong", ruling.reason, key=f"correction-reason-{kind}") or ""
        if st.button("Propose the correction", key=f"propose-{kind}"):
            with user_errors_shown(), transaction() as session:
                propose_erratum(
                    session,
                    person=person,
                    item_id=found.item.id,
                    kind=kind,
                    proposed=wording.strip() or None,
                    reason=reason,
                    form_id=f"ruling-{ruling.id}",
                )
            st.rerun()
