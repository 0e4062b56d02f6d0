"""The row of filters of numbers, and what they mix, said in a line; a change goes to the address at once."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.benchmark.items import UNKNOWN
from core.measures.score_filter import CHOSEN_BY, ScoreFilter
from core.measures.scores import Counted
from core.rubric import SPLIT_TITLES
from pages.components.address import put_in_address
from pages.components.failures.cell_words import KEY_TITLES, label_title
from pages.components.failures.choice import Choice
from pages.components.item_words import SETTING_TITLES
from pages.components.plain import plain, visible
from pages.components.words import counted

_SPLIT_WORDS = {"held_out": "held-out", "training_pool": "training", "quarantined": "quarantined"}
# Those without a field of their own come from links, and show as chips.
_BY_LINK = ("countries", "dimensions", "domains", "languages", "regions", "subsets", "rounds")


def filter_row(choice: Choice) -> None:
    """Draw whose scores of which model, setting, use and corrections count; "" stands for all, or the experts."""
    wanted = choice.over_all
    setting, split = next(iter(wanted.settings), ""), next(iter(wanted.splits), "")
    errata = "without" if wanted.errata == "without" else ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _field("Scores by", [*choice.judges, ""], wanted.judge, _rater_title, _put_rater, width=195)
        if choice.models:
            _field("Model", choice.models, choice.model or "", str, lambda one: put_in_address(model=one), width=195)
        settings = ("", *choice.settings)
        _field("Setting", settings, setting, _setting_title, lambda one: put_in_address(setting=one), width=185)
        splits = ("", *choice.splits)
        _field("Use", splits, split, _split_title, lambda one: put_in_address(split=one), width=170)
        both = ("", "without")
        _field("Items with corrections", both, errata, _errata_title, lambda one: put_in_address(errata=one), width=165)
    _chips(wanted)


def gone_line(choice: Choice) -> None:
    """Say which judge or model of the address is not here, so that nobody takes others' numbers for theirs."""
    if choice.gone:
        names = " and ".join(plain(name) for name in choice.gone)
        instead = f"{plain(choice.rater_words)}{f' of {plain(choice.model)}' if choice.model else ''}"
        st.warning(f"No numbers of {names} fit here. Shown instead: {instead}.", icon=":material/info:")


def mixed_line(found: Counted, choice: Choice, *, all_models: bool) -> None:
    """Say whose scores of how many responses these are, and what is mixed in them."""
    what = "all models" if all_models else str(choice.model)
    whose = f"{choice.rater_words[0].upper()}{choice.rater_words[1:]}"
    base = f"{counted(found.responses, 'response')} of {plain(what)} to {counted(found.items, 'item')}"
    mixed = _mixed(found)
    st.caption(f"{plain(whose)}: {base}. {'Mixed here: ' + '; '.join(mixed) if mixed else 'Nothing is mixed'}.")


def _mixed(found: Counted) -> list[str]:
    told = []
    if len(found.settings) > 1:
        told.append(" and ".join(SETTING_TITLES[name] for name in found.settings).capitalize())
    if len(found.splits) > 1:
        told.append(f"{_listed([_SPLIT_WORDS[name] for name in found.splits])} items")
    if len(found.rounds) > 1:
        told.append(f"rounds {', '.join(str(number) for number in found.rounds)}")
    if found.with_errata:
        told.append(f"{counted(found.with_errata, 'item')} with a correction proposed or accepted")
    return told


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _field(
    label: str,
    entries: Sequence[str],
    chosen: str,
    title: Callable[[str], str],
    put: Callable[[str], None],
    *,
    width: int,
) -> None:
    key = f"score-{label}"
    # By place: a name from data may read as one of our own words does.
    st.session_state[key] = list(entries).index(chosen)
    st.selectbox(
        label,
        list(range(len(entries))),
        format_func=lambda place: visible(title(entries[place])),
        key=key,
        on_change=lambda: put(entries[st.session_state[key]]),
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
                key=f"score-chip-{key}",
                on_click=put_in_address,
                kwargs={key: None},
                help="Take it away",
            )


def _put_rater(judge: str) -> None:
    put_in_address(judge=judge, experts=None if judge else "yes")


def _rater_title(judge: str) -> str:
    return f"Judge {judge}" if judge else "Experts from the country"


def _setting_title(setting: str) -> str:
    return SETTING_TITLES[setting] if setting else "English and translation"


def _split_title(split: str) -> str:
    return SPLIT_TITLES[split].capitalize() if split else "All items"


def _errata_title(errata: str) -> str:
    return "Left out" if errata else "Count too"
