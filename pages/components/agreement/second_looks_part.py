"""How steady experts are: what the judge does to answers once it is shown, and answers given twice."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.db import reading
from core.judges import judges_here
from core.measures.family_intervals import Statistic
from core.measures.mixed import mixed_words
from core.measures.scores import Counted
from core.measures.second_looks import Anchoring, Retest, anchoring, looked_at, retests
from core.measures.statistics import FEWEST_FOR_INTERVAL
from core.models import Person
from core.people_shown import LEAST_PEOPLE
from core.rubric import RUBRIC
from core.words import counted
from pages.components.csv_table import frame_button
from pages.components.failures.filter_fields import mixed_sentence
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_ABOUT = (
    "Letters stand for people, in a mixed order and another one when somebody joins: this is to see whether one "
    "person's habit makes a number, not to compare people."
)


def draw_second_looks(person: Person, judge: str | None = None) -> None:
    """Draw what became of answers once a judge was shown, and how often answers were the same a week later.

    Args:
        person: who looks.
        judge: whose scores were shown; the one the address names, or the first, if none is given.
    """
    with user_errors_shown(), reading() as session:
        names = [one.name for one in judges_here(session)]
        asked = judge or st.query_params.get("judge", "")
        chosen = asked if asked in names else next(iter(names), None)
        moved = anchoring(session, person=person, judge=chosen, by_expert=True) if chosen is not None else []
        again = retests(session, person=person, by_expert=True)
        found = looked_at(session, person=person, judge=chosen)
    if moved or again:
        _mixed_line(found)
    _moved_part(moved, chosen, is_one_of_several=len(names) > 1)
    _again_part(again)


def _mixed_line(found: Counted) -> None:
    """Say which answers all these numbers are of, and what is mixed in them."""
    models = f"of {counted(len(found.models), 'model')} to {counted(found.items, 'item')}"
    mixed = mixed_sentence(mixed_words(found))
    st.caption(f"All second looks there are: at {counted(found.responses, 'answer')} {models}. {mixed}")


def _moved_part(found: Sequence[Anchoring], judge: str | None, *, is_one_of_several: bool) -> None:
    st.markdown("**After the judge was shown**")
    st.caption(
        "Experts answer first without the judge and may then change an answer. Where most changes go to the judge's "
        "score, it pulls people along. All other numbers use the first answers only."
    )
    if not found or judge is None:
        _too_few("have answered where a judge's score was then shown")
        return
    whole = [one for one in found if one.expert is None]
    frame = pd.DataFrame([_moved_row(one, judge) for one in whole])
    st.table(frame.drop(columns="Judge"), hide_index=True, border="horizontal")
    st.caption(
        f"Judge {plain(judge)}, with the scores that stood when the answers were given. {_others(is_one_of_several)}"
        f"In brackets the 95 % interval and what it is of; under {FEWEST_FOR_INTERVAL} families of questions there is "
        "none, and no share. Answers given after seeing the judge are counted in the last column only."
    )
    frame_button(frame, file_name="after-the-judge.csv", key="second-looks-moved-csv")
    with st.expander("Each expert", icon=":material/group:"):
        st.caption(_ABOUT)
        rows = [_moved_row(one, judge) for one in found if one.expert is not None]
        st.table(pd.DataFrame(rows).drop(columns=["Judge", "Saw it first"]), hide_index=True, border="horizontal")


def _again_part(found: Sequence[Retest]) -> None:
    st.markdown("**Asked again after a week**")
    st.caption("Some responses come back to the same expert. The share of answers that were the same both times.")
    if not found:
        _too_few("have answered a response again that came back to them")
        return
    frame = pd.DataFrame([_again_row(one) for one in found if one.expert is None])
    st.table(frame, hide_index=True, border="horizontal")
    st.caption(
        "Beyond chance is Cohen's kappa: 1 is always the same, 0 is no better than guessing. It is not defined where "
        "all answers are alike."
    )
    frame_button(frame, file_name="asked-again.csv", key="second-looks-again-csv")
    with st.expander("Each expert", icon=":material/group:"):
        st.caption(_ABOUT)
        rows = [_again_row(one) for one in found if one.expert is not None]
        st.table(pd.DataFrame(rows), hide_index=True, border="horizontal")


def _others(is_one_of_several: bool) -> str:
    if not is_one_of_several:
        return ""
    return "Experts see the scores of all judges at once, so a change to this one's may follow another. "


def _too_few(what: str) -> None:
    st.info(
        f"Shown once {LEAST_PEOPLE} experts or more {what}: of fewer, it would say who somebody is.",
        icon=":material/group_off:",
    )


def _moved_row(one: Anchoring, judge: str) -> dict[str, str]:
    return _who(one.expert) | {
        "Dimension": RUBRIC[one.dimension].title,
        "Answers": f"{one.shown:,}",
        "Not as the judge": f"{one.opportunities:,}",
        "Changed": f"{one.revised:,}",
        "To the judge": f"{one.towards:,}",
        "Away from it": f"{one.away:,}",
        "Of changes, to the judge": share_words(one.rate),
        "Of those not as the judge, moved to it": share_words(one.rate_of_differing),
        "Saw it first": "" if one.unblinded is None else f"{one.unblinded:,}",
        "Judge": judge,
    }


def _again_row(one: Retest) -> dict[str, str]:
    return _who(one.expert) | {
        "Dimension": RUBRIC[one.dimension].title,
        "Answered twice": f"{one.same.n:,}",
        "The same": share_words(one.same),
        "Beyond chance": _kappa_words(one.kappa),
        "Could not say": f"{one.unsaid:,}",
    }


def _who(letter: str | None) -> dict[str, str]:
    return {} if letter is None else {"Expert": letter}


def share_words(found: Statistic) -> str:
    """Return a share such as "62 % (51 to 72, n 84)"; without an interval its n only, and why."""
    if found.value is None or not found.n:
        return "none"
    if found.low is None or found.high is None:
        return f"n {found.n:,}, too few to say"
    return f"{found.value * 100:.0f} % ({found.low * 100:.0f} to {found.high * 100:.0f}, n {found.n:,})"


def _kappa_words(found: Statistic) -> str:
    if found.value is None:
        return "not defined: all answers alike" if found.n else "none"
    if found.low is None or found.high is None:
        return "too few to say"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})".replace("-", "−")
