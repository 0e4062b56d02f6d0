"""One pair to decide: two texts with what differs, type and reason, checks, coverage of its country."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.models import Pair
from core.pairs.checks import Check
from core.pairs.contents import LONGEST_TEXT, PairChange
from core.pairs.lists import STATUS_WORDS, OpenPair, PairEvent
from core.pairs.word_diff import without, word_diff, worth_marking
from core.rubric import NEGATIVE_TYPES
from pages.components.item_head import item_head, split_note
from pages.components.pair_fields import negative_type_pills, reason_input
from pages.components.plain import plain
from pages.components.reading import reading_text

LOOKS = {"chosen": ("thumb_up", "blue"), "rejected": ("thumb_down", "orange")}
STATUS_LOOKS = {"proposed": ("pending", "gray"), "accepted": ("check", "green"), "rejected": ("close", "gray")}
Pressed = Literal["undo", "later", "rejected", "accepted"]


@dataclass
class PairForm:
    """What the person wants of the pair as the form stands."""

    change: PairChange
    swap: bool = False
    save: bool = False


def pair_view(opened: OpenPair, coverage: dict[str, int], history: list[PairEvent]) -> PairForm:
    """Draw the pair and return its form; nothing is saved here."""
    pair = opened.pair
    item_head(opened.item, key="paired", tools=lambda: _status(pair))
    split_note(opened.item)
    texts, swap, save = _texts(opened)
    left, middle, right = st.columns([1.35, 1.15, 1.1], gap="small")
    with left, st.container(border=True, height="stretch", gap="small"):
        kind = negative_type_pills(key=f"type-{_form(pair)}", default=pair.negative_type)
        reason = reason_input(key=f"reason-{_form(pair)}", default=pair.reason)
        if (kind, reason.strip()) != (pair.negative_type, pair.reason):
            save = st.button("Save type and reason", icon=":material/save:", key="save-fields") or save
    with middle, st.container(border=True, height="stretch", gap="small"):
        _checks(opened.checks)
    with right, st.container(border=True, height="stretch", gap="small"):
        _coverage(opened.item.country, coverage)
    if history:
        with st.expander("What happened to this pair", icon=":material/history:", type="compact"):
            for event in history:
                st.caption(f"{event.at:%Y-%m-%d %H:%M} UTC · {plain(event.person)} {event.words}")
    change = PairChange(negative_type=kind or "", reason=reason, **texts)
    return PairForm(change, swap=swap, save=save)


def seen_version(pair: Pair) -> int:
    """Return the version this person has before them; a newer one is taken only when they say so.

    Called before the form is drawn: without a form from before, the pair is opened now.
    """
    if f"reason-{_form(pair)}" not in st.session_state:
        _take(pair)
    return st.session_state[f"seen-{pair.id}"]


def newer_version(pair: Pair, form: PairForm) -> None:
    """Show what is stored beside what stands in the form, and ask which of the two goes on."""
    with st.container(border=True, gap="small"):
        st.markdown(
            ":yellow[:material/warning:] **Somebody changed this pair since you opened it.** Yours is not saved."
        )
        for side in LOOKS:
            if getattr(form.change, side) is not None:
                st.caption(f"The {side} answer as it is stored now")
                reading_text(getattr(pair, side), look="small", key=f"stored-{side}")
        kind, reason = pair.negative_type or "not given", plain(pair.reason or "not given")
        st.caption(f"Stored now: {STATUS_WORDS[pair.status]}, type of negative {kind}, reason: {reason}")
        with st.container(horizontal=True, gap="small"):
            st.button("Take the newer one", key="take-newer", on_click=start_anew, args=(pair.id,))
            st.button(
                "Keep mine, I have seen the newer one", type="tertiary", key="keep-mine", on_click=_take, args=(pair,)
            )


def decision_buttons(place: DeltaGenerator, pair_id: int) -> Pressed | None:
    """Draw the keys of the page and return the one that was pressed."""
    looks: tuple[tuple[Pressed, str, dict[str, Any]], ...] = (
        ("undo", "", {"icon": ":material/undo:", "type": "tertiary", "shortcut": "u", "help": "Undo"}),
        ("later", "Later", {"type": "tertiary", "shortcut": "l"}),
        ("rejected", "Turn down", {"icon": ":material/close:", "shortcut": "x"}),
        ("accepted", "Accept", {"icon": ":material/check:", "type": "primary", "shortcut": "a"}),
    )
    # The pair is part of the key: a second click that comes late does not decide the next pair.
    pressed = [name for name, words, look in looks if place.button(words, key=f"{name}-{pair_id}", **look)]
    return pressed[0] if pressed else None


def _take(pair: Pair) -> None:
    st.session_state[f"seen-{pair.id}"] = pair.version


def start_anew(pair_id: int) -> None:
    """Forget what stands in the form of a pair: it shows what is stored."""
    st.session_state.pop(f"seen-{pair_id}", None)
    for side in LOOKS:
        st.session_state.pop(f"editing-{pair_id}-{side}", None)
    st.session_state[f"form-{pair_id}"] = st.session_state.get(f"form-{pair_id}", 0) + 1


def _form(pair: Pair) -> str:
    return f"{pair.id}-{st.session_state.get(f'form-{pair.id}', 0)}"


def _status(pair: Pair) -> None:
    icon, colour = STATUS_LOOKS[pair.status]
    st.badge(STATUS_WORDS[pair.status], icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def _texts(opened: OpenPair) -> tuple[dict[str, str], bool, bool]:
    """Draw both sides; return the edited texts, and whether Swap or Save was pressed."""
    pair, edited = opened.pair, {}
    runs = word_diff(pair.rejected, pair.chosen)
    marked = worth_marking(runs)
    swap = save = False
    for column, (side, (icon, colour)) in zip(st.columns(2, gap="small"), LOOKS.items(), strict=True):
        editing = f"editing-{pair.id}-{side}"
        with column, st.container(border=True, height="stretch", gap="small"):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.badge(side, icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]
                st.caption(_origin(opened, side), width="content")
                st.space("stretch")
                if not st.session_state.get(editing):
                    st.button(
                        "Edit",
                        type="tertiary",
                        icon=":material/edit:",
                        key=f"edit-{side}",
                        on_click=_edit,
                        args=(editing,),
                    )
                if side == "rejected":
                    swap = st.button(
                        "Swap", type="tertiary", icon=":material/swap_horiz:", key=f"swap-{pair.id}", shortcut="s"
                    )
            if not st.session_state.get(editing):
                reading_text(
                    without("del" if side == "chosen" else "ins", runs) if marked else getattr(pair, side),
                    language=opened.item.language,
                    with_markdown=True,
                    key=f"pair-{side}",
                )
                continue
            edited[side] = st.text_area(
                f"The {side} answer",
                getattr(pair, side),
                height=240,
                max_chars=LONGEST_TEXT,
                key=f"{side}-{_form(pair)}",
                label_visibility="collapsed",
            )
            with st.container(horizontal=True, gap="small"):
                save = st.button("Save text", icon=":material/save:", key=f"save-{side}") or save
                st.button("Cancel", type="tertiary", key=f"cancel-{side}", on_click=start_anew, args=(pair.id,))
    if not marked:
        st.caption("The two texts are too different to mark where they differ.")
    return edited, swap, save


def _edit(editing: str) -> None:
    st.session_state[editing] = True


def _origin(opened: OpenPair, side: str) -> str:
    """Return where a text comes from; a model's name only where it is open to the person."""
    pair = opened.pair
    kind, author = getattr(pair, f"{side}_kind"), plain(getattr(pair, f"{side}_author"))
    if kind == "written":
        return f"written by {author}"
    if kind == "edited":
        return f"edited by {author} from a response"
    if kind == "drafted":
        return f"drafted by {author}"
    return f"{author}, as given" if side in opened.open_sides else "a response, model hidden"


def _checks(checks: tuple[Check, ...]) -> None:
    passed = sum(check.passed for check in checks)
    st.markdown(f"**Checks** · {passed} of {len(checks)} passed")
    for check in checks:
        look, icon = (
            ("green", "check_circle") if check.passed else ("red", "error") if check.needed else ("yellow", "warning")
        )
        st.markdown(f":{look}[:material/{icon}:] {plain(check.line)}")


def _coverage(country: str | None, coverage: dict[str, int]) -> None:
    st.markdown(f"**Accepted pairs of {plain(country or 'no known country')}**")
    counts = {name.capitalize(): coverage.get(name, 0) for name in NEGATIVE_TYPES}
    frame = pd.DataFrame({"Type": list(counts), "Pairs": list(counts.values())})
    bar = st.column_config.ProgressColumn(format="%d", min_value=0, max_value=max(1, *counts.values()))
    st.dataframe(frame, hide_index=True, column_config={"Pairs": bar})
