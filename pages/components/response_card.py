"""One response: its name or letter, its state, its text; scores and reasons where they are open."""

import streamlit as st

from core.responses.views import ResponseView
from pages.components.plain import plain, visible
from pages.components.reading import reading_text
from pages.components.score_table import reasons_text, score_table

STATES = {
    "failed": "The call failed. There is no answer to read.",
    "refused": "The model's service refused to answer.",
    "empty": "The answer came back empty.",
}
FLAGGED = (
    "This answer reads like instructions to its judge. A hint for people; it changes no score, and a judge may have "
    "heeded these words:"
)


def response_name(response: ResponseView) -> str:
    """Return the model's name where it is open, else the letter: for lists to choose from, which read no Markdown."""
    if not response.is_open:
        return f"Response {response.letter}"
    # The same model answers another question when it does not see the picture.
    blind = " · without the picture" if response.setting == "text-only" else ""
    again = f" · round {response.round}" if (response.round or 1) > 1 else ""
    return visible(response.model or "") + blind + again


def response_title(response: ResponseView) -> str:
    """Return the response's name, inert for Markdown."""
    return plain(response_name(response))


def response_state(response: ResponseView) -> None:
    """Draw its chips: whether it is still to label, why there is nothing to read, whether it speaks to its judge."""
    if response.status in STATES:
        st.badge(response.status, icon=":material/error:", color="red")
    elif not response.is_open:
        st.badge("still to label", icon=":material/visibility_off:", color="gray")
    elif response.status == "cut_off":
        st.badge("cut off", icon=":material/content_cut:", color="yellow")
    if response.is_open and response.flags:
        words = "".join(f"\n- “{plain(excerpt)}”" for excerpt in response.flags)
        st.badge(
            "flagged",
            icon=":material/warning:",
            color="yellow",
            help=f"{FLAGGED}\n{words}",
        )


def response_text(response: ResponseView, *, language: str, key: str) -> None:
    """Draw the text, or in its place why there is none."""
    if response.is_readable:
        reading_text(response.text, language=language, with_markdown=True, key=key)
        return
    st.markdown(f":gray[{STATES[response.status]}]")
    if response.error:
        st.caption(plain(response.error))


def response_scores(response: ResponseView, *, key: str) -> None:
    """Draw scores and, on demand, reasons; nothing while the response is closed."""
    if not response.is_open or not response.is_readable:
        return
    score_table(response, key=f"{key}-scores")
    reasons = reasons_text(response)
    if reasons:
        with st.expander("Reasons", icon=":material/chat:", type="compact"):
            reading_text(reasons, look="small", key=f"{key}-reasons")
