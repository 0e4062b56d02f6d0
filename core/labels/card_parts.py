"""What the Validate screen shows of one response: a card and its parts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One wording of a question as shown; `machine` marks a translation that a machine made."""

    text: str
    language: str
    is_translation: bool
    machine: bool


@dataclass(frozen=True)
class Answer:
    """A person's decision that stands: choice is yes, no or cant_say."""

    choice: str
    phase: str
    reason: str | None
    form_id: str
    confidence: int | None = None


@dataclass(frozen=True)
class JudgementView:
    """A judge's view of one dimension; score None is not scored."""

    score: int | None
    status: str
    reason: str | None


@dataclass(frozen=True)
class JudgeView:
    """One judge's judgements by dimension; judges, rounds and prompt versions are never mixed."""

    judge: str
    prompt_version: str
    judge_round: int
    judgements: dict[str, JudgementView]


@dataclass(frozen=True)
class Revealed:
    """What is kept back until the four answers are locked."""

    model: str
    setting: str
    round: int
    judges: list[JudgeView]


@dataclass(frozen=True)
class Phrase:
    """Words of the response this person marked, by their places in code points; `form_id` names the mark."""

    form_id: str
    begins: int
    ends: int


@dataclass(frozen=True)
class Card:
    """All that the screen shows of one response; `handle` names it to the browser, never its id."""

    position: int
    handle: int
    country: str | None
    region: str | None
    norm: str
    background: str | None
    question: Question
    other_question: Question | None
    image_sha256: str | None
    image_alt: str
    image_note: str | None
    text: str
    answers: dict[str, Answer]
    note: str
    phrases: list[Phrase]
    errata: list[str]
    put_aside: bool
    locked: bool
    revealed: Revealed | None


@dataclass(frozen=True)
class Decision:
    """A decision that can be undone or, once locked, revised."""

    position: int
    handle: int
    dimension: str
