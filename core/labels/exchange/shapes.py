"""What goes between this workspace and a file of labels, whatever its format. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

LabelFormat = Literal["jsonl", "csv", "label-studio", "argilla"]
LABEL_FORMATS: tuple[LabelFormat, ...] = get_args(LabelFormat)
SUFFIXES: dict[LabelFormat, str] = {"jsonl": "jsonl", "csv": "csv", "label-studio": "json", "argilla": "jsonl"}
# These name the models, and other tools' formats hold the judge's scores too.
NAMES_MODELS: tuple[LabelFormat, ...] = ("csv", "label-studio", "argilla")

Answer = Literal["yes", "no", "cant_say"]
ANSWER_TITLES: dict[Answer, str] = {"yes": "Yes", "no": "No", "cant_say": "Can't say"}
SCORE_OF: dict[Answer, int | None] = {"yes": 1, "no": 0, "cant_say": None}


@dataclass(frozen=True)
class LabelRecord:
    """One label with the names an export needs.

    `superseded`: the same expert decided the same dimension anew later, or took the decision back. `locked`: all four
    answers to the response are given; labels of a response that is not are unfinished. `pool`: how the expert knows
    the item's country; labels from outside are kept apart.
    """

    item_id: str
    response_id: int
    dimension: str
    person_id: int
    expert: str
    phase: str
    score: int | None
    cant_say: bool
    confidence: int | None
    reason: str | None
    language_shown: str
    translation_shown: bool
    inclusion_probability: float | None
    opened_at: datetime | None
    submitted_at: datetime
    superseded: bool
    locked: bool
    pool: str

    @property
    def answer(self) -> Answer:
        """The decision as one word."""
        return "cant_say" if self.cant_say else "yes" if self.score else "no"


@dataclass(frozen=True)
class JudgeScore:
    """One judge's score of one dimension, None where it could not be read; `version` is the judge and its prompt."""

    version: str
    dimension: str
    score: int | None


@dataclass(frozen=True)
class Task:
    """One response as another tool shows it, with its labels in the order they were saved, and its judges' scores."""

    response_id: int
    item_id: str
    response_model: str
    setting: str
    response_round: int
    country: str | None
    language: str
    question: str
    norm: str | None
    text: str
    image: str | None
    labels: Sequence[LabelRecord]
    judge_scores: Sequence[JudgeScore]

    @property
    def experts(self) -> dict[str, list[LabelRecord]]:
        """The labels of each expert, by the name the export gives them."""
        held: dict[str, list[LabelRecord]] = {}
        for label in self.labels:
            held.setdefault(label.expert, []).append(label)
        return held


@dataclass(frozen=True)
class Target:
    """Which response a label of a file is about, as far as the file says."""

    response_id: int | None = None
    item_id: str | None = None
    model: str | None = None
    setting: str | None = None
    round: int | None = None
    text_sha256: bytes | None = None


@dataclass(frozen=True)
class LabelEntry:
    """One label as a file says it; `row` is its line, row or task there. `pool` and `submitted_at` may be missing."""

    row: int
    target: Target
    expert: str
    dimension: str
    phase: str
    answer: Answer
    confidence: int | None
    pool: str | None
    reason: str | None
    language_shown: str | None
    translation_shown: bool
    inclusion_probability: float | None
    opened_at: datetime | None
    submitted_at: datetime | None
    superseded: bool
