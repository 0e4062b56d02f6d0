"""What a report is made of: sections of words and grids, ready to be drawn. All texts are raw; drawing escapes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# A scaled field has a colour, one of few says too little or is kept back, a plain one is a number or words.
Look = Literal["scaled", "few", "plain"]
# An odd number, so that 49 and 51 have the colour of the middle.
STEPS = 21


@dataclass(frozen=True)
class Field:
    """One field of a grid: a number in words, what it rests on, and for scaled ones the colour, from 0 to 20."""

    value: str
    lines: tuple[str, ...] = ()
    look: Look = "plain"
    step: int = 0


@dataclass(frozen=True)
class Row:
    """One line of a grid: its name, and a field for each column; an `is_aside` one is no part of the rest."""

    name: str
    fields: tuple[Field, ...]
    is_aside: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: what it shows, what its names are, its columns and rows; `is_narrow` ones may stand side by side."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    is_narrow: bool = False


@dataclass(frozen=True)
class Section:
    """One part of the report; `anchor` is its place in the file. Without grids its words say what is missing."""

    anchor: str
    title: str
    words: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One thing to know about the report, by its name."""

    name: str
    words: str


@dataclass(frozen=True)
class Report:
    """A whole report. `notices` are what a reader has to know before any number, `missing` what there is none of."""

    workspace: str
    made_at: datetime
    facts: tuple[Fact, ...]
    notices: tuple[str, ...]
    missing: tuple[str, ...]
    sections: tuple[Section, ...]
    methods: tuple[Fact, ...]
    versions: tuple[Fact, ...]
