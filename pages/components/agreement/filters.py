"""The row of filters of agreement, and what its numbers mix, said in a line; a change goes to the address at once."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.benchmark.items import UNKNOWN
from core.measures.agreement_base import AgreementBase
from core.measures.score_filter import CHOSEN_BY, ScoreFilter
from core.rubric import SPLIT_TITLES
from pages.components.address import put_in_address
from pages.components.agreement.choice import AgreementChoice
from pages.components.failures.cell_words import KEY_TITLES, label_title
from pages.components.item_words import SETTING_TITLES
from pages.components.plain import plain, visible
from pages.components.words import counted

_SPLIT_WORDS = {"held_out": "held-out", "training_pool": "training", "quarantined": "quarantined"}
# Those without a field of their own come from links, and show as chips.
_BY_LINK = ("countries", "dimensions", "domains", "languages", "regions", "subsets", "rounds")


def filter_row(choice: AgreementChoice) -> None:
    """Draw which judge, model, setting, use and corrections count; "" stands for all."""
    wanted = choice.wanted
    chosen = {
        "setting": next(iter(wanted.settings), ""),
        "split": next(iter(wanted.splits), ""),
        "errata": "without" if wanted.errata == "without" else "",
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if choice.judges:
            _field("Judge", choice.judges, wanted.judge, str, name="judge", width=195)
        models = ("", *choice.models)
        _field("Answers by", models, next(iter(wanted.models), ""), _or("All models", str), name="model", width=195)
        settings = ("", *choice.settings)
        both = _or("English and translation", SETTING_TITLES.__getitem__)
        _field("Setting", settings, chosen["setting"], both, name="setting", width=185)
        splits = ("", *choice.splits)
        use = _or("All items", lambda split: SPLIT_TITLES[split].capitalize())
        _field("Use", splits, chosen["split"], use, name="split", width=170)
        errata = _or("Count too", lambda _: "Left out")
        _field("Items with corrections", ("", "without"), chosen["errata"], errata, name="errata", width=165)
    _chips(wanted)


def mixed_line(base: AgreementBase, choice: AgreementChoice, *, who: str = "from the country") -> None:
    """Say how many labels by whom these numbers rest on, and what is mixed in them."""
    labels = f"{counted(base.labels, 'blind label')} by {counted(base.experts, 'expert')} {who}"
    responses = f"{counted(base.responses, 'answer')} to {counted(base.mixed.items, 'item')}"
    judge = f"; {plain(choice.wanted.judge)} scored {base.judged:,} of these answers" if choice.wanted.judge else ""
    mixed = _mixed(base)
    st.caption(
        f"{labels}, on {responses}{judge}. {'Mixed here: ' + '; '.join(mixed) if mixed else 'Nothing is mixed'}."
    )


def _mixed(base: AgreementBase) -> list[str]:
    found, told = base.mixed, []
    if len(found.models) > 1:
        told.append(f"{len(found.models)} models")
    if len(found.settings) > 1:
        told.append(" and ".join(SETTING_TITLES[name] for name in found.settings).capitalize())
    if len(found.splits) > 1:
        told.append(f"{' and '.join(_SPLIT_WORDS[name] for name in found.splits)} items")
    if len(found.rounds) > 1:
        told.append(f"rounds {', '.join(str(number) for number in found.rounds)}")
    if found.with_errata:
        told.append(f"{counted(found.with_errata, 'item')} with a correction proposed or accepted")
    if base.by_hand:
        told.append(f"{counted(base.by_hand, 'answer')} picked by hand, each counted as one")
    return told


def _or(all_words: str, title: Callable[[str], str]) -> Callable[[str], str]:
    return lambda entry: title(entry) if entry else all_words


def _field(
    label: str, entries: Sequence[str], chosen: str, title: Callable[[str], str], *, name: str, width: int
) -> None:
    key = f"agreement-{name}"
    # By place: a name from data may read as one of our own words does.
    st.session_state[key] = list(entries).index(chosen)
    st.selectbox(
        label,
        list(range(len(entries))),
        format_func=lambda place: visible(title(entries[place])),
        key=key,
        on_change=lambda: put_in_address(**{name: entries[st.session_state[key]]}),
        width=width,
    )


def _chips(wanted: ScoreFilter) -> None:
    in_force = {name: getattr(wanted, name) for name in _BY_LINK if getattr(wanted, name)}
    if not in_force:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name, entries in in_force.items():
            key = CHOSEN_BY[name]
            words = ", ".join(plain(label_title(key, None if one == UNKNOWN else one)) for one in entries)
            st.button(
                f"{KEY_TITLES[key]}: {words}",
                icon=":material/close:",
                key=f"agreement-chip-{key}",
                on_click=put_in_address,
                kwargs={key: None},
                help="Take it away",
            )
