"""The form of an item that somebody here writes; a problem, or leaving the page, keeps what was typed."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.benchmark.images import MAX_BYTES
from core.benchmark.own_drafts import LONGEST_LINE, LONGEST_TEXT, OWN_LANGUAGES, OwnDraft, checked_draft
from core.benchmark.own_pictures import picture_preview
from core.errors import UserError
from core.rubric import DOMAIN_TITLES
from core.words import counted
from pages.components.own_items.own_face import own_face
from pages.components.own_items.own_problems import problems_of
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown

_PICTURES = ["jpg", "jpeg", "png", "webp", "gif", "bmp"]
_LICENCES = {
    "CC BY 4.0": "CC BY 4.0: anybody may use it who names me",
    "CC BY-SA 4.0": "CC BY-SA 4.0: the same, and what is made of it is shared alike",
    "CC0 1.0": "CC0 1.0: anybody may use it, without conditions",
}
_ANOTHER = "another"


def own_form(
    name: str, held: OwnDraft, *, places: Sequence[str], any_place: bool, changes: bool
) -> tuple[OwnDraft, bytes | None, bool]:
    """Draw the form.

    Args:
        name: of this form: an item's base id, or "new".
        held: what stands in it at first.
        places: countries to choose from.
        any_place: whether another one may be typed.
        changes: whether a stored item is changed: its language stays, its picture may.

    Returns:
        (what was typed, the file if one was chosen, whether it is to be sent).
    """
    held = _begun_with(name, held)
    # Under the button it would be below the edge of the screen.
    told = st.container()
    left, right = st.columns([1, 1.6], gap="medium")
    with left, st.container(gap="small"):
        content = _picture(name, changes)
        draft = _about_picture(name, held)
    with right, st.container(gap="small"):
        draft = _about_norm(name, draft, places, any_place=any_place, changes=changes)
    st.session_state[_key(name, "kept")] = draft
    return draft, content, _send(name, draft, content, changes, told)


def form_id_of(name: str, kept: str = "") -> str:
    """Return the number of this form, the same until it is sent: `kept` where it began in another window."""
    return st.session_state.setdefault(_key(name, "form"), kept or uuid.uuid4().hex)


def is_begun(name: str) -> bool:
    """Return whether this window has drawn the form before."""
    return _key(name, "begun") in st.session_state


def start_anew(name: str) -> None:
    """Forget what stands in a form."""
    for key in [key for key in st.session_state if str(key).startswith(_key(name, ""))]:
        del st.session_state[key]


def _key(name: str, field: str) -> str:
    return f"own-{name}-{field}"


def _text(name: str, field: str, title: str, held: str, *, height: int = 100) -> str:
    return st.text_area(title, held, max_chars=LONGEST_TEXT, height=height, key=_key(name, field))


def _begun_with(name: str, held: OwnDraft) -> OwnDraft:
    """Return what the fields begin with: what was typed, where the page was left in between."""
    # Streamlit forgets fields that are not drawn. While they are, what they began with must not change.
    if _key(name, "norm") not in st.session_state:
        st.session_state[_key(name, "begun")] = st.session_state.get(_key(name, "kept"), held)
    return st.session_state[_key(name, "begun")]


def _picture(name: str, changes: bool) -> bytes | None:
    title = "Another picture, if it is to change" if changes else "Picture"
    kept = _key(name, "kept-picture")

    def forget() -> None:
        st.session_state.pop(kept, None)

    file = st.file_uploader(
        title, type=_PICTURES, max_upload_size=MAX_BYTES // 2**20, key=_key(name, "picture"), on_change=forget
    )
    content: bytes | None = file.getvalue() if file else st.session_state.get(kept)
    if content is None:
        return None
    try:
        st.image(picture_preview(content), width=220)
    except UserError as error:
        st.error(plain(error), icon=":material/error:")
        return None
    st.session_state[kept] = content
    if file is None:
        st.button("Take this picture away", type="tertiary", key=_key(name, "picture-away"), on_click=forget)
    return content


def _about_picture(name: str, held: OwnDraft) -> OwnDraft:
    words = "What the picture shows, for people who cannot see it"
    alt = _text(name, "image_alt", words, held.image_alt, height=80)
    licence = _licence(name, held.licence)
    share = st.checkbox("I took this picture, or I may share it", held.may_share, key=_key(name, "share"))
    st.caption("No faces of people who did not agree. Where it was taken is removed from the file.")
    return replace(held, image_alt=alt, licence=licence, may_share=share)


def _licence(name: str, held: str) -> str:
    options = [*_LICENCES, _ANOTHER]
    chosen = st.selectbox(
        "Licence of the picture: what others may do with it",
        options,
        index=options.index(held if held in _LICENCES else _ANOTHER) if held else None,
        format_func=lambda licence: _LICENCES.get(licence, "Another one"),
        placeholder="Choose one",
        key=_key(name, "licence"),
    )
    if chosen != _ANOTHER:
        return chosen or ""
    words = "Which licence?"
    typed = "" if held in _LICENCES else held
    return st.text_input(words, typed, max_chars=LONGEST_LINE, key=_key(name, "licence-words")) or ""


def _about_norm(name: str, held: OwnDraft, places: Sequence[str], *, any_place: bool, changes: bool) -> OwnDraft:
    country, language, region, domain = _place(name, held, places, any_place=any_place, changes=changes)
    query = ""
    if language != "en":
        words = f"The question in {OWN_LANGUAGES.get(language, 'its language')}, as somebody there would ask it"
        query = _text(name, "query", words, held.query)
    english = _text(name, "query_english", "The question in English", held.query_english)
    norm = _text(name, "norm", "The norm: what one does or avoids there", held.norm)
    words = "Background: where it comes from, who keeps it (if you like)"
    background = _text(name, "norm_background", words, held.norm_background, height=80)
    return replace(
        held,
        country=country,
        language=language,
        query=query,
        query_english=english,
        norm=norm,
        norm_background=background,
        domain=domain,
        region=region,
    )


def _place(
    name: str, held: OwnDraft, places: Sequence[str], *, any_place: bool, changes: bool
) -> tuple[str, str, str, str | None]:
    """Ask for country, language, region and domain."""
    first, second = st.columns(2)
    with first:
        country = _country(name, held.country, places, any_place=any_place)
    codes = list(OWN_LANGUAGES)
    language = second.selectbox(
        "Its language",
        codes,
        index=codes.index(held.language),
        format_func=OWN_LANGUAGES.__getitem__,
        disabled=changes,
        key=_key(name, "language"),
    )
    region = st.text_input(
        "Region or group (if it matters)", held.region, max_chars=LONGEST_LINE, key=_key(name, "region")
    )
    domain = st.pills(
        "Domain",
        list(DOMAIN_TITLES),
        default=held.domain,
        format_func=DOMAIN_TITLES.__getitem__,
        key=_key(name, "domain"),
    )
    return country, language, region, domain


def _country(name: str, held: str, places: Sequence[str], *, any_place: bool) -> str:
    options = list(dict.fromkeys([*places, *([held] if held else [])]))
    chosen = st.selectbox(
        "Country",
        options,
        index=options.index(held) if held else 0 if len(options) == 1 else None,
        format_func=visible,
        accept_new_options=any_place,
        placeholder="Choose or type one" if any_place else "Choose one",
        key=_key(name, "country"),
    )
    return chosen or ""


def _send(name: str, draft: OwnDraft, content: bytes | None, changes: bool, told: DeltaGenerator) -> bool:
    """Draw the buttons and, on wish, the item as experts will see it."""
    looks = st.toggle("Look at it as experts will see it", key=_key(name, "looks"))
    if looks:
        with user_errors_shown(), st.container(border=True):
            own_face(checked_draft(draft), lambda: _uploaded(content, changes), key=_key(name, "face"))
    words = "Send it again" if changes else "Propose this item"
    if not st.button(words, type="primary", icon=":material/send:", key=_key(name, "send")):
        return False
    problems = problems_of(draft, content, changes)
    if problems:
        lines = "\n".join(f"- {plain(problem)}" for problem in problems)
        told.error(f"Before it can be sent:\n{lines}", icon=":material/error:")
        st.toast(f"Not sent yet: {counted(len(problems), 'thing')} to mend, named at the top.")
    return not problems


def _uploaded(content: bytes | None, changes: bool) -> None:
    if content:
        st.image(picture_preview(content))
    else:
        st.caption("The picture stays as it is." if changes else "No picture yet.")
