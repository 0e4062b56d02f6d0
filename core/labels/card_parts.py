"""What the Validate screen shows of one response: a card and its parts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One wording of a question as shown; `machine` marks a translation that a machine made.

    `came` is how it reads in the benchmark, where it is shown as an accepted correction has it.
    """

    text: str
    language: str
    is_translation: bool
    machine: bool
    came: str | None = None


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
    """What is kept back until the four answers are locked.

    Never the model's name: its style could be learnt for the responses to come.
    """

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
class Written:
    """One version of this person's note; another window may have written it."""

    form_id: str
    text: str


@dataclass(frozen=True)
class Card:
    """All that the screen shows of one response; `handle` names it to the browser, never its id.

    `norm_came` is the norm as it reads in the benchmark, where an accepted correction stands in its place; a `norm`
    that was then found not to hold at all is empty.
    """

    position: int
    handle: int
    country: str | None
    region: str | None
    norm: str
    norm_came: str | None
    background: str | None
    question: Question
    other_question: Question | None
    image_sha256: str | None
    image_alt: str
    image_note: str | None
    text: str
    answers: dict[str, Answer]
    note: str
    notes: list[Written]
    phrases: list[Phrase]
    errata: list[str]
    put_aside: bool
    locked: bool
    revealed: Revealed | None


@dataclass(frozen=True)
class Decision:
    """A decision that can be undone or, once locked, revised; `dimension` is None where the response was put aside.

    `before` is the choice it took the place of, None where there was none.
    """

    position: int
    handle: int
    dimension: str | None
    before: str | None
    form_id: str
