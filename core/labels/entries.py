"""Messages of the browser -> entries that may be stored. Pure; the browser's input is hostile."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import UserError
from core.rubric import Dimension, ErratumKind

Choice = Literal["yes", "no", "cant_say", "undone"]
SCORES: dict[Choice, int | None] = {"yes": 1, "no": 0, "cant_say": None}

MAX_NOTE = 4000
MAX_REASON = 500
# More than an outage of a long session piles up; the rest travels again with the next message.
MAX_ENTRIES = 400
# So many changes of mind on one response; each is kept for good.
MAX_OF_A_RESPONSE = 40

# What the id of an undoing ends with; it begins with the id of what is undone.
UNDONE = "-undone"

_FormId = Annotated[str, Field(pattern=rf"^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}({UNDONE})?$")]
# 0 is no response: it stands for a place that is in none of the person's sessions.
_RowId = Annotated[int, Field(ge=0, lt=2**63)]
_Milliseconds = Annotated[int, Field(ge=0, lt=2**53)]


def said(score: int | None, cant_say: bool) -> str:
    """Return a decision in words: "yes", "no" or "can't say"."""
    return "can't say" if cant_say else "yes" if score else "no"


def _without_nul(text: str) -> str:
    """Return a text that PostgreSQL stores too."""
    return text.replace("\0", "")


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    form_id: _FormId
    response: _RowId
    # The session of the place that was answered; 0 where none is named: then the newest that holds the response.
    session: _RowId = 0


class AnswerEntry(_Entry):
    """One decision on one dimension, or its undoing. Times are milliseconds since 1970, by the server's clock."""

    kind: Literal["answer"]
    dimension: Dimension
    choice: Choice
    reason: Annotated[str, Field(max_length=MAX_REASON), AfterValidator(_without_nul)] = ""
    language_shown: Annotated[str, Field(max_length=40), AfterValidator(_without_nul)] = ""
    translation_shown: bool = False
    confidence: Annotated[int, Field(ge=1, le=3)] | None = None
    # The answer this one takes the place of, as the browser knows it; "" for none. Another one was given elsewhere.
    replaces: Annotated[str, Field(max_length=36 + len(UNDONE))] | None = None
    opened_at: _Milliseconds | None = None
    first_key_at: _Milliseconds | None = None


class ReasonEntry(_Entry):
    """Why a label was revised, written after it was stored; `form_id` names this entry, `label` the label's."""

    kind: Literal["reason"]
    label: _FormId
    text: Annotated[str, Field(min_length=1, max_length=MAX_REASON), AfterValidator(_without_nul)]


class NoteEntry(_Entry):
    """What an expert wrote beside a response."""

    kind: Literal["note"]
    text: Annotated[str, Field(max_length=MAX_NOTE), AfterValidator(_without_nul)]


class ConfidenceEntry(_Entry):
    """How sure an expert is of the answers given to a response: 1 unsure, 2 fairly sure, 3 sure."""

    kind: Literal["confidence"]
    level: Annotated[int, Field(ge=1, le=3)]


class PhraseEntry(_Entry):
    """Words of the response marked as offending, by their places in code points; or the mark taken away."""

    kind: Literal["phrase"]
    begins: Annotated[int, Field(ge=0, lt=2**31)]
    ends: Annotated[int, Field(ge=1, lt=2**31)]
    removed: bool = False


class SkipEntry(_Entry):
    """A response put aside, for later or for others; or taken back."""

    kind: Literal["skip"]
    how: Literal["later", "not_for_me", "back"]
    reason: Annotated[str, Field(max_length=MAX_REASON), AfterValidator(_without_nul)] = ""


class ErratumEntry(_Entry):
    """What is wrong with the item, seen while labelling."""

    kind: Literal["erratum"]
    fault: ErratumKind
    proposed: Annotated[str, Field(max_length=MAX_NOTE), AfterValidator(_without_nul)] = ""
    reason: Annotated[str, Field(max_length=MAX_REASON), AfterValidator(_without_nul)] = ""


Entry = AnswerEntry | ReasonEntry | NoteEntry | ConfidenceEntry | PhraseEntry | SkipEntry | ErratumEntry
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])
_FORM_ID: TypeAdapter[str] = TypeAdapter(_FormId)


def read_entry(raw: object) -> Entry:
    """Return one entry of a message.

    Raises:
        UserError: it is not shaped as an entry, or one of its texts is too long.
    """
    try:
        return _ENTRY.validate_python(raw)
    except ValidationError as error:
        if any(problem["type"] == "string_too_long" for problem in error.errors(include_url=False)):
            raise UserError(
                f"The text is too long: notes hold {MAX_NOTE:,} characters, reasons {MAX_REASON}. Shorten it."
            ) from error
        raise UserError("The page sent something that is not an answer. Load the page again.") from error


def form_id_of(raw: object) -> str | None:
    """Return the id by which an entry can be named to the browser; None when it has no well-formed one."""
    try:
        return _FORM_ID.validate_python(raw.get("form_id") if isinstance(raw, dict) else None)
    except ValidationError:
        return None
