"""One item with everything that is known about it, and its responses."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.benchmark.countries import LANGUAGE_NAMES
from core.benchmark.item_views import ItemDetails
from core.models import Item
from core.responses.views import ResponseView
from core.rubric import DOMAIN_TITLES
from pages.components.address import put_in_address
from pages.components.errata.item_errata import item_errata
from pages.components.item_words import SPLIT_MEANINGS, SUBSET_TITLES, WARNING_MEANINGS, WARNING_TITLES, wording_title
from pages.components.leaving import leave_for
from pages.components.pages import page_in_address, page_switch
from pages.components.picture import item_picture
from pages.components.plain import plain
from pages.components.reading import reading_text
from pages.components.response_card import response_scores, response_state, response_text, response_title

RESPONSES_A_PAGE = 6


Chosen = Callable[[Sequence[ResponseView]], Sequence[ResponseView]]


def item_view(details: ItemDetails, responses: Sequence[ResponseView], *, choose: Chosen | None = None) -> None:
    """Draw picture and sources left, the question with norm and facts right, the responses below.

    `choose` draws over them what they are chosen by, and returns those to show.
    """
    item = details.item
    left, right = st.columns([4.2, 6], gap="medium")
    with left:
        item_picture(item, large=True, key="item-picture")
        _sources(details)
    with right:
        reading_text(item.query, language=item.language, look="big", key="item-query")
        _siblings(details)
        _actions(item, responses)
        if not details.is_passed:
            st.badge("waits for a second person: not used yet", icon=":material/hourglass_empty:", color="yellow")
        _norm(item)
        item_errata(item, details.errata)
        _facts(details)
        _warnings(details)
    _responses(item, responses, choose)
    with st.expander("The record as it was imported", icon=":material/data_object:", type="compact"):
        st.json(item.raw, expanded=1)


def _siblings(details: ItemDetails) -> None:
    if not details.siblings:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(f"{wording_title(details.item.wording)}. Others:", width="content")
        for sibling in details.siblings:
            language = LANGUAGE_NAMES.get(sibling.language, sibling.language)
            title = wording_title(sibling.wording)
            st.button(
                f"{title} ({plain(language)})" if sibling.wording == "translation" else title,
                type="tertiary",
                key=f"sibling-{sibling.wording}-{sibling.id}",
                on_click=put_in_address,
                kwargs={"item": sibling.id},
            )


def _actions(item: Item, responses: Sequence[ResponseView]) -> None:
    readable = [response for response in responses if response.is_readable]
    left = [response for response in responses if response.is_left_to_label]
    with st.container(horizontal=True, gap="small"):
        if left and st.button(
            "Validate its responses", type="primary", icon=":material/fact_check:", key="go-validate"
        ):
            leave_for("validate", {"item": [item.id]})
        if len(readable) > 1 and st.button("Compare responses", icon=":material/view_column_2:", key="go-compare"):
            leave_for("compare", {"item": [item.id]})


def _norm(item: Item) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(":small[:gray[The norm]]")
        if not item.norm:
            st.markdown("The record holds no norm, so this item is never judged.")
            return
        reading_text(item.norm, key="item-norm")
        if item.norm_background:
            reading_text(item.norm_background, look="small", key="item-background")
        if reviewed := item.raw.get("review_status"):
            st.caption(plain(str(reviewed)[:200]))


def _facts(details: ItemDetails) -> None:
    item = details.item
    language = LANGUAGE_NAMES.get(item.language, item.language)
    shared = f"{details.family_size} items share it" if details.family_size > 1 else "this item alone"
    domain = DOMAIN_TITLES.get(item.domain or "", "unknown: the record does not say")
    told = {"rule": " (told by a rule)", "expert": " (told by an expert)"}.get(item.domain_origin or "", "")
    facts = [
        ("Country", plain(item.country or "unknown")),
        ("Region or group", plain(item.region or "none named")),
        ("Domain", domain + told),
        ("Language", plain(language)),
        ("Part of CROSS", SUBSET_TITLES.get(item.subset, plain(item.subset))),
        ("Family", shared),
    ]
    with st.container(gap="small"):
        for place in range(0, len(facts), 3):
            for column, (title, words) in zip(st.columns(3), facts[place : place + 3], strict=True):
                column.markdown(f":small[:gray[{title}]]  \n{words}")
        st.caption(SPLIT_MEANINGS[item.split])


def _warnings(details: ItemDetails) -> None:
    for warning in details.warnings:
        title = WARNING_TITLES.get(warning.code, plain(warning.code))
        detail = f"  \n:small[:gray[{plain(warning.detail)}]]" if warning.detail else ""
        meaning = WARNING_MEANINGS.get(warning.code, "")
        st.markdown(f":yellow[:material/warning:] **{title}.** {meaning}{detail}")


def _sources(details: ItemDetails) -> None:
    item, image = details.item, details.image
    lines = [f"Item {plain(item.id)}"]
    if image:
        lines.append(f"Picture: {image.width} x {image.height} pixels")
    if item.image_note and item.image_status != "ok":
        lines.append(f"Picture: {plain(item.image_note)}")
    if source := item.raw.get("image_source"):
        lines.append(f"Source of the picture: {plain(str(source)[:300])}")
    if item.subset in ("casa", "safeworld"):
        lines.append("Licence unknown: CROSS carries no licence text. Use it for your review, and do not pass it on.")
    st.caption("  \n".join(lines))


def _responses(item: Item, responses: Sequence[ResponseView], choose: Chosen | None) -> None:
    st.subheader(f"Responses · {len(responses)}" if responses else "Responses", anchor=False)
    if not responses:
        st.markdown("No model has answered this item yet. Responses come in under Import.")
        return
    chosen = choose(responses) if choose else responses
    pages = -(-len(chosen) // RESPONSES_A_PAGE)
    page = page_in_address(pages, name="responses")
    shown = chosen[(page - 1) * RESPONSES_A_PAGE : page * RESPONSES_A_PAGE]
    for place in range(0, len(shown), 2):
        for column, response in zip(st.columns(2, gap="small"), shown[place : place + 2], strict=False):
            with column, st.container(border=True, gap="small", height="stretch"):
                _response(item, response)
    page_switch(pages, name="responses")


def _response(item: Item, response: ResponseView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{response_title(response)}**", width="content")
        response_state(response)
    with st.container(height=260 if len(response.text) > 500 else "content", border=False):
        response_text(response, language=item.language, key=f"text-{response.letter}")
    response_scores(response, key=f"response-{response.letter}")
