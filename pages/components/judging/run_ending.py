"""How a run ended: why it did not come to its end and what to do, what holds no score, and what follows."""

import streamlit as st

from core.judging.unreadable import RunScores
from core.judging.watching import WatchedRun
from core.rubric import JudgementStatus
from core.words import counted
from pages.components.address import put_in_address
from pages.components.judging.reasons import reason_of
from pages.components.plain import plain

_UNSCORED_WORDS: dict[JudgementStatus, str] = {
    "unreadable": "{scores} could not be read: read them",
    "refused": "{scores} refused by the judge: look at them",
    "failed": "{scores} missing since calls failed: look at them",
}


def what_now(watched: WatchedRun, reason: str) -> None:
    """Say why a run did not come to its end, and what to do about it."""
    if watched.is_out_of_budget:
        if watched.has_budget_left:
            st.info("The budget has room again: resume this run.", icon=":material/savings:")
            return
        early = " A run stops while a little is left: the next call could cost more than that."
        st.warning(
            "The budget is used up. Raise it and resume, or leave it at that: what has come stays."
            f"{early if watched.run.budget_usd is not None else ''}",
            icon=":material/savings:",
        )
        return
    # By the words of the reason: the counts keep failures that were mended long ago.
    words = reason_of(reason, variable=watched.run.api_key_env)
    said = f"  \n:small[The endpoint's own words: {plain(words.said)}]" if words.said else ""
    st.error(f"{words.what} {words.now}{said}", icon=":material/error:")


def what_next(watched: WatchedRun, scores: RunScores | None) -> None:
    """Offer what follows on a run that has ended: what holds no score is to read, whether it is done or not.

    Args:
        watched: the run.
        scores: what the replies of a judge came to; None where responses were collected.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for status, count in scores.to_read.items() if scores else ():
            if count:
                st.button(
                    _UNSCORED_WORDS[status].format(scores=counted(count, "score")),
                    icon=":material/help:",
                    key=f"to-read-{status}",
                    on_click=put_in_address,
                    kwargs={"part": "replies", "run": None, "page": None, "status": status, "judge": watched.name},
                )
        if watched.job.state == "done":
            _on(watched)


def _on(watched: WatchedRun) -> None:
    if watched.judge:
        st.page_link("pages/browse.py", label="See the scores in Browse", icon=":material/grid_view:")
        return
    st.button(
        "Judge these responses",
        type="primary",
        icon=":material/gavel:",
        key="judge-these",
        on_click=put_in_address,
        kwargs={"part": "judge", "run": None, "of": watched.name},
    )
    st.page_link("pages/browse.py", label="Read them in Browse", icon=":material/grid_view:")
