"""What the page is about: one rater, one model, and which responses; the address is the only truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from core.measures.score_filter import WITH_PICTURE, ScoreFilter, entries_left_out, filter_from_address
from core.measures.scores import known_choices, what_counts
from core.models import Person
from core.rubric import RESPONSE_SETTINGS


@dataclass(frozen=True)
class Choice:
    """A filter over all models, the model chosen among those the rater has scored, and what else there is.

    Without a model the rater has scored nothing that fits. `left_out` are the entries of the address, by name, that
    are not in force: others stand in their place, and that has to be said.
    """

    over_all: ScoreFilter
    model: str | None
    models: tuple[str, ...]
    judges: tuple[str, ...]
    settings: tuple[str, ...]
    splits: tuple[str, ...]
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def wanted(self) -> ScoreFilter:
        """Return the filter of the chosen model."""
        return replace(self.over_all, models=(self.model,)) if self.model is not None else self.over_all

    @property
    def rater_words(self) -> str:
        """Return whose scores these are; a judge's name is text from data."""
        return f"scores by judge {self.over_all.judge}" if self.over_all.judge else "blind labels by experts"


def choice_here(session: Session, *, person: Person, given: Mapping[str, Sequence[str]]) -> Choice | None:
    """Return what the address asks for, completed where it leaves something open; None where nobody scored anything.

    Raises:
        UserError: an expert asks.
    """
    known = known_choices(session, person=person)
    judges = tuple(str(name) for name in known["judges"])
    asked = filter_from_address(given, known)
    setting = () if set(asked.settings) == set(WITH_PICTURE) else asked.settings[:1]
    asked = replace(asked, settings=setting, splits=asked.splits[:1], judge="" if asked.experts else asked.judge)
    if not asked.rater:
        rater = _first_rater(session, person, judges)
        if rater is None:
            return None
        asked = replace(asked, judge=rater.judge, experts=rater.experts)
    models = what_counts(session, person=person, wanted=replace(asked, models=())).models
    named = next((name for name in asked.models if name in models), None)
    settings, splits = (tuple(str(entry) for entry in known[name]) for name in ("settings", "splits"))
    model = named or next(iter(models), None)
    in_force = replace(asked, models=asked.models if model is None else (model,))
    left_out = entries_left_out(given, in_force)
    return Choice(replace(asked, models=()), model, models, judges, settings, splits, left_out)


def has_scored(session: Session, *, person: Person, wanted: ScoreFilter) -> bool:
    """Return whether the rater of a filter has scored anything at all.

    Raises:
        UserError: an expert asks.
    """
    everything = ScoreFilter(judge=wanted.judge, experts=wanted.experts, settings=RESPONSE_SETTINGS)
    return what_counts(session, person=person, wanted=everything).responses > 0


def _first_rater(session: Session, person: Person, judges: Sequence[str]) -> ScoreFilter | None:
    """Return the first judge that has scored anything, else the experts, as a filter."""
    raters = (*(ScoreFilter(judge=name) for name in judges), ScoreFilter(experts=True))
    return next((one for one in raters if has_scored(session, person=person, wanted=one)), None)
